"""The rule of lost business: by example, by property, and over the months that are compared."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, strategies as st

from surveys.domain.inputs.lost import Rules, Span, added, compare, judge, shifted, spans
from surveys.domain.periods import Period
from surveys.enums import Comparison, Trade

RULES = Rules(fall_percent=D(30), floor=D(10_000))
money = st.decimals(min_value=0, max_value=10**9, places=2)
percents = st.decimals(min_value="0.01", max_value=100, places=2)


@pytest.mark.parametrize(
    ("before", "now", "ever", "stands"),
    [
        ("50000", "0", True, Trade.LOST),
        ("50000", "35000", True, Trade.FALLING),  # 30 % exactly
        ("50000", "35000.01", True, Trade.STEADY),
        ("50000", "80000", True, Trade.STEADY),
        ("9999.99", "0", True, None),  # too small to be told
        ("10000", "0", True, Trade.LOST),
        ("0", "12000", False, Trade.NEW),
        ("0", "12000", True, Trade.REGAINED),
        ("0", "9999", False, None),
        ("0", "0", True, None),
    ],
)
def test_a_customer_stands_as_the_example_says(before, now, ever, stands):
    assert judge(RULES, now=D(now), before=D(before), ever=ever) == stands


def test_who_was_lost_comes_first_and_the_largest_loss_before_others():
    found = compare(
        RULES,
        now={1: D(0), 2: D(20_000), 4: D(30_000)},
        before={1: D(20_000), 2: D(90_000), 3: D(70_000)},
        ever=frozenset(),
    )
    assert [(one.customer, one.trade) for one in found] == [
        (3, Trade.LOST), (1, Trade.LOST), (2, Trade.FALLING), (4, Trade.NEW),
    ]  # fmt: skip
    assert [one.percent for one in found] == [D("-100.0"), D("-100.0"), D("-77.8"), None]


@given(before=money, now=money, ever=st.booleans(), percent=percents, floor=money)
def test_lost_and_new_exclude_each_other_and_the_floor_hides(before, now, ever, percent, floor):
    found = judge(Rules(percent, floor), now=now, before=before, ever=ever)
    if found in (Trade.LOST, Trade.FALLING, Trade.STEADY):
        assert before > 0
        assert before >= floor
        assert (found == Trade.LOST) == (now == 0)
    elif found is not None:
        assert before == 0
        assert now >= floor
        assert (found == Trade.REGAINED) == ever
    else:
        assert max(before, now) < floor or now == before == 0 or 0 < before < floor


@given(before=money, more=money, less=money, percent=percents)
def test_who_buys_more_never_stands_worse(before, more, less, percent):
    more, less = max(more, less), min(more, less)
    order = [Trade.LOST, Trade.FALLING, Trade.STEADY]
    rules = Rules(percent, D(0))
    if before > 0:
        worse, better = (judge(rules, now=one, before=before, ever=True) for one in (less, more))
        assert order.index(worse) <= order.index(better)


def test_a_running_half_year_is_compared_with_as_many_months():
    period = Period(2026, 2)
    assert spans(period, Comparison.BEFORE, date(2026, 10, 1)) == (
        Span(date(2026, 7, 1), date(2026, 11, 1)),
        Span(date(2026, 1, 1), date(2026, 5, 1)),
    )
    now, before = spans(period, Comparison.YEAR_BEFORE, None)
    assert (now.months, before.months, before.first) == (6, 6, date(2025, 7, 1))
    year, earlier = spans(Period(2026), Comparison.BEFORE, date(2026, 2, 1))
    assert (year.months, earlier) == (2, Span(date(2025, 1, 1), date(2025, 3, 1)))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
def test_months_are_shifted_there_and_back(day, count):
    first = day.replace(day=1)
    assert shifted(shifted(first, count), -count) == first
    assert Span(first, shifted(first, abs(count))).months == abs(count)


def test_the_total_of_a_month_counts_instead_of_its_products():
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    rows = [
        (1, may, False, D(3)), (1, may, True, D(10)), (1, june, False, D(4)),
        (2, may, True, None), (3, may, True, None), (3, may, False, D(5)),
    ]  # fmt: skip
    assert added(rows) == {1: D(14), 2: None, 3: D(5)}
