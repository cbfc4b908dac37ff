"""Integrity findings as they are read: the list, the forms of one, what was done with it."""

from typing import Any

from django.db.models import Count, QuerySet

from surveys.enums import FindingState as S
from surveys.models import Finding, FlaggedResponse
from workflows.models import Transition

PAGE = 50
MOST_DEEDS = 40
VIEWS: dict[str, tuple[str, ...]] = {
    "open": (S.PROPOSED, S.PURSUED),
    "confirmed": (S.CONFIRMED,),
    "dismissed": (S.DISMISSED,),
    "all": (S.PROPOSED, S.PURSUED, S.CONFIRMED, S.DISMISSED),
}


def found(view: str, *, campaign: str = "") -> QuerySet[Finding]:
    """The findings of a view with the number of their forms."""
    rows = Finding.objects.filter(state__in=VIEWS[view])
    if campaign:
        rows = rows.filter(campaign__number=campaign)
    return rows.select_related("campaign").annotate(forms=Count("flagged"))


def by_number(number: str) -> Finding | None:
    names = ("campaign__questionnaire", "decided_by", "confirmed_by", "case")
    return Finding.objects.filter(number=number).select_related(*names).first()


def flags(finding: Finding) -> QuerySet[FlaggedResponse]:
    """Its forms; whether each still counts stands on the response."""
    return finding.flagged.select_related("response__customer", "response__unit")


def deeds(finding: Finding) -> list[Any]:
    """What people did with it, the latest first: one statement."""
    rows = Transition.objects.filter(
        subject_kind=finding.SUBJECT_KIND, subject_id=finding.pk
    ).select_related("by", "on_behalf_of")
    return list(rows.order_by("-pk")[:MOST_DEEDS])
