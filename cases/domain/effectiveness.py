"""Does it last? An action is watched for its window; a recurrence reopens it, a clean window
brings it to its verifier with what was found."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.alerts import RECURRED
from cases.enums import PROCESSED, ActionState, CaseState, Criterion, LinkKind
from cases.models import Case, CaseLink, Cause, CorrectiveAction, Recurrence
from cases.rules import has_window, verifier_did_not_implement, verifier_did_not_order
from workflows.domain import outbox, record
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.record import Deed
from workflows.domain.scheduler import chore
from workflows.domain.transitions import perform
from workflows.errors import Conflict
from workflows.models import Outbox, Task, Transition

# These cases are none: never accepted, taken back, or counted elsewhere.
NO_CASE = frozenset(
    {CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.MERGED, CaseState.CONVERTED}
)


# ---------------------------------------------------------------------------- commands
@command(has_window, verifier_did_not_implement, verifier_did_not_order)
def watch(
    action: CorrectiveAction,
    *,
    by: User,
    at: datetime,
    verifier: User | None = None,
    cause: Cause | None = None,
) -> None:
    """It was carried out as planned: from now on its effect is watched. `verifier` (default: who
    says so) decides after the window; it is somebody who neither did nor ordered it. `cause` is
    noted on a case that had none: without product and cause no recurrence can be seen."""
    chosen = verifier or by
    check_verifier(action, chosen)
    note_cause(action, cause, by=by, at=at)
    action.verifier = chosen
    action.watch_from, action.effect = at, {}
    action.watch_until = at + timedelta(days=action.window_days)


def note_cause(action: CorrectiveAction, cause: Cause | None, *, by: User, at: datetime) -> None:
    """Write the cause into the case and its record; refuse a watch that could see nothing."""
    case = action.case
    if cause is not None and case.cause_id != cause.pk:
        case.cause, deed = cause, Deed(by=by, act="cause_found", at=at)
        record.write(case, deed, record.move(case, None, deed))
    blind = case.product_id is None or case.cause_id is None
    if action.criterion == Criterion.NO_RECURRENCE and blind:
        raise ValidationError(
            {
                "cause": _("Without product and cause of the case a recurrence cannot be seen:")
                + " "
                + (_("name the cause here.") if case.product_id else _("correct its facts first."))
            }
        )


def check_verifier(action: CorrectiveAction, verifier: User) -> None:
    for rule in (verifier_did_not_implement, verifier_did_not_order):
        if rule(action, verifier):
            raise ValidationError(
                {"verifier": _("%(name)s did or ordered it and cannot verify it.")
                 % {"name": verifier.name}}
            )  # fmt: skip
    if not verifier.authority.is_any("quality_engineer"):
        raise ValidationError({"verifier": _("The verifier is of the quality department.")})


@command()
def recur(action: CorrectiveAction, *, by: None, at: datetime, case: Case) -> None:
    """A case with the same product and cause came in: the action is open again, the case is
    linked, the verifier is told."""
    Recurrence.objects.get_or_create(action=action, case=case, defaults={"found_at": at})
    if case.pk != action.case_id:
        CaseLink.objects.get_or_create(
            source=case, target=action.case, kind=LinkKind.RECURRENCE, ended_at=None,
            defaults={"at": at},
        )  # fmt: skip
    action.watch_from = action.watch_until = None
    key = f"recurred:{action.pk}:{case.pk}"
    outbox.emit(RECURRED, key, action=action.pk, case=case.pk)


@command()
def pass_window(action: CorrectiveAction, *, by: None, at: datetime) -> None:
    """The window passed: what was found goes to the verifier with the step."""
    action.effect = finding(action)


def finding(action: CorrectiveAction) -> dict[str, Any]:
    """What the watch has seen: how many cases had the same product and cause, which of the same
    product have no cause yet. Two statements."""
    undecided = same_product(action).filter(cause=None).order_by("pk")
    return {
        "from": action.watch_from.isoformat() if action.watch_from else "",
        "until": action.watch_until.isoformat() if action.watch_until else "",
        "cases": repeating(action).count(),
        "open": list(undecided.values_list("number", flat=True)[:20]),
    }


# ---------------------------------------------------------------------------- what recurs
def same_product(action: CorrectiveAction) -> Any:
    """Other cases of the same product received while the action is watched."""
    return (
        Case.objects.filter(
            kind__in=sorted(PROCESSED), product=action.case.product_id,
            received_at__gte=action.watch_from, received_at__lt=action.watch_until,
        )
        .exclude(pk=action.case_id)
        .exclude(state__in=sorted(NO_CASE))
        .exclude(pk__in=action.serves.values("case"))
        .exclude(pk__in=action.recurrences.values("case"))
    )  # fmt: skip


def repeating(action: CorrectiveAction) -> Any:
    return same_product(action).filter(cause=action.case.cause_id)


def watched(case: Case) -> Any:
    """The watched actions that this case is a recurrence for."""
    if case.product_id is None or case.cause_id is None or case.state in NO_CASE:
        return CorrectiveAction.objects.none()
    return (
        CorrectiveAction.objects.filter(
            state=ActionState.WATCHED, criterion=Criterion.NO_RECURRENCE,
            case__product=case.product_id, case__cause=case.cause_id,
            watch_from__lte=case.received_at, watch_until__gt=case.received_at,
        )
        .exclude(case=case.pk)
        .exclude(serves__case=case.pk)
        .exclude(recurrences__case=case.pk)
    )  # fmt: skip


# The deeds by which product, cause or receipt of a case become known.
TELLING = (
    "log", "edit", "rule", "accept_remedy", "order_actions", "pass_measures", "cause_found",
)  # fmt: skip


@outbox.handles("transition")
def look_for_recurrence(row: Outbox) -> None:
    """Product and cause of a case may become known with any of its steps."""
    if row.payload.get("act", TELLING[0]) not in TELLING:
        return
    moved = Transition.objects.filter(
        pk=row.payload["transition"], subject_kind="case", act__in=TELLING
    )
    key = moved.values_list("subject_id", flat=True).first()
    case = Case.objects.filter(pk=key, kind__in=sorted(PROCESSED)).first() if key else None
    if case is None:
        return
    for action in watched(case):
        take(action, "recur", case=case)


@chore("effect_windows", every=timedelta(minutes=1))
def pass_windows(limit: int = 200) -> int:
    """Bring the actions whose window is over to their verifiers; how many."""
    over = CorrectiveAction.objects.filter(state=ActionState.WATCHED, watch_until__lte=now())
    return sum(decide(action) for action in over.select_related("case").order_by("pk")[:limit])


def decide(action: CorrectiveAction) -> bool:
    """A recurrence that nobody followed yet wins over the end of the window."""
    if action.criterion == Criterion.NO_RECURRENCE and action.case.cause_id is not None:
        case = repeating(action).order_by("received_at").first()
        if case is not None:
            return take(action, "recur", case=case)
    return take(action, "pass_window")


def take(action: CorrectiveAction, outcome: str, **given: Any) -> bool:
    """Take the automatic step through the door; False when somebody else was faster."""
    waiting = Q(process__caseprocess__action=action, finished=None, flow_task_type="WATCH")
    task = Task.objects.filter(waiting).first()
    if task is None:
        return False
    try:
        perform(task, outcome, by=None, **given)
    except Conflict:
        return False
    return True


def days_left(action: CorrectiveAction) -> int:
    """Whole days until the window is over."""
    if action.watch_until is None:
        return 0
    return max(0, (timezone.localdate(action.watch_until) - timezone.localdate(now())).days)
