"""Who may do the acts beside the steps, and who sees what. Who may take a step stands in the flow.

Pure predicates over the person's authority; an auditor never gets a yes to any of them.
"""

from typing import Any

from accounts.enums import Role

QUALITY = (Role.QUALITY_ENGINEER, Role.QUALITY_MANAGER)


def is_quality(subject: Any, by: Any) -> bool:
    return by.authority.is_any(*QUALITY)


def is_service_of(subject: Any, by: Any) -> bool:
    """A service agent or lead of the department that logged the case."""
    return by.authority.may_take(subject.root.service_department_id, Role.SERVICE_AGENT)


def leads_service_of(subject: Any, by: Any) -> bool:
    return by.authority.may_take(subject.root.service_department_id, Role.SERVICE_LEAD)


def service_or_quality(subject: Any, by: Any) -> bool:
    return is_service_of(subject, by) or is_quality(subject, by)


def lead_or_quality(subject: Any, by: Any) -> bool:
    return leads_service_of(subject, by) or is_quality(subject, by)


def leads_quality(case: Any, by: Any) -> bool:
    return by.authority.is_any(Role.QUALITY_MANAGER)


def bears_ruling(case: Any, by: Any) -> bool:
    """Handlers of the departments that the ruling which holds names."""
    if not case.ruled or not by.authority.is_any(Role.HANDLER):
        return False
    return any(by.authority.may_take(key, Role.HANDLER) for key in case.bearing_ids)


def carries_out(action: Any, by: Any) -> bool:
    """The owner of an action, or a colleague of its department who could take it."""
    return action.owner_id == by.pk or by.authority.may_take(action.department_id, Role.HANDLER)


def carries_out_or_quality(action: Any, by: Any) -> bool:
    return carries_out(action, by) or is_quality(action, by)


def works_on(case: Any, by: Any) -> bool:
    """Who may ask for time for a case: the service centre, who has to answer, and quality."""
    department = case.department_id
    answers = department is not None and by.authority.may_take(department, Role.HANDLER)
    return answers or service_or_quality(case, by)


def may_log(by: Any) -> bool:
    """The service centre logs; quality logs what it is told directly."""
    return by.authority.is_any(Role.SERVICE_AGENT, *QUALITY)


def may_open_finding(by: Any) -> bool:
    """Cases out of our own figures are raised by whoever answers for the figures."""
    return by.authority.is_any(
        *QUALITY, Role.MARKETING, Role.MANAGEMENT_REPRESENTATIVE, Role.GENERAL_MANAGER
    )


def may_write(case: Any, by: Any) -> bool:
    """Whoever sees a case may comment and attach, except those who only read."""
    return bool(by.authority.roles - {Role.AUDITOR, Role.ADMINISTRATOR})


def may_propose(case: Any, by: Any) -> bool:
    """Handlers of the responsible department and quality propose actions."""
    if is_quality(case, by):
        return True
    department = case.department_id
    return department is not None and by.authority.may_take(department, Role.HANDLER)
