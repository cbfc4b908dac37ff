"""Whom a campaign asks: population, required n, the frame and its units."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError

from cases.models import CustomerClass, Delivery
from surveys.domain import frames, sending
from surveys.domain.campaigns import UnitDraft
from surveys.models import SatisfactionPolicy
from tests.factories import do
from tests.surveys.campaigning import (
    customers,
    drafted,
    drawn,
    edited,
    launched,
    product,
    units,
)
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db


# Known values at 95 % and p = 0.5, with the finite population in the third column.
@pytest.mark.parametrize(
    ("margin", "size", "needed"),
    [
        ("5", None, 385),
        ("3", None, 1068),
        ("1", None, 9604),
        ("10", None, 97),
        ("5", 100, 80),
        ("5", 1000, 278),
        ("5", 10_000, 370),
        ("3", 10_000, 965),
        ("5", 1_000_000, 385),
        ("5", 1, 1),
        ("5", 0, 0),
        ("50", 3, 2),
        ("0.1", 20, 20),
    ],
)
def test_the_required_n_is_exact_and_rounded_up(margin, size, needed):
    assert frames.required_n(Decimal(margin), size) == needed


def test_the_required_n_never_falls_short_of_the_margin():
    for size in (7, 50, 384, 385, 5000):
        n = frames.required_n(Decimal(5), size)
        # The margin of error that n answers of this population have, squared.
        error = frames.Z**2 * Fraction(1, 4) / n * Fraction(size - n, max(size - 1, 1))
        assert error <= Fraction(5, 100) ** 2


def test_forms_are_sent_so_that_enough_come_back():
    assert frames.forms_for(278, Decimal(80), 1000) == 348
    assert frames.forms_for(278, Decimal(80), 300) == 300


def test_the_population_goes_by_type_city_class_and_delivered_product(company):
    line = product("PUMP")
    model = product("PUMP-1", line)
    here = customers(company, 3)
    gold = CustomerClass.objects.create(code="gold", name="金牌")
    here[0].customer_class = gold
    here[0].save()
    customers(company, 2, city="北京")
    customers(company, 1, type="end")
    Delivery.objects.create(customer=here[1], product=model, delivered_on="2026-02-01")

    def asked(**population):
        return frames.population(drafted(company, population=population)).count()

    assert asked() == 7  # with the customer of the company fixture
    assert asked(customer_types=["direct"]) == 5
    assert asked(customer_types=["direct"], cities=["上海"]) == 3
    assert asked(classes=["gold"]) == 1
    assert asked(products=["PUMP"]) == 1
    assert asked(products=["PUMP-1", "BX-200"]) == 6
    assert asked(products=["PUMP"], cities=["北京"]) == 0


def test_the_source_of_the_rules_limits_the_population(company):
    customers(company, 2)
    customers(company, 3, type="end")
    assert frames.population(drafted(company, source="qc_survey")).count() == 2
    both = drafted(company, source="qc_survey", population={"customer_types": ["end"]})
    assert frames.population(both).count() == 0
    other = product("FEED")
    version = SatisfactionPolicy.objects.get()
    version.document["sources"][0]["products"] = ["FEED"]
    version.save()
    Delivery.objects.create(
        customer=customers(company, 1)[0], product=other, delivered_on="2026-02-01"
    )
    assert frames.population(drafted(company)).count() == 1


def test_unknown_names_of_a_population_are_named(company):
    with pytest.raises(ValidationError) as refused:
        drafted(company, population={"products": ["NO"], "customer_types": ["alien"], "classes": 3})
    assert set(refused.value.message_dict) == {"products", "customer_types", "classes"}
    assert "NO" in refused.value.message_dict["products"][0]


def test_everybody_of_the_population_stands_in_the_frame_once(company):
    found = customers(company, 4)
    later = product("NEW")
    Delivery.objects.create(customer=found[0], product=later, delivered_on="2026-03-01")
    campaign = drawn(drafted(company, population={"customer_types": ["direct"]}), company)
    rows = list(campaign.invitees.order_by("external_id"))
    assert [row.external_id for row in rows] == ["0001", "0002", "0003", "0004"]
    assert {row.customer for row in rows} == set(found)
    first = rows[0]
    assert (first.name, first.customer_type, first.region, first.city) == (
        "客户 1", "direct", "华东", "上海",
    )  # fmt: skip
    assert first.product == later
    assert rows[1].product == company.product
    assert campaign.population["drawn"]["of"] == 4


def test_the_product_of_a_form_is_one_the_campaign_asks_about(company):
    found = customers(company, 1)
    Delivery.objects.create(customer=found[0], product=product("NEW"), delivered_on="2026-03-01")
    campaign = drawn(drafted(company, population={"products": ["BX-200"]}), company)
    assert campaign.invitees.get().product == company.product


def test_the_same_seed_draws_the_same_customers(company):
    customers(company, 30)

    def names(seed):
        campaign = drawn(drafted(company), company, size=5, seed=seed)
        return sorted(campaign.invitees.values_list("name", flat=True))

    assert names(7) == names(7)
    assert len(names(7)) == 5
    assert names(7) != names(8)


@pytest.mark.parametrize("size", [0, 32])
def test_more_than_everybody_and_nobody_cannot_be_drawn(company, size):
    customers(company, 30)
    with pytest.raises(ValidationError) as refused:
        drawn(drafted(company), company, size=size)
    assert "size" in refused.value.message_dict


def test_an_empty_population_cannot_be_drawn(company):
    with pytest.raises(ValidationError):
        drawn(drafted(company, population={"cities": ["火星"]}), company)


def test_each_unit_gets_the_invitees_of_its_regions(company):
    east, north, others = units(company, 3)
    customers(company, 2)
    customers(company, 3, region="华北")
    customers(company, 1, region="西南")
    draft = drafted(
        company,
        population={"customer_types": ["direct"]},
        units=[UnitDraft(east, ("华东",), 2), UnitDraft(north, ("华北",)), UnitDraft(others)],
    )
    campaign = drawn(draft, company)
    held = {unit: campaign.invitees.filter(unit=unit).count() for unit in (east, north, others)}
    assert held == {east: 2, north: 3, others: 1}
    campaign = edited(campaign, company, units=[UnitDraft(east, ("华东", "华北"))])
    assert campaign.invitees.filter(unit=east).count() == 5
    assert campaign.invitees.filter(unit=None).count() == 1


def test_a_region_belongs_to_one_unit(company):
    east, north = units(company, 2)
    with pytest.raises(ValidationError) as refused:
        drafted(company, units=[UnitDraft(east, ("华东",)), UnitDraft(north, ("华东",))])
    assert "units" in refused.value.message_dict
    with pytest.raises(ValidationError):
        drafted(company, units=[UnitDraft(east), UnitDraft(north)])
    with pytest.raises(ValidationError):
        drafted(company, units=[UnitDraft(east, ("华东",)), UnitDraft(east, ("华北",))])


def test_a_frame_is_replaced_while_it_is_a_draft_and_frozen_after_the_launch(company):
    found = customers(company, 5)
    campaign = drawn(drafted(company), company, size=2)
    campaign = drawn(campaign, company, size=4)
    assert campaign.invitees.count() == 4
    campaign = do(campaign, "launch", company.marketer)
    with pytest.raises(Conflict):
        drawn(campaign, company, size=2)
    with pytest.raises(Conflict):
        edited(campaign, company, title="另一个")
    for one in found:
        one.name, one.region, one.type = "改名", "华北", "end"
        one.save()
    assert not campaign.invitees.filter(name="改名").exists()
    assert set(campaign.invitees.values_list("region", flat=True)) <= {"华东", ""}


def test_another_population_makes_the_frame_void_and_another_title_does_not(company):
    customers(company, 5)
    campaign = drawn(drafted(company), company)
    campaign = edited(campaign, company, title="新标题")
    assert campaign.invitees.count() == 6
    assert campaign.population["drawn"]["size"] == 6
    campaign = edited(campaign, company, population={"customer_types": ["direct"]})
    assert campaign.invitees.count() == 0
    assert "drawn" not in campaign.population


def test_only_who_runs_campaigns_draws(company):
    campaign = drafted(company)
    with pytest.raises(Forbidden):
        intervene(campaign, "draw", by=company.agent)


def test_a_launch_with_nobody_left_to_ask_is_refused(company):
    campaign = drawn(drafted(company), company)
    for one in campaign.invitees.all():
        sending.leave_out(invitee=one, by=company.marketer, reason="已停止合作")
    with pytest.raises(Conflict):
        do(campaign, "launch", company.marketer)
    assert launched(company).has_frame
