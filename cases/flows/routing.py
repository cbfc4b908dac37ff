"""Which department a step waits in, and who gets it at once, read from the process."""

from datetime import datetime
from typing import cast

from accounts.enums import Role
from cases.domain import departments
from cases.models import CaseProcess, CorrectiveAction


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
