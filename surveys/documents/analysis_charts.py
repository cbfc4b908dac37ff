"""The charts of a table of the report: some of its rows, as bars, columns or a waterfall."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from cases.documents import blocks, charts as drawing
from cases.documents.blocks import Series
from surveys.domain.reports.content import Chart, Figure, Row, Table

# Rows of a waterfall that stand for themselves; the others add or take away.
SUMS = ("gross", "floorless", "index")
# More lying bars than these do not fit a page.
MOST = {1: 32, 2: 20}
UNITS = {"percent": "%"}


def charts(table: Table) -> Iterator[blocks.Chart]:
    for chart in table.charts:
        if chart.kind == "waterfall":
            yield from waterfall(table, chart)
        else:
            yield from bars(table, chart)


def value(row: Row, place: int) -> Decimal | None:
    given = row.cells[place]
    if isinstance(given, Figure) and given.value is not None:
        return Decimal(given.value)
    return None


# ---------------------------------------------------------------------------- waterfall
def waterfall(table: Table, chart: Chart) -> Iterator[blocks.Chart]:
    label, place = table.place(chart.label), table.place(chart.values[0])
    found = {row.key: value(row, place) for row in table.rows}
    steps = [
        drawing.Step(str(row.cells[label]), amount, row.key in SUMS)
        for row in table.rows
        if (amount := found[row.key]) is not None
        # Nothing was cut at the floor: the index says the same.
        and (amount or row.key in SUMS)
        and not (row.key == "floorless" and amount == found.get("index"))
    ]
    if steps:
        names = (_("Sum"), _("Adds"), _("Takes away"))
        yield drawing.waterfall(table.title.label, steps, names, unit=_("Points"))


# ---------------------------------------------------------------------------- bars
def bars(table: Table, chart: Chart) -> Iterator[blocks.Chart]:
    """One chart for the rows, or one below each row of level 0 that has some."""
    for title, rows in groups(table, chart.level):
        places = [table.place(key) for key in chart.values]
        rows = [row for row in rows if value(row, places[0]) is not None]
        most = MOST.get(len(places), 12)
        if len(rows) > most:
            rows = sorted(rows, key=lambda row: value(row, places[0]) or 0)[:most]
            title = _("%(title)s: the lowest %(number)s") % {"title": title, "number": most}
        # One bar alone says no more than the table.
        if len(rows) > 1:
            yield one(table, chart, title, rows)


def groups(table: Table, level: int | None) -> Iterator[tuple[str, list[Row]]]:
    title = table.title.label
    if not level:
        yield title, [row for row in table.rows if level is None or row.level == level]
        return
    parent, found = title, list[Row]()
    for row in table.rows:
        if row.level == 0:
            yield parent, found
            parent, found = f"{title} · {row.cells[0]}", []
        elif row.level == level:
            found.append(row)
    yield parent, found


def one(table: Table, chart: Chart, title: str, rows: Sequence[Row]) -> blocks.Chart:
    label = table.place(chart.label)
    series = tuple(
        Series(
            table.columns[table.place(key)].title.label,
            tuple(value(row, table.place(key)) for row in rows),
        )
        for key in chart.values
    )
    # A period before of which nothing is known draws no bars and needs no name.
    series = tuple(one for one in series if any(v is not None for v in one.values))
    kind = table.columns[table.place(chart.values[0])].kind
    return blocks.Chart(
        "bars" if chart.kind == "bar" else "columns",
        title,
        tuple(str(row.cells[label]) for row in rows),
        series,
        UNITS.get(kind, ""),
        (chart.limit.title.label, Decimal(chart.limit.value)) if chart.limit else None,
    )
