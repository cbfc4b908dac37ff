"""Questionnaires as they are read: the list, and what stands around one of them."""

from typing import Any

from django.db.models import Count

from surveys.enums import QuestionnaireState as S
from surveys.models import Campaign, Questionnaire
from workflows.models import Transition

PAGE = 50
MOST_CAMPAIGNS = 20
MOST_DEEDS = 40
# What is worked on and what is in use; the past is asked for.
VIEWS: dict[str, tuple[str, ...]] = {
    "current": (S.DRAFT, S.APPROVAL, S.APPROVED),
    "work": (S.DRAFT, S.APPROVAL),
    "use": (S.APPROVED,),
    "past": (S.RETIRED, S.DROPPED),
}


def page(view: str, *, after: int = 0, size: int = PAGE) -> tuple[list[Any], int]:
    """One page, newest first, and the key to go on after (0: the end): one statement."""
    rows = Questionnaire.objects.filter(state__in=VIEWS[view]).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    counted = rows.select_related("approved_by", "created_by").annotate(
        used=Count("campaigns", distinct=True)
    )
    found = list(counted[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else 0


def by_number(number: str) -> Questionnaire | None:
    found = Questionnaire.objects.filter(number=number)
    return found.select_related("created_by", "approved_by").first()


def revisions(questionnaire: Questionnaire) -> list[Questionnaire]:
    """All revisions of its code, the newest first: one statement."""
    rows = Questionnaire.objects.filter(code=questionnaire.code).order_by("-revision")
    return list(rows.select_related("approved_by", "created_by"))


def before(questionnaire: Questionnaire, among: list[Questionnaire]) -> Questionnaire | None:
    """The revision that was in use before it, of those `among` has, newest first."""
    return next(
        (
            one
            for one in among
            if one.revision < questionnaire.revision and one.state in {S.APPROVED, S.RETIRED}
        ),
        None,
    )


def campaigns(questionnaire: Questionnaire) -> list[Campaign]:
    """Those that ask it, the latest first."""
    rows = Campaign.objects.filter(questionnaire=questionnaire).order_by("-starts_at", "-pk")
    return list(rows[:MOST_CAMPAIGNS])


def deeds(questionnaire: Questionnaire) -> list[Transition]:
    """What people did with it, the latest first: one statement."""
    rows = Transition.objects.filter(
        subject_kind=questionnaire.SUBJECT_KIND, subject_id=questionnaire.pk
    )
    return list(rows.select_related("by", "on_behalf_of").order_by("-pk")[:MOST_DEEDS])
