"""Campaigns as people run them: drawn up, frame drawn, launched, sent, by the real commands."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts.domain import people
from accounts.models import Department
from cases.models import Customer, Delivery, Product
from surveys.domain import campaigns, policies, sending
from surveys.domain.campaigns import UnitDraft
from surveys.models import Campaign, Invitee
from tests.factories import do
from tests.surveys import factories
from workflows.domain.context import now
from workflows.domain.transitions import intervene


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour, minute))


def customers(c: SimpleNamespace, count: int, **changes: Any) -> list[Customer]:
    """Direct customers, each of whom got a bearing."""
    given = {"type": "direct", "region": "华东", "city": "上海", "email": ""}
    found = Customer.objects.bulk_create(
        Customer(
            name=f"客户 {turn + 1}", created_at=now(), created_by=c.agent, **{**given, **changes}
        )
        for turn in range(count)
    )
    Delivery.objects.bulk_create(
        Delivery(customer=one, product=c.product, delivered_on="2026-01-05") for one in found
    )
    return found


def product(code: str, parent: Product | None = None) -> Product:
    found = Product.objects.create(code=code, name=code, parent=parent, path="")
    found.path = f"{parent.path if parent else '/'}{found.pk}/"
    found.save()
    return found


def units(c: SimpleNamespace, count: int) -> list[Department]:
    return [
        people.add_department(
            by=None,
            code=f"U{turn}",
            name=f"片区 {turn}",
            name_en=f"Area {turn}",
            parent=c.marketing,
        )
        for turn in range(count)
    ]


def drafted(c: SimpleNamespace, **changes: Any) -> Campaign:
    """A draft that is open since yesterday; with an approved questionnaire unless one is given."""
    policies.ensure_policy()
    given: dict[str, Any] = {
        "by": c.marketer,
        "title": "上半年满意度调查",
        "starts_at": now() - timedelta(days=1),
        "ends_at": now() + timedelta(days=30),
        "department": c.marketing,
        "source": "sales_survey",
    }
    given |= changes
    if "questionnaire" not in given:
        given["questionnaire"] = factories.questionnaire(c)
    return campaigns.draw_up(**given)


def edited(campaign: Campaign, c: SimpleNamespace, **changes: Any) -> Any:
    """Change something of a draft, the rest as it is."""
    given = {
        name: getattr(campaign, name)
        for name in ("title", "starts_at", "ends_at", "department", "source", "questionnaire")
    }
    given["population"] = campaign.population
    given["units"] = [
        UnitDraft(unit.department, tuple(unit.regions), unit.target)
        for unit in campaign.units.order_by("pk")
    ]
    return intervene(campaign, "edit", by=c.marketer, **{**given, **changes})


def drawn(campaign: Campaign, c: SimpleNamespace, **given: Any) -> Any:
    return intervene(campaign, "draw", by=c.marketer, **given)


def launched(c: SimpleNamespace, count: int = 3, **changes: Any) -> Campaign:
    """A running campaign with so many invitees, to whom nothing was sent yet."""
    if count:
        customers(c, count)
    campaign = drafted(c, **changes)
    return do(drawn(campaign, c), "launch", c.marketer)


def sent(c: SimpleNamespace, count: int = 3, **changes: Any) -> tuple[Campaign, dict[str, str]]:
    """The same with links: {external id: token}."""
    campaign = launched(c, count, **changes)
    links = sending.send(campaign=campaign, by=c.marketer, mail=False)
    return campaign, {one.external_id: link.split("/")[-2] for one, link in links}


def invitee(campaign: Campaign, external_id: str = "0001") -> Invitee:
    return campaign.invitees.get(external_id=external_id)
