"""The picture of a finding: forms that were flagged against all others, counted into bars.

It is drawn when the finding is proposed and kept with it, so that a reader years later sees what
those who decided saw.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from statistics import quantiles

from surveys.domain.detectors import Row, answered
from surveys.enums import LEVELS

# A bar: its name, flagged, all others.
Bar = tuple[str, int, int]
STEPS = 12
SHORT = 6


def draw(check: str, about: str, rows: Sequence[Row], flagged: Collection[int]) -> list[Bar]:
    """The bars that show best what this check saw."""
    if check == "too_fast":
        return by_seconds(rows, flagged)
    if check == "straight_lined":
        return counted(rows, flagged, short_of(about), [str(n) for n in range(SHORT + 1)])
    if check in {"copied", "interviewer"}:
        return counted(rows, flagged, lambda row: answered(row.levels), list(LEVELS))
    hours = [f"{hour:02}" for hour in range(24)]
    return counted(rows, flagged, lambda row: [f"{row.received:%H}"], hours)


def by_seconds(rows: Sequence[Row], flagged: Collection[int]) -> list[Bar]:
    """Steps of equal width up to the longest times, which go into the last one."""
    times = [row.seconds for row in rows if row.seconds is not None]
    longest = quantiles(times, n=20)[-1] if len(times) > 1 else max(times, default=1)
    width = max(1, round(longest / STEPS))

    def step(row: Row) -> list[str]:
        if row.seconds is None:
            return []
        return [f"{min(row.seconds // width, STEPS - 1) * width}"]

    return counted(rows, flagged, step, [str(turn * width) for turn in range(STEPS)])


def short_of(level: str) -> Callable[[Row], list[str]]:
    """How many answers a form is short of one level from end to end."""

    def short(row: Row) -> list[str]:
        said = answered(row.levels)
        missing = len(said) - said.count(level)
        return [str(missing)] if said and missing <= SHORT else []

    return short


def counted(
    rows: Sequence[Row],
    flagged: Collection[int],
    names: Callable[[Row], Iterable[str]],
    order: Sequence[str],
) -> list[Bar]:
    mine: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for row in rows:
        (mine if row.id in flagged else others).update(names(row))
    return [(name, mine[name], others[name]) for name in order]
