"""Arbitration (仲裁): opened by a dispute or after a joint review, ruled by quality, one appeal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import files, incident_policies
from cases.domain.departments import check_can_handle, concern
from cases.enums import Matter, OpinionState, Part, Purpose
from cases.models import Appeal, Arbitration, Case, Cause, Opinion, Share
from cases.rules import did_not_request_appeal, did_not_rule, one_appeal_in_time
from cases.validators import LONG, Problems, check_future
from workflows.domain import deadlines, processes, record
from workflows.domain.acts import command
from workflows.domain.record import Deed
from workflows.models import Task

WHOLE = 100
Shares = Sequence[tuple[Department, int]]


def open_for(
    case: Case, *, by: User | None, at: datetime, matters: Sequence[str] = (Matter.RESPONSIBILITY,)
) -> Arbitration:
    """Open the arbitration of a case; statements are heard within the policy's window."""
    hours = incident_policies.in_force(at).hearing_hours
    return Arbitration.objects.create(
        case=case, matters=list(matters), opened_by=by, opened_at=at,
        window_until=deadlines.due_in(hours, at=at),
    )  # fmt: skip


def current(case: Case) -> Arbitration | None:
    """The one that is open, else the latest ruling: one statement."""
    return case.arbitrations.filter(ended_at=None).order_by("-pk").first()


def abandon(case: Case, *, at: datetime) -> None:
    """The case goes another way: an open arbitration ends without a ruling."""
    case.arbitrations.filter(at=None, ended_at=None).update(ended_at=at)


@command()
def send_back(case: Case, *, by: User, at: datetime) -> None:
    """The case returns to an earlier step; what was opened ends without a ruling."""
    end_hearings(case, by=by, at=at)
    abandon(case, at=at)


def end_hearings(case: Case, *, by: User, at: datetime) -> None:
    """Parties that were asked and have not spoken are not waited for any longer."""
    deed = Deed(by=by, act="miss", at=at)
    for hearing in case.opinions.filter(review=None, state=OpinionState.REQUESTED):
        hearing.case = case
        record.write(hearing, deed, record.move(hearing, "miss", deed))
        processes.end_subject(hearing, deed)


# ---------------------------------------------------------------------------- hearing and ruling
@command()
def hear(case: Case, *, by: User, at: datetime, department: Department, due: datetime) -> Opinion:
    """Ask a party for its statement and evidence, until the end of a window."""
    problems = Problems()
    check_future(problems, "due", due)
    problems.check()
    check_can_handle(department)
    arbitration = current(case)
    if arbitration is None or arbitration.at is not None:
        arbitration = open_for(case, by=by, at=at)
    if arbitration.hearings.filter(department=department).exists():
        raise ValidationError({"department": _("This department is asked already.")})
    concern(case, department, Part.CONCERNED)
    return Opinion(case=case, arbitration=arbitration, department=department, due=due)


@command()
def rule(
    case: Case,
    *,
    by: User,
    at: datetime,
    ruling: str,
    department: Department | None = None,
    shares: Shares = (),
    effects: str = "",
    matters: Sequence[str] = (),
    cause: Cause | None = None,
) -> None:
    """Decide who bears which share (仲裁裁定), and what the cause was. `department` alone bears
    all of it; of several, the largest share leads. A complaint's leading department that has not
    stated is asked next.
    """
    problems = Problems()
    ruling = problems.text("ruling", ruling, most=LONG, needed=True)
    effects = problems.text("effects", effects, most=LONG)
    parts = check_shares(problems, department, shares)
    known = [matter for matter in matters if matter in Matter.values]
    problems.check()
    arbitration = current(case)
    if arbitration is None or arbitration.at is not None:
        arbitration = open_for(case, by=by, at=at)
    arbitration.matters = known or arbitration.matters or [str(Matter.RESPONSIBILITY)]
    end_hearings(case, by=by, at=at)
    give(arbitration, parts, ruling=ruling, effects=effects, by=by, at=at)
    case.cause = cause or case.cause
    lead(case, parts)


