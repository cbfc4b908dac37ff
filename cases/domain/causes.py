"""The 5-Why tree as an outline: rows of depth and sentence, from the symptom down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.validators import Problems

# A sentence alone asks the next "why" of the one before it.
Why = str | tuple[int, str] | list
Row = list
DEEPEST, MOST = 5, 30


def tree(problems: Problems, field: str, whys: Sequence[Why], *, needed: bool = False) -> list[Row]:
    """The rows [depth, sentence] of a tree, depths from 0 to 4; empty sentences are left out.

    A row is at most one deeper than the row before it. What is wrong stands under `field`.
    """
    rows: list[Row] = []
    for why in whys:
        given, text = (None, why) if isinstance(why, str) else (why[0], why[1])
        sentence = problems.text(field, text, most=500, lines=False)
        if not sentence:
            continue
        below = rows[-1][0] + 1 if rows else 0
        rows.append([below if given is None else max(0, min(int(given), below)), sentence])
    if needed and not rows:
        problems.add(field, _("Ask “why” at least once."))
    if any(depth >= DEEPEST for depth, _sentence in rows):
        problems.add(field, _("At most five “why” below one another."))
    if len(rows) > MOST:
        problems.add(field, _("At most %(n)s sentences.") % {"n": MOST})
    return rows


def roots(rows: Sequence[Row]) -> Iterator[int]:
    """The places of the root causes: rows below which nothing is asked any more."""
    for place, (depth, _sentence) in enumerate(rows):
        if place + 1 == len(rows) or rows[place + 1][0] <= depth:
            yield place


@dataclass(frozen=True)
class Line:
    """A row as it is drawn. `guides` are the connecting lines left of it, one for each depth:
    "through" past it to a later row, "branch" or "last" to itself, "none"."""

    depth: int
    sentence: str
    guides: tuple[str, ...]
    is_root: bool

    @property
    def level(self) -> int:
        """The how-manieth “why” it answers."""
        return self.depth + 1


def drawn(rows: Sequence[Row]) -> list[Line]:
    """The rows with the lines that connect them; root causes are marked."""
    ends = set(roots(rows))
    return [
        Line(depth, sentence, guides(rows, place), place in ends)
        for place, (depth, sentence) in enumerate(rows)
    ]


def guides(rows: Sequence[Row], place: int) -> tuple[str, ...]:
    depth = rows[place][0]
    goes_on = [continues(rows, place, level) for level in range(1, depth + 1)]
    past = tuple("through" if more else "none" for more in goes_on[:-1])
    own = ("branch" if goes_on[-1] else "last",) if goes_on else ()
    return past + own


def continues(rows: Sequence[Row], place: int, level: int) -> bool:
    """Whether a later row of the same parent stands at this depth."""
    for depth, _sentence in rows[place + 1 :]:
        if depth <= level:
            return bool(depth == level)
    return False
