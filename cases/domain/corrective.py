"""Commands of corrective actions: order, accept, plan, carry out, verify, extend."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import causes, files, incident_policies, wording
from cases.domain.causes import Why
from cases.domain.departments import HANDLERS, check_can_handle, concern
from cases.enums import ACTION_PREFIX, ActionKind, CauseFactor, Criterion, Part, Purpose
from cases.models import Case, CorrectiveAction, ExtensionRequest
from cases.rules import (
    did_not_request,
    no_extension_pending,
    places_are_checked,
    verifier_did_not_implement,
    verifier_did_not_order,
    window_is_over,
)
from cases.validators import LONG, Problems, check_future
from workflows.domain import assignment, processes, record
from workflows.domain.acts import command
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed

# What removes a cause; containment and correction alone do not.
REMOVES_CAUSE = frozenset({ActionKind.CORRECTIVE, ActionKind.PREVENTIVE, ActionKind.IMPROVEMENT})
MOST_DAYS = 730
# A plan approved late still leaves its departments a day.
SOON = timedelta(days=1)


def draft(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: ActionKind | str,
    title: str,
    description: str = "",
    department: Department | None = None,
    owner: User | None = None,
    due: datetime | None = None,
    insisted: bool = False,
    phrases: Sequence[str] | None = None,
) -> CorrectiveAction:
    """A new action with its number, not saved yet: the start of its flow saves it.

    A wording that alone is no measure is pointed out, unless `insisted`; `phrases` are those of
    the policy, where they have been read already.
    """
    problems = Problems()
    title = problems.text("title", title, most=200, lines=False, needed=True)
    description = problems.text("description", description, most=LONG)
    known = wording.phrases(at) if phrases is None else phrases
    vague = wording.point_out(problems, title, description, phrases=known, insisted=insisted)
    if department is not None or due is not None:
        check_future(problems, "due", due)
    problems.check()
    action = CorrectiveAction(
        number=next_number(ACTION_PREFIX, year=timezone.localtime(at).year, digits=4),
        case=case,
        kind=ActionKind(kind),
        title=title,
        description=description,
        insisted=vague,
        proposed_by=by,
        proposed_at=at,
    )
    if department is not None:
        give(action, by=by, department=department, owner=owner, due=due)
    return action


def give(
    action: CorrectiveAction,
    *,
    by: User,
    department: Department,
    owner: User | None,
    due: datetime | None,
) -> None:
    """Hand the action to a department, and at once to a person where one is named; who orders
    it will not verify it."""
    check_can_handle(department)
    if owner is not None:
        check_owner(owner, department)
    action.department, action.owner, action.due = department, owner, due
    action.original_due, action.ordered_by = action.original_due or due, by
    concern(action.case, department, Part.ACTION)


def check_owner(owner: User, department: Department) -> None:
    able = owner.is_active and any(
        owner.authority.may_take(department.pk, role) for role in HANDLERS
    )
    if not able:
        raise ValidationError(
            {"owner": _("%(name)s cannot take this step.") % {"name": owner.name}}
        )


@command()
def propose(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: str,
    title: str,
    description: str = "",
    insisted: bool = False,
) -> CorrectiveAction:
    """Propose an action; the quality department decides who carries it out, or drops it."""
    return draft(
        case, by=by, at=at, kind=kind, title=title, description=description, insisted=insisted
    )


@command()
def add(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: str,
    title: str,
    department: Department,
    due: datetime,
    description: str = "",
    owner: User | None = None,
    insisted: bool = False,
) -> CorrectiveAction:
    """Order one more action while others are running."""
    return draft(
        case,
        by=by,
        at=at,
        kind=kind,
        title=title,
        description=description,
        department=department,
        owner=owner,
        due=due,
        insisted=insisted,
    )


@command()
def assign(
    action: CorrectiveAction,
    *,
    by: User,
    at: datetime,
    department: Department,
    due: datetime,
    owner: User | None = None,
) -> None:
    """Order a proposed or returned action from a department."""
    problems = Problems()
    check_future(problems, "due", due)
    problems.check()
    give(action, by=by, department=department, owner=owner, due=due)


@command()
def accept(action: CorrectiveAction, *, by: User, at: datetime, owner: User | None = None) -> None:
    """The department takes the action on; `owner` carries it out (default: who accepts)."""
    owner = owner or action.owner or by
    check_owner(owner, cast(Department, action.department))
    action.owner = owner


@command()
def begin(
    action: CorrectiveAction,
    *,
    by: User,
    at: datetime,
    whys: Sequence[Why],
    cause_factor: str,
    plan: str,
    escape_whys: Sequence[Why] = (),
    criterion: str = "",
    criterion_text: str = "",
    window_days: int | None = None,
    insisted: bool = False,
) -> None:
    """Record why it occurred and why it was not caught (5-Why trees), the factor (6M), the plan
    and how its effect will show; then carry it out.

    A plan that only says "strengthen training" is pointed out, unless `insisted`; who verifies
    the action sees that its author kept the wording. Without a
    criterion that of the order holds, or what the policy proposes.
    """
    problems = Problems()
    occurred = causes.tree(problems, "whys", whys, needed=True)
    escaped = causes.tree(problems, "escape_whys", escape_whys)
    major = action.case.is_major
    if major and action.kind == ActionKind.CORRECTIVE and not escaped:
        problems.add("escape_whys", _("For a major case say too why it was not caught."))
    if cause_factor not in CauseFactor.values:
        problems.add("cause_factor", _("Choose one of the six factors."))
    plan = problems.text("plan", plan, most=LONG, needed=True)
    policy = incident_policies.in_force(at)
    phrases = policy.vague_phrases
    vague = wording.point_out(problems, plan, phrases=phrases, insisted=insisted)
    chosen = criterion or action.criterion
    days = window_days if window_days is not None or not action.criterion else action.window_days
    effect = effect_of(
        problems, kind=action.kind, criterion=chosen, days=days, major=major,
        text=criterion_text or action.criterion_text, watch_days=policy.watch_days,
    )  # fmt: skip
    problems.check()
    action.whys, action.escape_whys = occurred, escaped
    action.cause_factor, action.plan = cause_factor, plan
    named = f"{action.title} {action.description}"
    action.insisted = vague or bool(incident_policies.vague_wording(named, phrases))
    for name, value in effect.items():
        setattr(action, name, value)


def effect_of(
    problems: Problems,
    *,
    kind: str,
    criterion: str,
    text: str,
    days: int | None,
    major: bool,
    watch_days: int,
) -> dict[str, Any]:
    """Criterion and window of an action, as columns. What is not said is proposed: removing the
    cause of a major case shows in no recurrence for the policy's days, all else is inspected."""
    lasting = major and kind in REMOVES_CAUSE
    proposed = Criterion.NO_RECURRENCE if lasting else Criterion.INSPECTION
    chosen = criterion or str(proposed)
    if chosen not in Criterion.values:
        problems.add("criterion", _("Choose one of the list."))
    usual = watch_days if chosen == Criterion.NO_RECURRENCE else 0
    window = usual if days is None else days
    if not 0 <= window <= MOST_DAYS:
        problems.add("window_days", _("Between 0 and %(most)s days.") % {"most": MOST_DAYS})
    elif chosen == Criterion.NO_RECURRENCE and not window:
        problems.add("window_days", _("A recurrence shows only in time: at least one day."))
    needed = chosen == Criterion.MEASUREMENT
    words = problems.text("criterion_text", text, most=LONG, needed=needed)
    return {"criterion": chosen, "criterion_text": words, "window_days": window}


