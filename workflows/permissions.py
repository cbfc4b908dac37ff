"""Who may take a step: one predicate for inbox, screens, API and the door."""

from typing import Any

from accounts.enums import Role
from accounts.permissions import may_administer
from workflows.rules import Refusal

# They lead a pool: may hand a colleague's step over, and are told of what is overdue.
LEADERS = frozenset({Role.HEAD, Role.SERVICE_LEAD, Role.QUALITY_MANAGER})


def may_take(task: Any, by: Any) -> bool:
    """Whether the person stands in the pool the step waits in, owns it, or has one of the roles
    that its node admits wherever they are."""
    node = getattr(task, "flow_task", None)
    if getattr(node, "automatic", False):
        return False
    if task.owner_id == by.pk or by.authority.may_take(task.department_id, task.role):
        return True
    return by.authority.is_any(*getattr(node, "_also", ()))


def may_operate(by: Any) -> bool:
    """Keep what leaves the house: endpoints, wordings, the delivery log."""
    return may_administer(by)


def leads(task: Any, by: Any) -> bool:
    """Whether the person leads the department that the step waits in."""
    return any(
        department == task.department_id and role in LEADERS
        for department, role in by.authority.held
    )


def held_by_another(task: Any, by: Any) -> Refusal | None:
    """A claimed step is its owner's until it is released or handed over."""
    from django.utils.translation import gettext_lazy as _

    if task.owner_id is None or task.owner_id == by.pk:
        return None
    return Refusal(_("Claimed by"), (task.owner.name,))
