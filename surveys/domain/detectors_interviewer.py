"""Interviewers whose forms do not look as if anybody had been asked.

Four signs, each against the other interviewers of the same campaign: gaps that are too short for
the interview they hold, night hours, last digits of the seconds, and levels far from the others.
One sign proves little; two together, or impossible gaps alone, are proposed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from surveys.domain.detectors import Found, Row, answered, at_night, by, ids, shown, timed_rows
from surveys.enums import LEVELS

# Fewer forms of one person say nothing about the person.
FEWEST = 10
FEWEST_DIGITS = 25
# Shares of an interviewer's forms from which a sign counts.
SHORT_GAPS, AT_NIGHT, FAR_LEVELS = 0.15, 0.2, 0.25
# Chi-square with 9 degrees of freedom is above this once in a thousand.
DIGITS = 27.88
DAY = 86_400


@dataclass
class Signs:
    """What speaks against one interviewer."""

    figures: dict[str, Any] = field(default_factory=dict)
    signs: list[str] = field(default_factory=list)
    impossible: list[Row] = field(default_factory=list)

    def weigh(self, sign: str, value: float, limit: float) -> None:
        self.figures[sign] = shown(value)
        if value > limit:
            self.signs.append(sign)


def interviewer(rows: Sequence[Row]) -> list[Found]:
    """One finding for each interviewer with two signs, or with many impossible gaps."""
    asked = [row for row in rows if row.interviewer]
    digits, levels = digits_of(asked), levels_of(asked)
    found = []
    for name, group in by(asked, lambda row: row.interviewer):
        if len(group) < FEWEST or len(group) == len(asked):
            continue
        signs = Signs({"forms": len(group)})
        look_at_times(signs, group)
        mine = digits_of(group)
        if mine.total() >= FEWEST_DIGITS and (digits - mine).total() >= FEWEST_DIGITS:
            signs.weigh("last_digits", unlike_digits(mine, digits - mine), DIGITS)
        own = levels_of(group)
        signs.weigh("level_distance", distance(own, levels - own), FAR_LEVELS)
        if len(signs.signs) > 1 or "short_gaps" in signs.signs:
            signs.figures["signs"] = signs.signs
            notes = dict.fromkeys(ids(signs.impossible), "gap")
            found.append(Found(name, ids(group), signs.figures, notes))
    return found


def look_at_times(signs: Signs, group: Sequence[Row]) -> None:
    """Gaps shorter than the interview, and forms of the night."""
    timed = sorted(timed_rows(group), key=lambda row: row.received)
    if not timed:
        return
    gaps = 0
    for before, row in zip(timed, timed[1:], strict=False):
        gap = (row.received - before.received).total_seconds()
        if row.seconds and gap < DAY / 4:
            gaps += 1
            if gap < row.seconds:
                signs.impossible.append(row)
    if gaps:
        signs.figures["impossible_gaps"] = len(signs.impossible)
        signs.weigh("short_gaps", len(signs.impossible) / gaps, SHORT_GAPS)
    night = sum(at_night(row) for row in timed)
    signs.weigh("at_night", night / len(timed), AT_NIGHT)


def digits_of(rows: Iterable[Row]) -> Counter[int]:
    return Counter(row.seconds % 10 for row in rows if row.seconds is not None)


def levels_of(rows: Iterable[Row]) -> Counter[str]:
    return Counter(level for row in rows for level in answered(row.levels))


def unlike_digits(mine: Counter[int], others: Counter[int]) -> float:
    """Chi-square of last digits in two samples: whoever rounds like everybody is not far off."""
    n, m, total = mine.total(), others.total(), 0.0
    for digit in range(10):
        both = mine[digit] + others[digit]
        if both:
            for count, size in ((mine[digit], n), (others[digit], m)):
                expected = both * size / (n + m)
                total += (count - expected) ** 2 / expected
    return total


def distance(mine: Counter[str], others: Counter[str]) -> float:
    """Half the sum of the differences of the shares: 0 alike, 1 nothing in common."""
    n, m = max(1, mine.total()), max(1, others.total())
    return sum(abs(mine[level] / n - others[level] / m) for level in LEVELS) / 2
