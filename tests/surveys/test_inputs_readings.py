"""What the report reads of the other inputs, with the rows behind it."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Product
from surveys.domain.inputs import events, figures, lost_policy, readings
from surveys.domain.periods import Period
from surveys.enums import Trade
from tests import factories
from tests.surveys import inputs
from workflows.domain.context import now
from workflows.domain.versions import day_of

pytestmark = pytest.mark.django_db
PERIOD = Period(2026, 1)


def test_what_was_published_comes_with_cases_and_products(company):
    case = factories.log(company)
    inputs.press(company, cases=[case], products=[company.product])
    inputs.press(company, kind="bulletin", verdict="conforming", published_on=date(2026, 6, 30))
    inputs.press(company, published_on=date(2025, 12, 31))
    gone = inputs.press(company)
    events.withdraw(by=company.marketer, entry=gone, reason="重复")
    found = readings.press(PERIOD)
    assert [(one.kind, len(one.cases)) for one in found] == [("media", 1), ("bulletin", 0)]
    assert (found[0].cases[0].number, found[0].products) == (case.number, (company.product,))
    assert [one.verdict for one in readings.press(PERIOD, "bulletin")] == ["conforming"]


def test_returns_are_counted_by_product_and_category_against_the_period_before(company):
    inputs.returned(company, quantity=3)
    inputs.returned(company, quantity=4)
    inputs.returned(company, quantity=1, category=None)
    inputs.returned(company, quantity=5, returned_on=date(2025, 11, 1))
    first, second = readings.returns(PERIOD)
    assert (first.category, first.quantity, first.before, first.entries) == (
        company.category, 7, 5, 2,
    )  # fmt: skip
    assert (second.category, second.quantity, second.before) == (None, 1, 0)
    assert first.url.startswith("/satisfaction/inputs/returns/?period=2026-H1&product=")


def test_the_defect_rate_is_of_what_was_inspected_or_else_delivered(company):
    inputs.quality(company, delivered=1000, defective=2)
    inputs.quality(company, month=date(2026, 2, 1), delivered=1000, inspected=500, defective=1)
    inputs.quality(company, month=date(2025, 8, 1), delivered=1000, defective=1)
    wrong = inputs.quality(company, month=date(2026, 3, 1), delivered=10, defective=10)
    figures.withdraw(by=company.engineer, figure=wrong, reason="单位有误")
    (line,) = readings.delivered_quality(PERIOD)
    assert (line.now.delivered, line.now.base, line.now.defective) == (2000, 1500, 3)
    assert (line.now.ppm, line.now.percent, line.before.ppm) == (D(2000), D("0.20"), D(1000))
    assert line.change == D(1000)
    assert readings.quality_total([line]) == (line.now, line.before)
    assert readings.delivered_quality(Period(2020, 1)) == []


def months(company, who, amounts, *, year=2026, first=1):
    for turn, amount in enumerate(amounts):
        inputs.sales(company, customer=who, month=date(year, first + turn, 1), amount=D(amount))


def test_lost_falling_new_and_regained_customers_are_found(company):
    lost, falling, steady, new, back, small = (
        inputs.customer(company, name) for name in ("甲", "乙", "丙", "丁", "戊", "己")
    )
    for who, then, bought in [
        (lost, 60_000, 0), (falling, 80_000, 20_000), (steady, 50_000, 49_000),
        (new, None, 30_000), (back, None, 25_000), (small, 500, 0),
    ]:  # fmt: skip
        if then is not None:
            months(company, who, [then], year=2025, first=7)
        months(company, who, [bought])
    months(company, back, [90_000], year=2024)
    found = readings.lost_business(PERIOD)
    assert found.comparable
    assert [(line.customer.name, line.trade) for line in found.lines] == [
        ("甲", Trade.LOST), ("乙", Trade.FALLING), ("丁", Trade.NEW), ("戊", Trade.REGAINED),
        ("丙", Trade.STEADY),
    ]  # fmt: skip
    assert found.of(Trade.FALLING)[0].figures.percent == D("-75.0")
    assert (found.total, found.total_before) == (D(124_000), D(190_500))
    # January alone has figures, so that July is what it is compared with.
    assert (found.now.months, found.before.first) == (1, date(2025, 7, 1))
    assert found.counts[Trade.LOST] == 1


def test_without_figures_of_the_earlier_period_nobody_is_new(company):
    months(company, company.customer, [50_000])
    found = readings.lost_business(PERIOD)
    assert (found.comparable, found.lines, found.total) == (False, (), D(50_000))
    assert not readings.lost_business(Period(2020, 1)).comparable


def test_who_has_figures_in_the_other_measure_only_is_counted_as_not_measured(company):
    months(company, company.customer, [50_000], year=2025, first=7)
    months(company, company.customer, [50_000])
    other = inputs.customer(company, "庚")
    inputs.sales(company, customer=other, amount=None, quantity=D(10))
    assert readings.lost_business(PERIOD).unmeasured == 1


def test_a_version_of_the_policy_judges_from_its_day_on(company):
    months(company, company.customer, [50_000], year=2025, first=7)
    months(company, company.customer, [40_000])
    assert readings.lost_business(PERIOD).lines[0].trade == Trade.STEADY
    strict = lost_policy.new_lost_policy(
        by=company.manager, holds_from=day_of(now()), reason="收紧", comparison="before",
        measure="amount", fall_percent=D(20), floor=D(0),
    )  # fmt: skip
    assert readings.lost_business(PERIOD, strict).lines[0].trade == Trade.FALLING
    assert lost_policy.judging(Period(2020, 1)).fall_percent == D(30)
    assert lost_policy.judging(Period(2090, 1)) == strict


def test_the_readings_take_the_same_statements_for_many_rows(company):
    def fill(first, last):
        for turn in range(first, last):
            product = Product.objects.create(code=f"P{turn}", name=f"P{turn}", path="/9/")
            who = inputs.customer(company, f"客户{turn}")
            inputs.press(company, products=[product], cases=[case])
            inputs.returned(company, product=product)
            inputs.quality(company, product=product)
            months(company, who, [50_000], year=2025, first=7)
            months(company, who, [10_000])

    def statements(read):
        with CaptureQueriesContext(connection) as found:
            read(PERIOD)
        return len(found)

    case = factories.log(company)
    reads = [readings.press, readings.returns, readings.delivered_quality, readings.lost_business]
    fill(0, 1)
    few = [statements(read) for read in reads]
    fill(1, 50)
    assert [statements(read) for read in reads] == few
    assert sum(few) <= 18
