"""Which department a step waits in, and who gets it at once, read from the process."""

from datetime import datetime
from typing import cast

from accounts.enums import Role
from accounts.models import Membership
from cases.domain import departments
from cases.enums import ResponseKind
from cases.models import Appeal, CaseProcess, CorrectiveAction, Opinion, Response


def in_service(process: CaseProcess) -> int:
    return process.case.service_department_id


def in_charge(process: CaseProcess) -> int | None:
    return process.case.department_id


def in_quality(process: CaseProcess) -> int | None:
    return departments.quality()


def to_logger(process: CaseProcess) -> int | None:
    """Whoever took the call acknowledges it, if they are of the service centre.

    What was imported waits in the pool: nobody took a call.
    """
    case = process.case
    if case.source:
        return None
    agent = case.logged_by.authority.may_take(case.service_department_id, Role.SERVICE_AGENT)
    return case.logged_by_id if agent else None


def action_of(process: CaseProcess) -> CorrectiveAction:
    """The action of a process of the action flow: it always has one."""
    return cast(CorrectiveAction, process.action)


def in_department(process: CaseProcess) -> int | None:
    return action_of(process).department_id


def to_owner(process: CaseProcess) -> int | None:
    return action_of(process).owner_id


def action_due(process: CaseProcess) -> datetime | None:
    return action_of(process).due


# ---------------------------------------------------------------------------- incidents
def anywhere(process: CaseProcess) -> None:
    """The role alone decides, in whatever department it is held."""


def response_of(process: CaseProcess) -> Response:
    return cast(Response, process.response)


def in_response(process: CaseProcess) -> int:
    return response_of(process).department_id


def response_role(process: CaseProcess) -> str:
    return response_of(process).role


def to_responder(process: CaseProcess) -> int | None:
    """Whoever took the call tells the customer; the other responses wait in their pool."""
    acknowledges = response_of(process).kind == ResponseKind.ACKNOWLEDGEMENT
    return to_logger(process) if acknowledges else None


def in_asked(process: CaseProcess) -> int:
    return cast(Opinion, process.opinion).department_id


def opinion_due(process: CaseProcess) -> datetime:
    return cast(Opinion, process.opinion).due


def another_manager(process: CaseProcess) -> bool:
    """Whether a quality manager is there who neither ruled nor appealed: one statement."""
    appeal = cast(Appeal, process.appeal)
    managers = Membership.objects.filter(
        department=departments.quality(), role=Role.QUALITY_MANAGER, until=None,
        user__is_active=True,
    )  # fmt: skip
    return managers.exclude(user__in=[appeal.arbitration.by_id, appeal.requested_by_id]).exists()


def appeal_place(process: CaseProcess) -> int | None:
    return departments.quality() if another_manager(process) else None


def appeal_role(process: CaseProcess) -> str:
    """The quality manager decides on an appeal; where he ruled himself, management does."""
    role = Role.QUALITY_MANAGER if another_manager(process) else Role.MANAGEMENT_REPRESENTATIVE
    return str(role)


def to_verifier(process: CaseProcess) -> int | None:
    """After the window the verifier has the step; before, quality takes it from the pool."""
    action = action_of(process)
    return action.verifier_id if action.effect else None


def watch_until(process: CaseProcess) -> datetime | None:
    return action_of(process).watch_until
