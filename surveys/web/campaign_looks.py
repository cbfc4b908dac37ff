"""How a campaign is shown: where it stands, its population and its record in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from cases.enums import CustomerType
from cases.models import CustomerClass, Product
from surveys.domain import periods
from surveys.domain.frames import Scope
from surveys.enums import CampaignState as S
from surveys.models import Campaign
from workflows.models import Transition

# What stands in the record of a campaign, by act.
DEEDS: dict[str, Any] = {
    "draw_up": gettext_lazy("Drawn up"),
    "edit": gettext_lazy("Draft changed"),
    "draw": gettext_lazy("Frame drawn"),
    "launch": gettext_lazy("Launched"),
    "cancel": gettext_lazy("Cancelled"),
    "declare_sent": gettext_lazy("Forms sent outside the frame"),
    "send": gettext_lazy("Sent out"),
    "remind": gettext_lazy("Reminded"),
    "links_again": gettext_lazy("New links made"),
    "leave_out": gettext_lazy("Left out"),
    "unreachable": gettext_lazy("Cannot be reached"),
    "claim": gettext_lazy("Claimed"),
    "release": gettext_lazy("Released"),
    "transfer": gettext_lazy("Handed over"),
    "warn": gettext_lazy("Reminded"),
    "escalate": gettext_lazy("Escalated"),
}
MOST_DEEDS = 20


@dataclass(frozen=True)
class Look:
    label: Any
    tone: str
    icon: str


def look(campaign: Campaign, at: datetime) -> Look:
    """Its state; of a launched one where it stands in its window."""
    if campaign.state == S.LAUNCHED:
        if at < campaign.starts_at:
            return Look(_("Launched, not open yet"), "blue", "clock")
        if at < campaign.ends_at:
            return Look(_("Open"), "blue", "player-play")
        return Look(_("Over"), "green", "circle-check")
    if campaign.state == S.CANCELLED:
        return Look(campaign.get_state_display(), "grey", "ban")
    return Look(campaign.get_state_display(), "grey", "pencil")


def period_label(campaign: Campaign) -> str:
    return periods.read(campaign.period).label


def population_words(population: dict[str, Any]) -> list[tuple[str, str]]:
    """Each part of the population that is narrowed down: its name, and what is in it."""
    scope = Scope.of(population)
    types = dict(CustomerType.choices)
    told = [
        (_("Customer types"), [str(types.get(one, one)) for one in scope.customer_types]),
        (_("Customer classes"), labels(CustomerClass, scope.classes)),
        (_("Products"), labels(Product, scope.products)),
        (_("Cities"), list(scope.cities)),
    ]
    return [(name, ", ".join(values)) for name, values in told if values]


def labels(model: Any, codes: Iterable[str]) -> list[str]:
    wanted = list(codes)
    return [row.label for row in model.objects.filter(code__in=wanted)] if wanted else []


@dataclass(frozen=True)
class DeedShown:
    title: Any
    at: datetime
    by: Any
    reason: str
    count: int | None
    invitee: str


def record(campaign: Campaign) -> list[DeedShown]:
    """What happened last, the newest first: one statement."""
    rows = Transition.objects.filter(subject_kind="campaign", subject_id=campaign.pk)
    return [
        DeedShown(
            title=DEEDS.get(row.act, row.act),
            at=row.at,
            by=row.by,
            reason=row.reason,
            count=next(
                (row.data[one] for one in ("sent", "reminded", "links") if one in row.data), None
            ),
            invitee=str(row.data.get("invitee", "")),
        )
        for row in rows.select_related("by").order_by("-pk")[:MOST_DEEDS]
    ]
