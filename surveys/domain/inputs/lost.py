"""Who was lost, who falls: the rule of lost business (流失业务), without a database."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from surveys.domain.periods import Period
from surveys.enums import Comparison, Trade

TENTH = Decimal("0.1")
# How a list of customers begins: what hurts most first.
ORDER = [Trade.LOST, Trade.FALLING, Trade.NEW, Trade.REGAINED, Trade.STEADY]


@dataclass(frozen=True)
class Rules:
    """`fall_percent` of 0 to 100; `floor` in the measure that the figures are in."""

    fall_percent: Decimal
    floor: Decimal


@dataclass(frozen=True)
class Purchases:
    """What a customer bought in a period and in the earlier one, and how that stands."""

    customer: int
    now: Decimal
    before: Decimal
    trade: Trade

    @property
    def change(self) -> Decimal:
        return self.now - self.before

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of the earlier period; None where nothing was bought then."""
        if not self.before:
            return None
        return (self.change * 100 / self.before).quantize(TENTH, ROUND_HALF_UP)


def judge(rules: Rules, *, now: Decimal, before: Decimal, ever: bool) -> Trade | None:
    """How a customer stands; None for one who is too small, or bought nothing in either period.

    `ever`: whether they had bought anything before the earlier period.
    """
    if before > 0:
        if before < rules.floor:
            return None
        if now <= 0:
            return Trade.LOST
        # Not divided: a fall of exactly the limit is told.
        fell = (before - now) * 100 >= rules.fall_percent * before
        return Trade.FALLING if fell and now < before else Trade.STEADY
    if now <= 0 or now < rules.floor:
        return None
    return Trade.REGAINED if ever else Trade.NEW


def compare(
    rules: Rules,
    *,
    now: Mapping[int, Decimal],
    before: Mapping[int, Decimal],
    ever: AbstractSet[int],
) -> list[Purchases]:
    """Everybody large enough, by standing and then by how much was lost or won."""
    nothing, found = Decimal(0), []
    for customer in now.keys() | before.keys():
        bought, had = now.get(customer, nothing), before.get(customer, nothing)
        trade = judge(rules, now=bought, before=had, ever=customer in ever)
        if trade is not None:
            found.append(Purchases(customer, bought, had, trade))
    return sorted(found, key=lambda one: (ORDER.index(one.trade), -abs(one.change), one.customer))


# ---------------------------------------------------------------------------- months
class Span(NamedTuple):
    """Months from the first, up to one that does not belong to it any more."""

    first: date
    after: date

    @property
    def months(self) -> int:
        return (self.after.year - self.first.year) * 12 + self.after.month - self.first.month


def shifted(month: date, count: int) -> date:
    """The first day of the month so many months later."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def earlier(period: Period, comparison: str) -> Period:
    """The period that another one is compared with."""
    if comparison == Comparison.YEAR_BEFORE:
        return Period(period.year - 1, period.half)
    return period.before


def spans(period: Period, comparison: str, last: date | None) -> tuple[Span, Span]:
    """The months compared: those of the period up to the last one with figures, and as many of
    the earlier one. A half-year that still runs is not held against a whole one."""
    first = period.first_day
    after = period.day_after if last is None else min(period.day_after, shifted(last, 1))
    count = Span(first, after).months
    begins = earlier(period, comparison).first_day
    return Span(first, after), Span(begins, shifted(begins, count))


def added(rows: Iterable[tuple[int, date, bool, Decimal | None]]) -> dict[int, Decimal | None]:
    """Sums by customer out of (customer, month, whether it is the total of the month, figure).

    The total of a month counts instead of its products. None for a customer of whom no row has
    this figure.
    """
    totals: dict[tuple[int, date], Decimal] = {}
    parts: dict[tuple[int, date], Decimal] = {}
    found: dict[int, Decimal | None] = {}
    for customer, month, whole, figure in rows:
        found.setdefault(customer, None)
        if figure is not None:
            kept = totals if whole else parts
            kept[customer, month] = kept.get((customer, month), Decimal(0)) + figure
    for (customer, _month), figure in {**parts, **totals}.items():
        found[customer] = (found[customer] or Decimal(0)) + figure
    return found
