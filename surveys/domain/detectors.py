"""Made-up answers (弄虚作假): named checks over the forms of one campaign, pure and countable.

A check sees rows and returns what it found: which forms, with which figures. It accuses nobody:
two people decide on what it proposes (QUALITY.md F2). Thresholds grow with the number of
questions where few questions prove little (Pew's critique of percent matches).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from statistics import median
from typing import Any, NamedTuple

from surveys.enums import LEVELS, ResponseChannel, Sign

# Faster than a third of what is usual, and than anybody reads.
FAST_SHARE, SECONDS_A_QUESTION = 3, 3
# Fewer questions are answered alike by honest people all the time; fewer forms say nothing of
# what is usual.
FEWEST_STRAIGHT, FEWEST_FORMS = 6, 50
# A line that so few honest people are expected to draw is remarkable each time. Where more do,
# they must be clearly more than this many times the forms one answer short of it.
RARE, STEEPEST = 0.035, 1.3
BURST = timedelta(minutes=10)
# A person who asks needs longer for this many. Of everybody it takes more, in half an hour at
# most, and hardly anybody in the hour before and after: after a mailing a wave comes and ebbs.
BURST_OF_ONE, BURST_OF_ALL = 5, 10
LONGEST_BURST, AROUND, ALONE = timedelta(minutes=30), timedelta(hours=1), 3
# Forms from one device or one address. A company shares an address, a household a device.
MOST_OF_DEVICE, MOST_OF_ADDRESS = 3, 12
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
ASKED = frozenset({ResponseChannel.PHONE, ResponseChannel.VISIT})


class Row(NamedTuple):
    """A form as the checks see it. `received` is on the clock of the company."""

    id: int
    levels: str
    received: datetime
    texts: tuple[str, ...] = ()
    interviewer: str = ""
    seconds: int | None = None
    device: str = ""
    address: str = ""
    channel: str = ""
    signs: str = ""


@dataclass(frozen=True)
class Found:
    """What a check found. `about` names the group (an interviewer, a device; empty: everybody),
    `evidence` its figures, `notes` what was seen in one form."""

    about: str
    responses: tuple[int, ...]
    evidence: dict[str, Any]
    notes: dict[int, str] = field(default_factory=dict)


Check = Callable[[Sequence[Row]], list[Found]]


def answered(levels: str) -> str:
    """The answers that are levels, in their order."""
    return "".join(level for level in levels if level in LEVELS)


def shown(number: float) -> str:
    """A figure as evidence keeps it."""
    return f"{number:.3g}"


# ---------------------------------------------------------------------------- one form
def too_fast(rows: Sequence[Row]) -> list[Found]:
    """Forms that took less than a third of the median and less than 3 s a question."""
    timed = [row for row in rows if row.seconds is not None]
    if not timed:
        return []
    usual = median(row.seconds or 0 for row in timed)
    fast = [
        row
        for row in timed
        if (row.seconds or 0) * FAST_SHARE < usual
        and (row.seconds or 0) < SECONDS_A_QUESTION * len(answered(row.levels))
    ]
    if not fast:
        return []
    evidence = {"forms": len(fast), "of": len(timed), "median_seconds": shown(usual)}
    return [Found("", ids(fast), evidence, {row.id: f"{row.seconds} s" for row in fast})]


def straight_lined(rows: Sequence[Row]) -> list[Found]:
    """Forms with one level from end to end, where few honest people would draw such a line.

    Somebody really satisfied may choose 5 everywhere; but then many others come one answer short
    of it, and still more two. Those figures say how many to expect: few where there are many
    questions, many where nearly everybody is satisfied. Quick forms count in any case.
    """
    long = [(row, said) for row in rows if len(said := answered(row.levels)) >= FEWEST_STRAIGHT]
    usual = median([row.seconds for row, _said in long if row.seconds is not None] or [0])
    found = []
    for level in LEVELS:
        alike = [row for row, said in long if said.count(level) == len(said)]
        short = Counter(len(said) - said.count(level) for _row, said in long)
        expected = short[1] * min(STEEPEST, short[1] / max(1, short[2]))
        quick = [row for row in alike if row.seconds is not None and row.seconds * 2 < usual]
        most = STEEPEST * short[1]
        remarkable = expected < RARE * len(long) or len(alike) > most + 2 * math.sqrt(most) + 1
        flagged = alike if remarkable and len(long) >= FEWEST_FORMS else quick
        if flagged:
            evidence = {"level": level, "forms": len(alike), "expected": shown(expected),
                        "quick": len(quick), "of": len(long)}  # fmt: skip
            found.append(Found(level, ids(flagged), evidence))
    return found


def odd_hours(rows: Sequence[Row]) -> list[Found]:
    """Forms for which a customer was called or visited between 22 and 6 o'clock.

    Who answers alone may do so at night.
    """
    asked = [row for row in timed_rows(rows) if row.interviewer or row.channel in ASKED]
    night = [row for row in asked if at_night(row)]
    if not night:
        return []
    notes = {row.id: f"{row.received:%H:%M}" for row in night}
    return [Found("", ids(night), {"forms": len(night), "of": len(asked)}, notes)]


# ---------------------------------------------------------------------------- many forms
def bursts(rows: Sequence[Row]) -> list[Found]:
    """Many forms within ten minutes: of one interviewer, else of everybody."""
    found = []
    for name, group in by(rows, lambda row: row.interviewer):
        timed = sorted(timed_rows(group), key=lambda row: row.received)
        least = BURST_OF_ONE if name else BURST_OF_ALL
        for burst in crowded(timed, least):
            if not name and not stands_alone(burst, timed):
                continue
            lasts = burst[-1].received - burst[0].received
            evidence = {
                "forms": len(burst),
                "minutes": math.ceil(lasts.total_seconds() / 60),
                "from": f"{burst[0].received:%Y-%m-%d %H:%M}",
                "threshold": least,
            }
            found.append(Found(name, ids(burst), evidence))
    return found


def stands_alone(burst: Sequence[Row], timed: Sequence[Row]) -> bool:
    """Whether it is short, and quiet around it."""
    first, last = burst[0].received, burst[-1].received
    around = sum(first - AROUND <= row.received <= last + AROUND for row in timed) - len(burst)
    return last - first <= LONGEST_BURST and len(burst) > ALONE * around


def crowded(timed: Sequence[Row], least: int) -> Iterator[list[Row]]:
    """Runs of rows in which every `least` that follow one another lie within ten minutes."""
    inside: set[int] = set()
    for first in range(len(timed) - least + 1):
        if timed[first + least - 1].received - timed[first].received < BURST:
            inside.update(range(first, first + least))
    run: list[Row] = []
    for place in range(len(timed) + 1):
        if place in inside:
            run.append(timed[place])
        elif run:
            yield run
            run = []


def one_device(rows: Sequence[Row]) -> list[Found]:
    """Forms from one device, or from one address, above what a household or a company sends."""
    found = []
    for what, most in (("device", MOST_OF_DEVICE), ("address", MOST_OF_ADDRESS)):
        named = [row for row in rows if getattr(row, what) and not row.interviewer]
        for name, group in by(named, attrgetter(what)):
            if len(group) > most:
                evidence = {"by": what, "forms": len(group), "threshold": most}
                found.append(Found(f"{what} {name[:12]}", ids(group), evidence))
    return found


def machines(rows: Sequence[Row]) -> list[Found]:
    """Forms that looked as if a machine had sent them while they came in."""
    signed = [(row, sign) for row in rows for sign in row.signs.split()]
    found = []
    for sign in Sign.values:
        marked = [row for row, one in signed if one == sign]
        if marked:
            found.append(Found(sign, ids(marked), {"forms": len(marked), "sign": sign}))
    return found


# ---------------------------------------------------------------------------- parts
def ids(rows: Iterable[Row]) -> tuple[int, ...]:
    return tuple(sorted(row.id for row in rows))


def by(rows: Iterable[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """Groups of rows in the order of their keys."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.items())


def at_night(row: Row) -> bool:
    return row.received.hour >= NIGHT_BEGINS or row.received.hour < NIGHT_ENDS


def timed_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows whose time of day means something: a file with days only says midnight, a typed
    one full hours."""
    exact = [row for row in rows if (row.received.minute, row.received.second) != (0, 0)]
    return exact if len(exact) * 2 >= len(rows) else []
