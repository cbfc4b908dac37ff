"""Commands on other inputs: what is checked, what is kept, who may."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.models import Product
from surveys.domain.inputs import events, figures
from surveys.models import DeliveredQuality, InputChange, PressItem, ReturnedGoods, SalesVolume
from tests import factories
from tests.surveys import inputs
from workflows.domain.context import now
from workflows.errors import Conflict, Forbidden, OutsideEngine, Stale

pytestmark = pytest.mark.django_db
LOGGED = [inputs.press, inputs.returned, inputs.quality, inputs.sales]


@pytest.fixture
def case(company):
    return factories.log(company)


@pytest.mark.parametrize("log", LOGGED)
@pytest.mark.parametrize("name", ["agent", "handler", "head", "director", "auditor", "admin"])
def test_only_marketing_and_quality_log_inputs(company, log, name):
    with pytest.raises(Forbidden):
        log(company, by=getattr(company, name))


@pytest.mark.parametrize(
    ("log", "changes", "field"),
    [
        (inputs.press, {"title": " "}, "title"),
        (inputs.press, {"verdict": "recall"}, "verdict"),
        (inputs.press, {"kind": "blog"}, "kind"),
        (inputs.press, {"url": "javascript:alert(1)"}, "url"),
        (inputs.press, {"published_on": date(1900, 1, 1)}, "published_on"),
        (inputs.returned, {"quantity": 0}, "quantity"),
        (inputs.returned, {"quantity": 2**31}, "quantity"),
        (inputs.returned, {"product": None}, "product"),
        (inputs.quality, {"defective": 1001}, "defective"),
        (inputs.quality, {"inspected": 1001}, "inspected"),
        (inputs.quality, {"inspected": 2}, "defective"),
        (inputs.quality, {"delivered": -1}, "delivered"),
        (inputs.quality, {"month": None}, "month"),
        (inputs.sales, {"amount": None}, "amount"),
        (inputs.sales, {"amount": Decimal(-1)}, "amount"),
        (inputs.sales, {"amount": Decimal("NaN")}, "amount"),
        (inputs.sales, {"amount": Decimal("0.001")}, "amount"),
        (inputs.sales, {"customer": None}, "customer"),
    ],
)
def test_what_is_wrong_stands_at_its_field(company, log, changes, field):
    with pytest.raises(ValidationError) as refused:
        log(company, **changes)
    assert field in refused.value.message_dict


@pytest.mark.parametrize(
    ("log", "field"),
    [(inputs.press, "published_on"), (inputs.returned, "returned_on"), (inputs.sales, "month")],
)
def test_nothing_lies_in_the_future(company, log, field):
    with pytest.raises(ValidationError) as refused:
        log(company, **{field: (now() + timedelta(days=40)).date()})
    assert field in refused.value.message_dict


def test_a_report_is_linked_to_cases_and_products_and_corrected_with_its_history(company, case):
    other = Product.objects.create(code="BX-300", name="BX-300", path="/2/")
    item = inputs.press(company, cases=[case], products=[company.product])
    kept = {"kind": "media", "verdict": "neutral", "publisher": "消费日报", "url": "",
            "title": item.title, "published_on": item.published_on}  # fmt: skip
    events.correct_press(
        by=company.engineer, item=item, seen=1, why="原文已更正", products=[other],
        cases=[case], **kept,
    )  # fmt: skip
    item.refresh_from_db()
    assert (item.version, item.verdict, item.summary) == (2, "neutral", "")
    assert [*item.products.all()] == [other]
    assert [*item.cases.all()] == [case]
    change = InputChange.objects.get()
    assert (change.by, change.reason) == (company.engineer, "原文已更正")
    assert ["verdict", "critical", "neutral"] in change.changes
    assert ["products", str(company.product), str(other)] in change.changes
    with pytest.raises(Stale):
        events.correct_press(
            by=company.engineer, item=item, seen=1, why="x", products=[], cases=[], **kept
        )
    with pytest.raises(OutsideEngine):
        change.delete()


def test_a_case_is_linked_once(company, case):
    item, goods = inputs.press(company), inputs.returned(company)
    for _turn in range(2):
        events.link_case(by=company.marketer, entry=item, case=case)
        events.link_case(by=company.marketer, entry=goods, case=case)
    item.refresh_from_db()
    goods.refresh_from_db()
    assert (item.version, goods.version, goods.case) == (2, 2, case)
    assert InputChange.objects.count() == 2


def test_nothing_is_deleted_and_what_is_withdrawn_stays_withdrawn(company):
    for entry in (inputs.press(company), inputs.returned(company)):
        with pytest.raises(ValidationError):
            events.withdraw(by=company.marketer, entry=entry, reason=" ")
        events.withdraw(by=company.marketer, entry=entry, reason="重复登记")
        with pytest.raises(Conflict):
            events.withdraw(by=company.marketer, entry=entry, reason="again")
        with pytest.raises(OutsideEngine):
            entry.delete()
        with pytest.raises(OutsideEngine):
            type(entry).objects.all().delete()
        assert type(entry).objects.count() == 1
        assert not type(entry).objects.standing().exists()
    assert InputChange.objects.count() == 2


def test_a_figure_is_replaced_by_a_revision_and_the_old_one_kept(company):
    first = inputs.quality(company)
    second = figures.correct(
        by=company.marketer, figure=first, why="补录", delivered=1000, inspected=800,
        defective=5, unit="件",
    )  # fmt: skip
    rows = DeliveredQuality.objects.order_by("revision")
    assert [(row.revision, row.is_current, row.defective) for row in rows] == [
        (1, False, 3), (2, True, 5),
    ]  # fmt: skip
    assert (second.reason, second.base, second.month) == ("补录", 800, date(2026, 1, 1))
    with pytest.raises(Conflict):
        figures.correct(by=company.marketer, figure=first, why="x", delivered=1, defective=0)
    second.defective = 9
    with pytest.raises(OutsideEngine):
        second.save()


def test_of_one_month_there_is_one_figure_until_it_is_withdrawn(company):
    figure = inputs.sales(company)
    with pytest.raises(ValidationError) as refused:
        inputs.sales(company, amount=Decimal(1))
    assert "month" in refused.value.message_dict
    inputs.sales(company, product=company.product)
    figures.withdraw(by=company.marketer, figure=figure, reason="客户填错")
    again = inputs.sales(company, amount=Decimal(7))
    assert again.revision == 2
    assert SalesVolume.objects.standing().count() == 2


def test_the_database_itself_keeps_months_rates_and_currency(company):
    inputs.quality(company)
    inputs.sales(company)
    given = {"logged_by": company.marketer, "logged_at": now()}
    bad = [
        DeliveredQuality(product=company.product, month=date(2026, 2, 2), delivered=1, defective=0),
        DeliveredQuality(product=company.product, month=date(2026, 2, 1), delivered=1, defective=2),
        DeliveredQuality(product=company.product, month=date(2026, 1, 1), delivered=1,
                         defective=0, revision=2),
        SalesVolume(customer=company.customer, month=date(2026, 1, 1), amount=1, revision=2),
        SalesVolume(customer=company.customer, month=date(2026, 2, 1)),
        SalesVolume(customer=company.customer, month=date(2026, 2, 1), amount=-1),
        ReturnedGoods(product=company.product, quantity=0, returned_on=date(2026, 1, 1)),
        PressItem(kind="media", verdict="recall", title="x", published_on=date(2026, 1, 1)),
        PressItem(kind="media", verdict="neutral", title="x", published_on=date(2026, 1, 1),
                  withdrawn_at=now()),
    ]  # fmt: skip
    for row in bad:
        for name, value in given.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
