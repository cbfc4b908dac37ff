"""Copied forms: more alike than chance lets forms of satisfied and dissatisfied people be.

With few questions honest forms are alike all the time, so a percentage alone proves nothing. How
likely a form is to have a double is computed from how the campaign's people answer each question,
apart for those who are satisfied, middling and not; a form counts as copied when the doubles it
has are improbable. Doubles are found by hashing, never by comparing all with all.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from statistics import fmean

from surveys.domain.detectors import Found, Row, answered, by, ids, shown
from surveys.enums import LEVELS

# Forms match when at most a tenth of the answers differ.
MATCH = 0.9
# How improbable the doubles of a form must be.
ALPHA = 0.005
CLASSES = 4
# Fewer answers prove nothing; shorter texts are said by many.
FEWEST, TEXT = 5, 8
# Of more forms with one half alike only neighbours are compared.
MOST_COMPARED = 400


def copied(rows: Sequence[Row]) -> list[Found]:
    """Forms alike in nine of ten answers within an interviewer's or device's, and forms that are
    identical anywhere. Straight lines are the business of another check."""
    wide = [row for row in rows if len(answered(row.levels)) >= FEWEST
            and len(set(answered(row.levels))) > 1]  # fmt: skip
    chance = Chance(wide)
    found, seen = [], set[int]()
    for name, group in by(wide, group_of):
        if name and (copies := within(group, chance)):
            found.append(evidence(name, copies, len(group)))
            seen.update(row.id for row in copies)
    for same in identical(wide):
        left = [row for row in same if row.id not in seen]
        if len(left) > 1 and chance.of_doubles(same[0], len(same) - 1, len(wide) - 1, 0) < ALPHA:
            found.append(evidence("", {row: len(same) - 1 for row in left}, len(wide)))
    return found


def group_of(row: Row) -> str:
    return row.interviewer or row.device


def evidence(name: str, copies: dict[Row, int], of: int) -> Found:
    figures = {"forms": len(copies), "of": of, "doubles": shown(fmean(copies.values())),
               "percent": round(100 * MATCH)}  # fmt: skip
    return Found(name, ids(copies), figures, {row.id: str(count) for row, count in copies.items()})


def identical(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Groups with the same answers and the same texts: one pass."""
    groups = defaultdict(list)
    for row in rows:
        groups[row.levels, row.texts].append(row)
    return (group for group in groups.values() if len(group) > 1)


def within(group: list[Row], chance: "Chance") -> dict[Row, int]:
    """The forms of a group whose doubles are improbable, with how many they have."""
    doubles: dict[int, int] = Counter()
    worded: dict[int, int] = Counter()
    for one, other in pairs(group):
        common = [text for text in one.texts if text in other.texts and len(text) >= TEXT]
        doubles[one.id] += 1
        doubles[other.id] += 1
        if common:
            worded[one.id] += 1
            worded[other.id] += 1
    differ = differing(len(group[0].levels))
    copies = {}
    for row in group:
        count, others = doubles[row.id], len(group) - 1
        if not count:
            continue
        alone = chance.of_doubles(row, count, others, differ, words=False)
        spoken = chance.of_doubles(row, worded[row.id], others, differ)
        if min(alone, spoken if worded[row.id] else 1.0) < ALPHA:
            copies[row] = count
    # Two forms alike happen to honest people too, unless they also say the same in words.
    least = 2 if any(worded[row.id] for row in copies) else 3
    return copies if len(copies) >= least else {}


def differing(width: int) -> int:
    """In how many answers two forms may differ and still match."""
    return math.floor(width * (1 - MATCH) + 1e-9)


def pairs(group: list[Row]) -> set[tuple[Row, Row]]:
    """The matching pairs. Forms that differ in d answers agree in one of d + 1 parts entirely."""
    width = len(group[0].levels)
    most = differing(width)
    edges = [width * part // (most + 1) for part in range(most + 2)]
    found = set()
    for start, end in zip(edges, edges[1:], strict=False):
        parts: dict[str, list[Row]] = defaultdict(list)
        for row in group:
            parts[row.levels[start:end]].append(row)
        for rows in parts.values():
            for one, other in compared(rows):
                if unlike(one.levels, other.levels) <= most:
                    found.add((one, other) if one.id < other.id else (other, one))
    return found


def compared(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    if len(rows) <= MOST_COMPARED:
        yield from combinations(rows, 2)
        return
    ordered = sorted(rows, key=lambda row: row.received)
    for place, row in enumerate(ordered):
        for other in ordered[place + 1 : place + MOST_COMPARED]:
            yield row, other


def unlike(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False))


class Chance:
    """How likely an honest form is to match a given one.

    People are put into classes by their average; within one the answers to different questions
    count as independent.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.width = max((len(row.levels) for row in rows), default=0)
        ordered = sorted((row.levels for row in rows), key=average)
        size = max(1, math.ceil(len(ordered) / CLASSES))
        parts = [ordered[start : start + size] for start in range(0, len(ordered), size)]
        self.classes = [(len(part) / len(ordered), self.shares(part)) for part in parts]
        self.memo: dict[tuple[str, int], float] = {}
        texts = Counter(text for row in rows for text in row.texts if len(text) >= TEXT)
        self.texts, self.written = texts, max(1, texts.total())

    def shares(self, levels: Sequence[str]) -> list[dict[str, float]]:
        """For each question, how often each answer is given; never quite 0."""
        counts = (Counter(levels[place] for levels in levels) for place in range(self.width))
        return [
            {char: (count[char] + 0.2) / (len(levels) + 1.4) for char in LEVELS + "- "}
            for count in counts
        ]

    def of_match(self, levels: str, differ: int) -> float:
        """That one form, taken by chance, differs in at most `differ` answers."""
        key = levels, differ
        if key not in self.memo:
            self.memo[key] = sum(
                weight
                * at_most(differ, [part[char] for part, char in zip(shares, levels, strict=False)])
                for weight, shares in self.classes
            )
        return self.memo[key]

    def of_doubles(
        self, row: Row, count: int, others: int, differ: int, *, words: bool = True
    ) -> float:
        """That `count` or more of `others` match it, and say the same in words."""
        match = self.of_match(row.levels, differ)
        said = [self.texts[text] / self.written for text in row.texts if len(text) >= TEXT]
        if words and said:
            match *= min(said)
        return poisson_tail(count, others * match)


def average(levels: str) -> float:
    return fmean([int(level) for level in answered(levels)] or [0])


def at_most(differ: int, same: Sequence[float]) -> float:
    """That at most `differ` of independent answers are not the same."""
    ways = [1.0] + [0.0] * differ
    for share in same:
        for missed in range(differ, 0, -1):
            ways[missed] = ways[missed] * share + ways[missed - 1] * (1 - share)
        ways[0] *= share
    return sum(ways)


def poisson_tail(count: int, mean: float) -> float:
    """That a Poisson number with this mean is `count` or more."""
    term = total = math.exp(-mean)
    for number in range(1, count):
        term *= mean / number
        total += term
    return max(0.0, 1 - total) if count > 0 else 1.0
