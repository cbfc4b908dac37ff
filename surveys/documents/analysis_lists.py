"""What stands behind the figures of a report in Excel: every figure with what it rests on and the
page that lists it, and every case that was deducted."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from cases.documents import blocks
from cases.documents.blocks import Cell, Linked
from cases.documents.workbook import Listed
from surveys.domain.reports.content import Figure, Report, Row, Table
from surveys.enums import Mark

# (table, row, column) of a figure, and where it is listed.
Places = dict[tuple[str, str, str], str]
DEDUCTIONS = "deductions"


def lists(report: Report) -> list[Listed]:
    found = [Listed("figures", figures_table(report))]
    cases = tuple(row for _key, row in cases_of(report))
    if cases:
        table = blocks.Table(
            (_("Case"), _("Deduction rule"), _("Entry"), _("Points of the entry")),
            cases, (1, 1, 1, 1), name=_("Cases behind deductions"),
        )  # fmt: skip
        found.append(Listed("cases", table))
    return found


def places(report: Report) -> Places:
    """Each figure leads to its line in the list of figures; a count of deducted cases to the
    first of these cases."""
    found: Places = {
        key: f"figures#{at}" for at, (key, _row) in enumerate(figures(report), start=1)
    }
    first: dict[str, int] = {}
    for at, (key, _row) in enumerate(cases_of(report), start=1):
        first.setdefault(key, at)
        first.setdefault(key.partition(":")[0], at)
    for row, at in first.items():
        if (DEDUCTIONS, row, "count") in found:
            found[DEDUCTIONS, row, "count"] = f"cases#{at}"
    return found


def page(link: str) -> str:
    """The address of a page of ours; anything else is none."""
    return f"{settings.SITE_URL}{link}" if link.startswith("/") else ""


# ---------------------------------------------------------------------------- figures
def figures_table(report: Report) -> blocks.Table:
    return blocks.Table(
        (
            _("Table"), _("Row"), _("Column"), _("Figure"), _("Forms"), _("From"), _("To"),
            _("Remarks"), _("List behind it"),
        ),
        tuple(row for _key, row in figures(report)),
        (1,) * 9,
        name=_("All figures"),
        note=_("Forms it rests on and its 95 % interval, where it has one."),
    )  # fmt: skip


def figures(report: Report) -> Iterator[tuple[tuple[str, str, str], tuple[Cell, ...]]]:
    for table in report.tables():
        for row in table.rows:
            for column, given in zip(table.columns, row.cells, strict=True):
                if isinstance(given, Figure) and given.value is not None:
                    yield (table.key, row.key, column.key), line(table, row, column.title.label,
                                                                 given)  # fmt: skip


def line(table: Table, row: Row, column: str, given: Figure) -> tuple[Cell, ...]:
    low, high = given.interval or (None, None)
    link = page(given.link)
    return (
        table.title.label,
        str(row.cells[0]),
        column,
        blocks.Figure(Decimal(given.value or 0), given.unit),
        "" if given.n is None else blocks.Figure(Decimal(given.n)),
        "" if low is None else blocks.Figure(Decimal(low)),
        "" if high is None else blocks.Figure(Decimal(high)),
        " · ".join(str(Mark(one).label) for one in given.marks),
        Linked(_("Open"), link) if link else "",
    )


# ---------------------------------------------------------------------------- cases
def cases_of(report: Report) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """(key of the row that names it, line) of each case in the table of deductions."""
    table = report.table(DEDUCTIONS)
    if table is None:
        return
    numbers, points = table.place("cases"), table.place("points")
    rule = ""
    for row in table.rows:
        if not row.level:
            rule = str(row.cells[0])
            continue
        given = row.cells[points]
        known = given.value if isinstance(given, Figure) else None
        taken: Cell = blocks.Figure(Decimal(known)) if known else ""
        for number in str(row.cells[numbers]).split():
            case = Linked(number, page(f"/cases/{number}/"))
            yield row.key, (case, rule, str(row.cells[0]), taken)
