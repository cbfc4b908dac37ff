"""95 % intervals of a score: how far chance could have moved it. Pure; floats are enough here.

A score is a weighted sum of means over the same forms, and the answers of one form resemble each
other. So the score is linearised: each form has an influence z = Σ share × (points − mean) / n
over its answers, the influences sum to 0, and the variance of the score is n/(n−1) × Σ z² over
the n forms with an answer. Where the number of people asked is known, the standard error is
multiplied by √((N−n)/(N−1)). Student's t widens the interval of few forms.

Influences are looked up by chunks of characters: of a million forms few chunks differ.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from operator import mul

# Characters looked up at once: at most 7 signs to the 4th entries a table.
CHUNK = 4
Z95 = 1.959963984540054
# What an answer of each level moves, by sign; an empty part moves nothing.
Part = Mapping[str, float]


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


class Moves(dict[str, float]):
    """Influence of a chunk of characters, worked out when it is first met."""

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self.parts = parts

    def __missing__(self, signs: str) -> float:
        pairs = zip(self.parts, signs, strict=True)
        self[signs] = fsum(part.get(sign, 0.0) for part, sign in pairs)
        return self[signs]


def squares(levels: str, parts: Sequence[Part]) -> Iterable[float]:
    """z² of the forms of `levels`, where `parts` has one entry for each character of a form.

    Forms whose answers lie in one chunk are counted by their characters first.
    """
    chunks = list(used(parts))
    cuts = [
        [levels[at : at + end - start] for at in range(start, len(levels), len(parts))]
        for start, end in chunks
    ]
    tables = [Moves(parts[start:end]) for start, end in chunks]
    if len(chunks) == 1:
        return [count * tables[0][signs] ** 2 for signs, count in Counter(cuts[0]).items()]
    columns = [map(table.__getitem__, cut) for table, cut in zip(tables, cuts, strict=True)]
    moves = list(map(sum, zip(*columns, strict=True)))
    return map(mul, moves, moves)


def used(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Chunks of characters that move something, as (first, after the last)."""
    start = 0
    while start < len(parts):
        if parts[start]:
            yield start, min(start + CHUNK, len(parts))
            start += CHUNK
        else:
            start += 1


def interval(
    score: float,
    squared: Iterable[float],
    *,
    n: int,
    frame: int | None,
    bounds: tuple[float, float],
) -> Interval | None:
    """Around a score, from the squared influences of its n forms (others may be there with 0).

    None when the forms tell nothing of chance: fewer than two, or all of them alike. `frame` is
    the number of people asked; a smaller one than n is not the frame of these forms.
    """
    # fsum is exact before its one rounding: the order of forms does not matter.
    total = fsum(squared)
    if n < 2 or total == 0:
        return None
    half = student(n - 1) * sqrt(total * n / (n - 1)) * correction(n, frame)
    return Interval(max(bounds[0], score - half), min(bounds[1], score + half))


def correction(n: int, frame: int | None) -> float:
    if frame is None or frame < n or frame < 2:
        return 1.0
    return sqrt((frame - n) / (frame - 1))


def student(freedom: int) -> float:
    """The 97.5 % point of Student's t: from the table for few forms, else by Cornish and Fisher."""
    few = (12.706, 4.303, 3.182, 2.776)
    if freedom <= len(few):
        return few[freedom - 1]
    z = Z95
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))