@command(places_are_checked)
def submit(
    action: CorrectiveAction,
    *,
    by: User,
    at: datetime,
    result: str,
    uploads: Sequence[Any] = (),
) -> None:
    """Say what was done and prove it; an extension that is still undecided lapses."""
    problems = Problems()
    result = problems.text("result", result, most=LONG, needed=True)
    checked = files.check(problems, uploads)
    if not checked and not action.evidence_count:
        problems.add("files", _("Attach at least one file as evidence."))
    problems.check()
    files.keep(checked, case=action.case, by=by, action=action, purpose=Purpose.EVIDENCE)
    action.result, action.submitted_by, action.submitted_at = result, by, at
    action.verified_by = action.verified_at = None
    action.effect = {}
    if action.open_extension is not None:
        lapse(action, Deed(by=by, act="lapse", at=at))


def lapse(action: CorrectiveAction, deed: Deed) -> None:
    """Let an undecided extension lapse and take its step out of the inbox."""
    extension = cast(ExtensionRequest, action.open_extension)
    extension.case, extension.action = action.case, action
    states = record.move(extension, "lapse", deed)
    record.write(extension, deed, states)
    processes.end_subject(extension, deed)


@command(window_is_over, verifier_did_not_implement, verifier_did_not_order)
def verify(action: CorrectiveAction, *, by: User, at: datetime, verification: str) -> None:
    """Confirm that the action works, and say how that was found."""
    problems = Problems()
    verification = problems.text("verification", verification, most=LONG, needed=True)
    problems.check()
    action.verification, action.verified_by, action.verified_at = verification, by, at


@command(verifier_did_not_implement)
def rework(action: CorrectiveAction, *, by: User, at: datetime) -> None:
    """Send it back: not effective, or not proved. The reason tells what is missing."""


@command(no_extension_pending)
def request_extension(
    action: CorrectiveAction, *, by: User, at: datetime, due: datetime, grounds: str
) -> ExtensionRequest:
    """Ask for a later due date; the original one is kept for ever."""
    problems = Problems()
    grounds = problems.text("grounds", grounds, most=LONG, needed=True)
    check_future(problems, "due", due)
    if due and action.due and due <= action.due:
        problems.add("due", _("The new date must be later than the present one."))
    problems.check()
    return ExtensionRequest(
        action=action,
        case=action.case,
        requested_by=by,
        requested_at=at,
        requested_due=due,
        reason=grounds,
    )


@command(did_not_request)
def grant(extension: ExtensionRequest, *, by: User, at: datetime) -> None:
    """Move the action's due moment as requested."""
    action = extension.action
    extension.decided_by, extension.decided_at = by, at
    action.due = extension.requested_due
    deed = Deed(by=by, act="extended", at=at)
    states = record.move(action, None, deed)
    record.write(action, deed, states)
    assignment.reschedule(
        subject_kind="action", number=action.number, node="implement", due=action.due
    )


@command(did_not_request)
def refuse(extension: ExtensionRequest, *, by: User, at: datetime) -> None:
    """Keep the due moment; the reason is told to who asked."""
    extension.decided_by, extension.decided_at = by, at
