"""What people write about, found in their words: phrases, how many use them, who used them before.

Pure and deterministic; no network and no model. Chinese has no blanks between its words, so every
run of characters is tried: what is frequent, hangs together (its parts meet more often than by
chance), is free at both ends (different characters stand before and after it) and is not only a
piece of a longer phrase, is a phrase. English phrases are one to three words. Against the period
before, the log-odds of a phrase say whether its rise or fall is more than chance. Digits end a
phrase, and letters beside them are none: numbers of telephones and orders are no topics and
nobody's business.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from pathlib import Path

LEAST = 3
LONGEST = 8
MOST = 12
EXAMPLES = 3
# Texts beyond that many are sampled, evenly.
MOST_TEXTS = 20_000
LONGEST_TEXT = 1000
# Parts of a phrase meet that many times as often as if they knew nothing of each other.
COHESION = 1.5
# What share of a phrase may stand inside a longer one before it is only a piece of it.
PIECE = 0.75
# Two phrases are one topic where that share of the rarer one's texts has both.
SAME = 0.6
CERTAIN = 1.96
_WORD = r"(?<![0-9a-z-])[a-z][a-z'-]+(?![0-9a-z-])"
_RUNS = re.compile(rf"[\u4e00-\u9fff]+|{_WORD}(?:[ ]+{_WORD})*")
_EMPTY: frozenset[int] = frozenset()
# Where the Chinese signs begin.
IDEOGRAPHS = chr(0x4E00)

Unit = tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """A phrase: in how many texts now and before, whether that differs by more than chance (z of
    the log-odds), and the references of the first texts that have it."""

    phrase: str
    count: int
    before: int
    z: float
    examples: tuple[str, ...]

    @property
    def rises(self) -> bool:
        return self.z >= CERTAIN

    @property
    def falls(self) -> bool:
        return self.z <= -CERTAIN


@dataclass(frozen=True)
class Topics:
    """`texts` were looked at now; `sampled`: there were more."""

    found: tuple[Topic, ...]
    texts: int
    sampled: bool


def find(
    now: Sequence[tuple[str, str]], before: Sequence[tuple[str, str]], *, most: int = MOST
) -> Topics:
    """The topics of (reference, text) pairs, rising ones first, then the most frequent."""
    mine, others = sample(now), sample(before)
    texts = [runs(text) for _ref, text in (*mine, *others)]
    where = phrases(texts, least=LEAST)
    here = len(mine)
    topics = [
        topic(phrase, found, mine, others=len(others)) for phrase, found in distinct(where).items()
    ]
    worth = [one for one in topics if one.count >= LEAST or one.falls]
    worth.sort(key=lambda one: (not one.rises, -one.count, -one.z, one.phrase))
    return Topics(tuple(worth[:most]), here, len(now) > here)


def sample(rows: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Every n-th where there are too many: the same ones each time."""
    step = -(-len(rows) // MOST_TEXTS) or 1
    return rows[::step]


def topic(
    phrase: Unit, found: frozenset[int], mine: Sequence[tuple[str, str]], *, others: int
) -> Topic:
    """Texts are numbered through: those of now, then those of before."""
    total = len(mine)
    here = sorted(number for number in found if number < total)
    examples = tuple(dict.fromkeys(mine[number][0] for number in here))[:EXAMPLES]
    count, before = len(here), len(found) - len(here)
    return Topic(joined(phrase), count, before, odds(count, total, before, others), examples)


def odds(count: int, total: int, before: int, others: int) -> float:
    """z of the difference of the log-odds, with half a text added everywhere (Haldane)."""
    if not total or not others:
        return 0.0
    cells = (count + 0.5, total - count + 0.5, before + 0.5, others - before + 0.5)
    return log(cells[0] * cells[3] / (cells[1] * cells[2])) / sqrt(sum(1 / cell for cell in cells))


# ---------------------------------------------------------------------------- phrases
@cache
def stop() -> tuple[frozenset[str], re.Pattern[str], frozenset[str]]:
    """Edges, a pattern of hollow words, English stop words."""
    data = tomllib.loads(Path(__file__).with_name("topics.toml").read_text("utf-8"))
    hollow = "|".join(sorted(data["hollow"], key=len, reverse=True))
    return frozenset(data["edges"]), re.compile(hollow), frozenset(data["words"])


def runs(text: str) -> list[Unit]:
    """Chinese runs as characters, English ones as words; everything else ends a run, and so do
    hollow words."""
    _edges, hollow, _words = stop()
    found = _RUNS.findall(hollow.sub("\n", text[:LONGEST_TEXT].lower()))
    return [tuple(run.split()) if run[0] < IDEOGRAPHS else tuple(run) for run in found]


def phrases(texts: Sequence[list[Unit]], *, least: int) -> dict[Unit, frozenset[int]]:
    """The phrases of these texts, each with the numbers of the texts that have it."""
    levels = [frequent(texts, 1, {}, least)]
    while levels[-1] and len(levels) < LONGEST:
        levels.append(frequent(texts, len(levels) + 1, levels[-1], least))
    every = {unit: found for level in levels for unit, found in level.items()}
    good = {
        unit: found
        for unit, found in every.items()
        if may_be(unit) and hangs_together(unit, every, len(texts))
    }
    free = set(ends_freely(texts, set(good)))
    return whole({unit: found for unit, found in good.items() if unit in free})


def frequent(
    texts: Sequence[list[Unit]], size: int, shorter: dict[Unit, frozenset[int]], least: int
) -> dict[Unit, frozenset[int]]:
    """Pieces of this size in at least so many texts; both their shorter pieces are frequent."""
    found: dict[Unit, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for run in text:
            for start in range(len(run) - size + 1):
                unit = run[start : start + size]
                if size == 1 or (unit[1:] in shorter and unit[:-1] in shorter):
                    found[unit].add(number)
    return {unit: frozenset(rows) for unit, rows in found.items() if len(rows) >= least}


def is_chinese(unit: Unit) -> bool:
    return unit[0][0] >= IDEOGRAPHS


def may_be(unit: Unit) -> bool:
    """By its form: long enough, no edge of grammar."""
    edges, _hollow, words = stop()
    if is_chinese(unit):
        return len(unit) >= 2 and unit[0] not in edges and unit[-1] not in edges
    return len(unit) <= 3 and unit[0] not in words and unit[-1] not in words


def hangs_together(unit: Unit, every: dict[Unit, frozenset[int]], total: int) -> bool:
    """Wherever it is cut, its two parts meet more often than chance would have them meet."""
    if len(unit) == 1:
        return True
    return all(
        len(every[unit]) * total
        >= COHESION * len(every.get(unit[:cut], _EMPTY)) * len(every.get(unit[cut:], _EMPTY))
        or len(every[unit]) >= PIECE * min(len(every[unit[:cut]]), len(every[unit[cut:]]))
        for cut in range(1, len(unit))
    )


def ends_freely(texts: Sequence[list[Unit]], wanted: set[Unit]) -> Iterable[Unit]:
    """Phrases with more than one neighbour, or a pause, on either side. English words are whole
    in themselves."""
    before: dict[Unit, Counter[str]] = defaultdict(Counter)
    after: dict[Unit, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for run in text:
            for size in range(2, min(LONGEST, len(run)) + 1):
                for start in range(len(run) - size + 1):
                    unit = run[start : start + size]
                    if unit in wanted:
                        end = start + size
                        before[unit][run[start - 1] if start else ""] += 1
                        after[unit][run[end] if end < len(run) else ""] += 1
    for unit in wanted:
        if not is_chinese(unit) or (is_free(before[unit]) and is_free(after[unit])):
            yield unit


def is_free(neighbours: Counter[str]) -> bool:
    """A pause is as good as a neighbour of its own each time."""
    total, pauses = neighbours.total(), neighbours[""]
    most = max((n for one, n in neighbours.items() if one), default=0)
    return pauses > 0 or most < PIECE * total


def whole(units: dict[Unit, frozenset[int]]) -> dict[Unit, frozenset[int]]:
    """Without what mostly stands inside a longer phrase."""
    pieces: set[Unit] = set()
    for unit, found in units.items():
        for size in range(1, len(unit)):
            for start in range(len(unit) - size + 1):
                piece = unit[start : start + size]
                if piece in units and len(found) >= PIECE * len(units[piece]):
                    pieces.add(piece)
    return {unit: found for unit, found in units.items() if unit not in pieces}


def distinct(units: dict[Unit, frozenset[int]]) -> dict[Unit, frozenset[int]]:
    """One phrase for one topic: of two that share signs and texts the more frequent stays."""
    kept: dict[Unit, frozenset[int]] = {}
    for unit in sorted(units, key=lambda one: (-len(units[one]), -len(one), one)):
        found = units[unit]
        if not any(
            overlap(unit, other) and len(found & rows) >= SAME * len(found)
            for other, rows in kept.items()
        ):
            kept[unit] = found
    return kept


def overlap(one: Unit, other: Unit) -> bool:
    """Whether they share two signs in a row, or a word."""
    size = 2 if is_chinese(one) else 1
    pieces = {other[start : start + size] for start in range(len(other) - size + 1)}
    return any(one[start : start + size] in pieces for start in range(len(one) - size + 1))


def joined(unit: Unit) -> str:
    return "".join(unit) if is_chinese(unit) else " ".join(unit)
