"""Media and bulletins, returned goods, delivered quality, lost business, as the report has them.

Of lost business only how many customers, never who: the report is read by more people than
sales figures are (permissions.may_read_inputs).
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Product
from surveys.domain.inputs import readings
from surveys.domain.inputs.readings import Counted, Press, Quality, Returned
from surveys.domain.periods import Period
from surveys.domain.reports import words
from surveys.domain.reports.content import Chart, Column, Figure, Row, Section, Table, Words
from surveys.domain.reports.facts import Facts
from surveys.domain.reports.words import both, same
from surveys.enums import InputKind, Trade

NO_DATA = _("No data was entered.")
# Steady customers are no news.
TOLD = (Trade.LOST, Trade.FALLING, Trade.NEW, Trade.REGAINED)


def section(facts: Facts) -> Section:
    period = facts.period
    tables = (press(period), returned(period), quality(period), trade(period))
    return Section("others", both(_("Media, returns, delivered quality, lost business")), tables)


def press(period: Period) -> Table:
    return Table(
        "press",
        both(_("Media reports and bulletins")),
        (
            Column("name", both(_("Title"))),
            Column("publisher", both(_("Published by"))),
            Column("at", both(_("Published on"))),
            Column("verdict", both(_("Tone or verdict"))),
            Column("cases", both(_("Cases"))),
        ),
        tuple(press_row(one) for one in readings.press(period)),
        empty=both(NO_DATA),
    )


def press_row(one: Press) -> Row:
    return Row(
        f"press-{one.pk}",
        (
            same(one.title, link=one.url),
            same(one.publisher),
            same(one.published_on.isoformat()),
            both(one.verdict.label),
            same(" ".join(case.number for case in one.cases)),
        ),
    )


def product_words(product: Product, link: str = "") -> Words:
    return words.named({"name": product.name, "name_en": product.name_en}, link=link)


def returned(period: Period) -> Table:
    rows = tuple(returned_row(one) for one in readings.returns(period))
    return Table(
        "returned",
        both(_("Returned goods")),
        (
            Column("name", both(_("Product"))),
            Column("category", both(_("Category"))),
            Column("now", both(_("Pieces")), "count"),
            Column("before", both(_("Period before")), "count"),
            Column("change", both(_("Rise or fall")), "change"),
        ),
        rows,
        charts=(Chart("bar", "name", ("now", "before")),) if rows else (),
        empty=both(NO_DATA),
    )


def returned_row(one: Returned) -> Row:
    category = one.category
    kind = (
        words.named({"name": category.name, "name_en": category.name_en})
        if category
        else both(_("Not stated"))
    )
    now = Figure(str(one.quantity), link=one.url)
    change = Figure(f"{one.quantity - one.before:+d}")
    key = f"{one.product.code}:{category.code if category else '-'}"
    return Row(key, (product_words(one.product), kind, now, Figure(str(one.before)), change))


def quality(period: Period) -> Table:
    lines = readings.delivered_quality(period)
    rows = [quality_row(one) for one in lines]
    if rows:
        now, before = readings.quality_total(lines)
        rows.append(Row("total", (both(_("Together")), *counts(now, before, link=""))))
    return Table(
        "quality",
        both(_("Delivered quality")),
        (
            Column("name", both(_("Product"))),
            Column("delivered", both(_("Delivered")), "count"),
            Column("defective", both(_("Defective")), "count"),
            Column("rate", both(_("Defect rate")), "percent"),
            Column("before", both(_("Period before")), "percent"),
        ),
        tuple(rows),
        empty=both(NO_DATA),
    )


def quality_row(one: Quality) -> Row:
    name = product_words(one.product, link=one.url)
    return Row(f"{one.product.code}:{one.unit}", (name, *counts(one.now, one.before, link=one.url)))


def counts(now: Counted, before: Counted, *, link: str) -> tuple[Any, ...]:
    return (
        Figure(str(now.delivered), link=link),
        Figure(str(now.defective), link=link),
        Figure(rate(now.percent), "%", link=link),
        Figure(rate(before.percent), "%"),
    )


def rate(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def trade(period: Period) -> Table:
    """How many customers were lost, fall, are new or came back."""
    found = readings.lost_business(period)
    rows = [
        Row(one.value, (both(one.label), Figure(str(found.counts[one]), link=sales(period))))
        for one in TOLD
        if found.comparable
    ]
    return Table(
        "trade",
        both(_("Lost business")),
        (Column("name", both(_("Customers"))), Column("count", both(_("How many")), "count")),
        tuple(rows),
        empty=both(NO_DATA),
    )


def sales(period: Period) -> str:
    return readings.address(InputKind.SALES, period=period.code)
