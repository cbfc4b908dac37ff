"""95 % intervals of a score: how far chance could have moved it. Pure; floats are enough here.

A score is a weighted sum of means over the same forms, and the answers of one form resemble each
other. So the score is linearised: each form has an influence z = Σ share × (points − mean) / n
over its answers, the influences sum to 0, and the variance of the score is n/(n−1) × Σ z² over
the n forms with an answer. Where the number of people asked is known, the standard error is
multiplied by √((N−n)/(N−1)). Student's t widens the interval of few forms.

Σ z² needs no walk over the forms: multiplied out, it asks of every two sub-items how often each
two levels stand on one form. All forms are counted at once: those with one level of one sub-item
are the bits of one large number, and two such numbers are and-ed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from surveys.enums import LEVELS

Z95 = 1.959963984540054
# Below it a sum of squares is what is left of rounding, not chance.
NOTHING = 1e-15
_ONLY = {
    level: bytes(ord("1" if chr(byte) == level else "0") for byte in range(256)) for level in LEVELS
}


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def marks(column: str) -> dict[str, int]:
    """For each level in a column of answers, the forms that have it, as bits."""
    signs = column.encode("latin-1")
    return {level: int(signs.translate(_ONLY[level]), 2) for level in LEVELS if level in column}


def product(
    one: Mapping[str, int],
    other: Mapping[str, int],
    moves: Mapping[str, float],
    others: Mapping[str, float],
) -> float:
    """Σ of move × move over the forms that answered both of two sub-items, from their marks."""
    return sum(
        (forms & those).bit_count() * moves[level] * others[at]
        for level, forms in one.items()
        for at, those in other.items()
    )


def interval(
    score: float,
    squares: float,
    *,
    n: int,
    frame: int | None,
    bounds: tuple[float, float],
) -> Interval | None:
    """Around a score, from the sum of the squared influences of its n forms.

    None when the forms tell nothing of chance: fewer than two, or all of them alike. `frame` is
    the number of people asked; a smaller one than n is not the frame of these forms.
    """
    if n < 2 or squares < NOTHING:
        return None
    half = student(n - 1) * sqrt(squares * n / (n - 1)) * correction(n, frame)
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
