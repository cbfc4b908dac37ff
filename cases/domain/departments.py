"""Finding departments by what they are for, and people who can take their steps."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.enums import Function, Role
from accounts.models import Department, Membership, User
from cases.enums import Part
from cases.models import Case, CaseParty
from cases.permissions import QUALITY
from workflows.domain.context import now

HANDLERS = (Role.HANDLER, Role.HEAD)


def department_for(function: Function) -> int | None:
    """The key of the topmost active department of this function: one statement."""
    found = Department.objects.filter(function=function, is_active=True).order_by("path")
    return found.values_list("pk", flat=True).first()


def quality() -> int | None:
    return department_for(Function.QUALITY)


def centre_of(by: User) -> int:
    """The key of the service centre in whose name `by` logs: their own, or the company's."""
    roles = (Role.SERVICE_AGENT, Role.SERVICE_LEAD)
    own = [department for department, role in by.authority.held if role in roles]
    if not own and by.authority.is_any(*QUALITY):
        own = [key for key in [department_for(Function.SERVICE)] if key]
    if not own:
        raise ValidationError(_("Only the service centre and the quality department log cases."))
    return own[0]


def check_can_handle(department: Department) -> None:
    """A case or action goes only where somebody can take it.

    A department that was picked from those on offer (cases/domain/options.py) has been found
    to have handlers a moment ago, by the statement that read it.
    """
    if getattr(department, "has_handlers", False):
        return
    members = Membership.objects.filter(
        department=department, role__in=HANDLERS, until=None, user__is_active=True
    )
    if not department.is_active or not members.exists():
        raise ValidationError(
            {
                "department": _("Nobody in %(department)s can take this step.")
                % {"department": department}
            }
        )


def concern(case: Case, department: Department | int, part: Part) -> None:
    """Let a department see the case from now on: one statement, nothing when it does already."""
    key = department if isinstance(department, int) else department.pk
    party = CaseParty(case=case, department_id=key, part=part, since=now())
    CaseParty.objects.bulk_create([party], ignore_conflicts=True)
