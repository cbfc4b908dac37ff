"""Invariants of corrective actions and their effect (QUALITY.md 3, number 16)."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from cases.enums import ActionState, CheckResult
from cases.models import CorrectiveAction, ReadAcross, ServedCase
from cases.models.action import CARRIED_OUT
from workflows.domain.invariants import invariant
from workflows.models import Transition

PROVED = (ActionState.VERIFIED, ActionState.CLOSED)


@invariant(16, "A verified action has owner, due date, root cause and another verifier")
def verified_actions_are_whole() -> Iterator[str]:
    proved = CorrectiveAction.objects.filter(state__in=PROVED).filter(
        Q(department=None)
        | Q(due=None)
        | Q(whys=[])
        | Q(verified_by=None)
        | Q(verified_by=F("submitted_by"))
        | Q(verified_by=F("ordered_by"))
    )
    for action in proved:
        yield action.number


@invariant(16, "A verified action has a criterion, and its window is over")
def effects_were_watched() -> Iterator[str]:
    unseen = Q(criterion="") | Q(window_days__gt=0, effect={})
    for action in CorrectiveAction.objects.filter(unseen, state__in=PROVED):
        yield f"{action.number}: {action.criterion or 'no criterion'}, {action.window_days} days"


@invariant(16, "Whoever verified an action took none of its steps")
def verifiers_did_nothing_of_it() -> Iterator[str]:
    own = Transition.objects.filter(
        subject_kind="action", subject_id=OuterRef("pk"), node__in=CARRIED_OUT,
        by=OuterRef("verified_by"),
    )  # fmt: skip
    for action in CorrectiveAction.objects.filter(Exists(own), verified_by__isnull=False):
        yield action.number


@invariant(16, "What is watched has a window and a verifier")
def windows_are_known() -> Iterator[str]:
    known = Q(watch_from__lt=F("watch_until"), verifier__isnull=False)
    for action in CorrectiveAction.objects.filter(~known, state=ActionState.WATCHED):
        yield action.number


@invariant(16, "Every recurrence has reopened its action once")
def recurrences_reopened() -> Iterator[str]:
    counted = CorrectiveAction.objects.annotate(found=Count("recurrences"))
    for action in counted.exclude(found=F("recurrence_count")):
        yield f"{action.number}: {action.found} noted, {action.recurrence_count} times reopened"


@invariant(16, "An action serves other cases than its own")
def actions_serve_others() -> Iterator[str]:
    for row in ServedCase.objects.filter(case=F("action__case")).select_related("action", "case"):
        yield str(row)


@invariant(16, "A place that was checked has a result, and who looked at it")
def looks_are_whole() -> Iterator[str]:
    waiting = Q(result=CheckResult.OPEN, checked_by=None, checked_at=None, note="")
    done = Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(result=CheckResult.OPEN)
    for row in ReadAcross.objects.filter(~(waiting | done)).select_related("action", "product"):
        yield f"{row.action.number}: {row}"