def check_shares(
    problems: Problems, department: Department | None, shares: Shares
) -> list[tuple[Department, int]]:
    """The shares, the largest first: whole per cent that add up to 100, each department once."""
    parts = [(one, percent) for one, percent in shares if percent]
    if not parts and department is not None:
        parts = [(department, WHOLE)]
    if not parts:
        problems.add("shares", _("Name at least one department."))
    if any(not 1 <= percent <= WHOLE for _one, percent in parts):
        problems.add("shares", _("A share is a whole number from 1 to 100."))
    elif parts and sum(percent for _one, percent in parts) != WHOLE:
        total = sum(percent for _one, percent in parts)
        problems.add(
            "shares", _("The shares add up to %(total)s %%, not to 100 %%.") % {"total": total}
        )
    if len({one.pk for one, _percent in parts}) < len(parts):
        problems.add("shares", _("Each department has one share."))
    return sorted(parts, key=lambda part: -part[1])


def give(
    arbitration: Arbitration,
    parts: list[tuple[Department, int]],
    *,
    ruling: str,
    effects: str,
    by: User,
    at: datetime,
) -> None:
    """Write the ruling with its shares."""
    check_can_handle(parts[0][0])
    arbitration.department, arbitration.ruling = parts[0][0], ruling
    arbitration.effects, arbitration.by, arbitration.at = effects, by, at
    arbitration.save()
    Share.objects.bulk_create(
        Share(arbitration=arbitration, department=one, percent=percent) for one, percent in parts
    )


def lead(case: Case, parts: list[tuple[Department, int]]) -> None:
    """The largest share leads; everyone who bears a share sees the case."""
    case.department = parts[0][0]
    for one, _percent in parts:
        concern(case, one, Part.RESPONSIBLE)


# ---------------------------------------------------------------------------- appeal
@command(one_appeal_in_time)
def appeal(
    case: Case,
    *,
    by: User,
    at: datetime,
    grounds: str,
    uploads: Sequence[Any] = (),
) -> Appeal:
    """Appeal against the ruling, once. The case goes on meanwhile."""
    problems = Problems()
    grounds = problems.text("grounds", grounds, most=LONG, needed=True)
    checked = files.check(problems, uploads)
    problems.check()
    arbitration = current(case)
    assert arbitration is not None
    bearing = list(arbitration.shares.select_related("department"))
    own = next((one.department for one in bearing if may_speak_for(one.department, by)), None)
    department = own or arbitration.department
    assert department is not None
    files.keep(checked, case=case, by=by, purpose=Purpose.APPEAL)
    return Appeal(
        case=case, arbitration=arbitration, department=department, grounds=grounds,
        requested_by=by, requested_at=at,
    )  # fmt: skip


def may_speak_for(department: Department, by: User) -> bool:
    return by.authority.may_take(department.pk, "handler")


@command(did_not_rule, did_not_request_appeal)
def uphold(appeal: Appeal, *, by: User, at: datetime, decision: str) -> None:
    """The ruling stands."""
    decide(appeal, by=by, at=at, decision=decision)


@command(did_not_rule, did_not_request_appeal)
def revise(
    appeal: Appeal,
    *,
    by: User,
    at: datetime,
    decision: str,
    department: Department | None = None,
    shares: Shares = (),
) -> None:
    """Another ruling takes the place of the first one: its shares count from now on."""
    problems = Problems()
    parts = check_shares(problems, department, shares)
    problems.check()
    decide(appeal, by=by, at=at, decision=decision)
    first, case = appeal.arbitration, appeal.case
    second = Arbitration(
        case=case, matters=first.matters, opened_by=appeal.requested_by,
        opened_at=appeal.requested_at, revises=first,
    )  # fmt: skip
    give(second, parts, ruling=appeal.decision, effects=first.effects, by=by, at=at)
    hand_on(case, parts, by=by, at=at)


def decide(appeal: Appeal, *, by: User, at: datetime, decision: str) -> None:
    problems = Problems()
    appeal.decision = problems.text("decision", decision, most=LONG, needed=True)
    problems.check()
    appeal.decided_by, appeal.decided_at = by, at


def hand_on(case: Case, parts: list[tuple[Department, int]], *, by: User, at: datetime) -> None:
    """Write the new lead into the case and its record; a step that waits in the department that
    led before goes over to the one that leads now."""
    before, deed = case.department_id, Deed(by=by, act="ruling_revised", at=at)
    lead(case, parts)
    record.write(case, deed, record.move(case, None, deed))
    waiting = Task.objects.filter(
        process__caseprocess__case=case, finished=None, subject_kind="case", department=before,
        role="handler",
    )  # fmt: skip
    waiting.update(department=case.department, owner=None, status="NEW", assigned=None)
