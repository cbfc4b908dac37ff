"""Scores of one source out of its answers: pure, exact, and quick over a million forms.

Levels come as long strings, the forms of one questionnaire laid end to end, so that an answer is
counted by slicing. A reader can recompute every line from the lines below it:

    sub-item = mean of the points of its answers ("-" and " " count nowhere)
    item     = Σ weight × sub-item / Σ weight, over sub-items that have answers
    source   = Σ weight × item / Σ weight, over items that have answers

Questionnaires of one source merge by the keys of their sub-items. Items, order and weights are
those of the newest; a sub-item that only an older one asked is appended, with its own weight, to
the item of its item's key, or with its item where the newest has none.

A score of fewer than `minimum` forms is not shown. Its answers still count in the lines above:
hiding a cell must not change the index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from surveys.domain.intervals import Interval, interval, marks, product
from surveys.domain.policy import Named
from surveys.domain.questionnaires import Form, Item, SubItem
from surveys.enums import LEVELS, NOT_APPLICABLE


@dataclass(frozen=True)
class Pile:
    """Forms of one questionnaire: their levels, `form.width` characters each, end to end."""

    form: Form
    levels: str

    @property
    def forms(self) -> int:
        return len(self.levels) // self.form.width

    def column(self, key: str) -> str:
        """The answers to one sub-item, one character a form; nothing if it was not asked."""
        keys = self.form.keys
        return self.levels[keys.index(key) :: len(keys)] if key in keys else ""

    @cached_property
    def marks(self) -> dict[str, dict[str, int]]:
        """By sub-item and level, the forms that have it, as the bits of a number."""
        return {key: marks(self.column(key)) for key in self.form.keys}

    def counts(self, key: str) -> dict[str, int]:
        """Answers to one sub-item by level, and how often it was not applicable."""
        levels = {level: forms.bit_count() for level, forms in self.marks.get(key, {}).items()}
        return {**levels, NOT_APPLICABLE: self.column(key).count(NOT_APPLICABLE)}

    def answered(self, keys: Iterable[str]) -> int:
        """Forms with at least one answer among these sub-items."""
        union = 0
        for key in keys:
            for forms in self.marks.get(key, {}).values():
                union |= forms
        return union.bit_count()


@dataclass(frozen=True)
class Score(Named):
    """One line of the table. `exact` is there even where `score` is not shown; `n` counts forms
    with an answer here; `counts` is answers by level, and "-" for not applicable."""

    key: str
    weight: Decimal
    exact: Fraction | None
    n: int
    counts: dict[str, int]
    spread: Interval | None
    minimum: int

    @property
    def below_minimum(self) -> bool:
        return self.n < self.minimum

    @property
    def score(self) -> Fraction | None:
        return None if self.below_minimum else self.exact

    @property
    def interval(self) -> Interval | None:
        return None if self.below_minimum else self.spread


@dataclass(frozen=True)
class ItemScore(Score):
    subitems: tuple[Score, ...]


@dataclass(frozen=True)
class SourceScore(Score):
    items: tuple[ItemScore, ...]


def merged(forms: Sequence[Form]) -> tuple[Item, ...]:
    """The items of several questionnaires, the newest first."""
    items: dict[str, Item] = {}
    known: set[str] = set()
    for form in forms:
        for item in form.items:
            fresh = tuple(sub for sub in item.subitems if sub.key not in known)
            here = items.get(item.key)
            if here is not None:
                items[item.key] = replace(here, subitems=here.subitems + fresh)
            elif fresh:
                items[item.key] = replace(item, subitems=fresh)
            known.update(sub.key for sub in fresh)
    return tuple(items.values())


class Scoring:
    """The answers of one cell of the table (a source, or a part of it), ready to be scored."""

    def __init__(
        self,
        piles: Iterable[Pile],
        points: Mapping[str, Decimal],
        *,
        minimum: int = 1,
        frame: int | None = None,
    ) -> None:
        """`piles` come from the newest questionnaire to the oldest; `frame` is how many people
        were asked, where that is known."""
        self.piles = list(piles)
        self.points = {level: Fraction(worth) for level, worth in points.items()}
        self.minimum, self.frame = minimum, frame
        self.items = merged([pile.form for pile in self.piles])
        self.products: dict[tuple[str, str], float] = {}

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Answers by sub-item and level."""
        return {
            sub.key: added(pile.counts(sub.key) for pile in self.piles)
            for item in self.items
            for sub in item.subitems
        }

    @cached_property
    def means(self) -> dict[str, Fraction]:
        """Points of the sub-items that have answers."""
        means = {}
        for key, counts in self.counts.items():
            if n := answers(counts):
                means[key] = sum((counts[level] * self.points[level] for level in LEVELS),
                                 Fraction(0)) / n  # fmt: skip
        return means

    def shares_in(self, item: Item) -> dict[str, Fraction]:
        """What part of its item each sub-item with answers makes; they sum to 1."""
        return shares({sub.key: sub.weight for sub in item.subitems if sub.key in self.means})

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """What part of the source each sub-item with answers makes."""
        inside = {item.key: self.shares_in(item) for item in self.items}
        outside = shares({item.key: item.weight for item in self.items if inside[item.key]})
        return {
            key: share * outside[item]
            for item, parts in inside.items()
            for key, share in parts.items()
        }

    def exact(self, parts: Mapping[str, Fraction]) -> Fraction | None:
        """The score of sub-items weighted by their shares."""
        if not parts:
            return None
        return sum((share * self.means[key] for key, share in parts.items()), Fraction(0))

    def n(self, keys: Collection[str]) -> int:
        """Forms with at least one answer to these sub-items."""
        return sum(pile.answered(keys) for pile in self.piles)

    @cached_property
    def moves(self) -> dict[str, dict[str, float]]:
        """How far an answer of each level lies from the mean of its sub-item."""
        return {
            key: {level: float(worth - mean) for level, worth in self.points.items()}
            for key, mean in self.means.items()
        }

    def product(self, one: str, other: str) -> float:
        """Σ of what the answers of a form to two sub-items move, multiplied, over the forms."""
        if (one, other) not in self.products:
            moves = self.moves[one], self.moves[other]
            self.products[one, other] = sum(
                product(pile.marks.get(one, {}), pile.marks.get(other, {}), *moves)
                for pile in self.piles
            )
        return self.products[one, other]

    def spread(self, parts: Mapping[str, Fraction], n: int) -> Interval | None:
        """How far chance could have moved the score of these sub-items."""
        score = self.exact(parts)
        if score is None or n < self.minimum:
            return None
        pulls = {key: float(share / answers(self.counts[key])) for key, share in parts.items()}
        squares = sum((pull * pull * self.product(key, key) for key, pull in pulls.items()), 0.0)
        for one, other in combinations(pulls, 2):
            squares += 2 * pulls[one] * pulls[other] * self.product(one, other)
        bounds = float(min(self.points.values())), float(max(self.points.values()))
        return interval(float(score), squares, n=n, frame=self.frame, bounds=bounds)

    # ------------------------------------------------------------------------ lines
    def source(self, key: str = "", weight: Decimal = Decimal(100)) -> SourceScore:
        """The whole tree."""
        items = tuple(self.item(item) for item in self.items)
        total = self.total(key, weight)
        return SourceScore(**vars(total), items=items)

    def total(self, key: str = "", weight: Decimal = Decimal(100)) -> Score:
        """Its first line only."""
        n = self.n(self.counts)
        return Score(
            "", "", key, weight, self.exact(self.shares), n, added(self.counts.values()),
            self.spread(self.shares, n), self.minimum,
        )  # fmt: skip

    def item(self, item: Item) -> ItemScore:
        keys, parts = [sub.key for sub in item.subitems], self.shares_in(item)
        n = self.n(keys)
        return ItemScore(
            item.name, item.name_en, item.key, item.weight, self.exact(parts), n,
            added(self.counts[key] for key in keys), self.spread(parts, n), self.minimum,
            subitems=tuple(self.subitem(sub) for sub in item.subitems),
        )  # fmt: skip

    def subitem(self, sub: SubItem) -> Score:
        counts, parts = self.counts[sub.key], self.shares_in(Item("", "", "", sub.weight, (sub,)))
        n = answers(counts)
        return Score(
            sub.name, sub.name_en, sub.key, sub.weight, self.exact(parts), n, counts,
            self.spread(parts, n), self.minimum,
        )  # fmt: skip


def shares(weights: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Weights as parts of 1."""
    total = sum((Fraction(weight) for weight in weights.values()), Fraction(0))
    return {key: Fraction(weight) / total for key, weight in weights.items()}


def answers(counts: Mapping[str, int]) -> int:
    return sum(counts[level] for level in LEVELS)


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(LEVELS + NOT_APPLICABLE, 0)
    for one in counts:
        for sign, count in one.items():
            total[sign] += count
    return total
