"""Charts before they are drawn: scales, waterfalls, and rectangles for paper. Pure geometry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from cases.documents.blocks import Cell, Chart, Figure, Series, Table

ZERO = Decimal(0)
# The first colours differ in grey as well; a fall is hatched besides.
COLOURS = ("17457A", "B9CDE4", "6B96C6", "DFE4EA", "50657E", "93A1B3")
MANNERS = {"sum": "17457A", "rise": "8FB3DA", "fall": "A2471F"}
LINE = "A2471F"
LINES = ("17457A", "5F7F9F", "8A5A1F", "50657E")
# Lines differ by dash and mark, named as DrawingML does.
DASHES = (("solid", "circle"), ("dash", "square"), ("sysDot", "triangle"), ("dashDot", "diamond"))
# What files bear that are to be the same to the byte and know no moment of their own.
FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 -- a file's stamp, no moment
Manner = Literal["sum", "rise", "fall"]
# About as many steps as a scale has.
STEPS = 5
# A name this wide, a Chinese character counting for two, needs a wide column beside lying bars.
LONG = 32


# ---------------------------------------------------------------------------- scale
@dataclass(frozen=True)
class Scale:
    """Marks from `low` to `high`, `step` apart."""

    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def marks(self) -> list[Decimal]:
        return [self.low + self.step * turn for turn in range(self.count + 1)]

    @property
    def count(self) -> int:
        return int((self.high - self.low) / self.step)

    def place(self, value: Decimal) -> float:
        """From 0 at the low end to 1 at the high end."""
        return float((value - self.low) / (self.high - self.low))


def scale(chart: Chart) -> Scale:
    """Round numbers around all values. Bars stand on zero, a line need not."""
    values = list(reached(chart)) + ([chart.line[1]] if chart.line else [])
    low, high = min(values, default=ZERO), max(values, default=ZERO)
    if chart.kind != "line":
        low, high = min(low, ZERO), max(high, ZERO)
    if low == high:
        high += abs(high) or 1
    step = round_step(high - low)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return Scale(first * step, max(last, first + 1) * step, step)


def reached(chart: Chart) -> Iterable[Decimal]:
    """The ends of all bars or points."""
    if chart.kind != "stacked":
        return (value for one in chart.series for value in one.values if value is not None)
    return (end for place in range(len(chart.categories)) for end in ends(chart, place))


def ends(chart: Chart, place: int) -> tuple[Decimal, Decimal]:
    """How far a stack goes down and up."""
    values = [one.values[place] or ZERO for one in chart.series]
    return sum((v for v in values if v < 0), ZERO), sum((v for v in values if v > 0), ZERO)


def round_step(span: Decimal) -> Decimal:
    """1, 2, 5 or 10 times a power of ten, for about STEPS steps."""
    raw = span / STEPS
    power = Decimal(1).scaleb(raw.adjusted())
    return next(power * turn for turn in (1, 2, 5, 10) if power * turn >= raw)


# ---------------------------------------------------------------------------- waterfall
@dataclass(frozen=True)
class Step:
    """One column of a waterfall: what it adds, or the sum so far."""

    name: str
    value: Decimal
    is_sum: bool = False


def waterfall(
    title: str, steps: Sequence[Step], names: tuple[str, str, str], *, unit: str = ""
) -> Chart:
    """Steps as a stack that stands on an unseen part, so that Word and Excel can show it. `names`
    are those of sums, rises and falls. A step across zero has a part on either side."""
    unseen: list[Decimal | None] = []
    seen: dict[Manner, list[Decimal | None]] = {"sum": [], "rise": [], "fall": []}
    across: dict[Manner, list[Decimal | None]] = {"sum": [], "rise": [], "fall": []}
    at = ZERO
    for step in steps:
        start, at = (ZERO, step.value) if step.is_sum else (at, at + step.value)
        low, high = min(start, at), max(start, at)
        above, below = max(high, ZERO) - max(low, ZERO), min(low, ZERO) - min(high, ZERO)
        manner = "sum" if step.is_sum else "rise" if step.value >= 0 else "fall"
        unseen.append(max(low, ZERO) + min(high, ZERO))
        for key, values in seen.items():
            values.append((above or below) if key == manner else None)
            across[key].append(below if key == manner and above and below else None)
    series = [Series("", tuple(unseen), "hidden")]
    for key, name in zip(seen, names, strict=True):
        if any(value is not None for value in seen[key]):
            series.append(Series(name, tuple(seen[key]), key))
        if any(across[key]):
            series.append(Series(name, tuple(across[key]), key))
    return Chart("stacked", title, tuple(step.name for step in steps), tuple(series), unit)


# ---------------------------------------------------------------------------- drawing
def colour(series: Series, place: int) -> str:
    return MANNERS.get(series.manner) or COLOURS[place % len(COLOURS)]


def needs_legend(chart: Chart) -> bool:
    """A single series needs none: the title says what it is. A line across is named."""
    names = {one.name for one in chart.series if one.manner != "hidden"}
    return len(names) > 1 or chart.line is not None


def number_format(series: Series) -> str:
    """As many places as its values have, in the words of a spreadsheet."""
    shown = (value.as_tuple().exponent for value in series.values if value is not None)
    places = max((-one for one in shown if isinstance(one, int)), default=0)
    return "#,##0" + ("." + "0" * places if places > 0 else "")


def label(value: Decimal) -> str:
    return f"{value:,f}".replace("-", "\N{MINUS SIGN}")


def mark(value: Decimal) -> str:
    """A number at the scale: without zeros that say nothing."""
    return label(value.normalize() + 0 if value else ZERO)


def drawn(chart: Chart) -> dict[str, object]:
    """Everything in parts of the plot, for a template that only multiplies."""
    sizes = scale(chart)
    shown = [one for one in chart.series if one.manner != "hidden"]
    return {
        "kind": chart.kind,
        "title": chart.title,
        "unit": chart.unit,
        "categories": list(chart.categories),
        "marks": [[sizes.place(one), mark(one)] for one in sizes.marks],
        "zero": sizes.place(min(max(ZERO, sizes.low), sizes.high)),
        "legend": legend(chart, shown) if needs_legend(chart) else [],
        "bars": [] if chart.kind == "line" else bars(chart, sizes),
        "points": points(chart, sizes) if chart.kind == "line" else [],
        "line": [sizes.place(chart.line[1]), chart.line[0]] if chart.line else None,
        "has_long_names": any(len(name.encode("gb18030")) > LONG for name in chart.categories),
        "is_many": len(chart.categories) * len(shown) > 24,
    }


def legend(chart: Chart, shown: Sequence[Series]) -> list[list[object]]:
    """Each name once: [name, colour, hatched?]."""
    found: dict[str, list[object]] = {}
    for place, one in enumerate(shown):
        paint = LINES[place % len(LINES)] if chart.kind == "line" else colour(one, place)
        found.setdefault(one.name, [one.name, paint, one.manner == "fall"])
    return list(found.values())


def bars(chart: Chart, sizes: Scale) -> list[list[object]]:
    """[category, first and last part of its width, from, to, colour, hatched?, label]."""
    found: list[list[object]] = []
    shown = [one for one in chart.series if one.manner != "hidden"]
    for place in range(len(chart.categories)):
        if chart.kind == "stacked":
            found.extend(stack(chart, place, sizes))
            continue
        for turn, one in enumerate(shown):
            value = one.values[place]
            if value is not None:
                slot = [turn / len(shown), (turn + 1) / len(shown)]
                stands = sizes.place(ZERO)
                look = [colour(one, turn), one.manner == "fall", label(value)]
                found.append([place, *slot, stands, sizes.place(value), *look])
    return found


def stack(chart: Chart, place: int, sizes: Scale) -> Iterable[list[object]]:
    up = down = ZERO
    turn = -1
    for one in chart.series:
        value = one.values[place] or ZERO
        turn += one.manner != "hidden"
        begun = up if value >= 0 else down
        up, down = (up + value, down) if value >= 0 else (up, down + value)
        if value and one.manner != "hidden":
            said = label(-value if one.manner == "fall" and value > 0 else value)
            span = [sizes.place(begun), sizes.place(begun + value)]
            yield [place, 0, 1, *span, colour(one, turn), one.manner == "fall", said]


def points(chart: Chart, sizes: Scale) -> list[list[object]]:
    """[colour, [(place or nothing, label), …]] of each series."""
    return [
        [
            LINES[turn % len(LINES)],
            [None if value is None else [sizes.place(value), label(value)] for value in one.values],
        ]
        for turn, one in enumerate(chart.series)
    ]


def data(chart: Chart) -> Table:
    """The numbers of a chart as a table: what its workbook holds."""
    columns = [*chart.series]
    if chart.line:
        columns.append(Series(chart.line[0], (chart.line[1],) * len(chart.categories)))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(Figure(one.values[place]) for one in columns))
        for place, name in enumerate(chart.categories)
    )
    return Table(("", *(one.name for one in columns)), rows, (1,) * (len(columns) + 1))
