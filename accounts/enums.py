"""Roles of people and functions of departments (shared/DOMAIN.md 1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person may be in one department."""

    SERVICE_AGENT = "service_agent", _("Service agent")
    SERVICE_LEAD = "service_lead", _("Service lead")
    HANDLER = "handler", _("Handler")
    HEAD = "head", _("Head of department")
    QUALITY_ENGINEER = "quality_engineer", _("Quality engineer")
    QUALITY_MANAGER = "quality_manager", _("Quality manager")
    MARKETING = "marketing", _("Marketing")
    MANAGEMENT_REPRESENTATIVE = "management_representative", _("Management representative")
    GENERAL_MANAGER = "general_manager", _("General manager")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Function(TextChoices):
    """What a department is for; the engine finds "the quality department" by it."""

    SERVICE = "service", _("Customer service centre")
    QUALITY = "quality", _("Quality")
    MARKETING = "marketing", _("Marketing")
    AFTER_SALES = "after_sales", _("After-sales")
    OFFICE = "office", _("Office")
    MANAGEMENT = "management", _("Management")
    OTHER = "other", _("Other department")


# Whoever holds the key role may also take the steps that wait for the roles in the value.
COVERS: dict[Role, frozenset[Role]] = {
    Role.SERVICE_LEAD: frozenset({Role.SERVICE_AGENT}),
    Role.HEAD: frozenset({Role.HANDLER}),
    Role.QUALITY_MANAGER: frozenset({Role.QUALITY_ENGINEER}),
}

# These read every case (quality and auditors by procedure, management to steer).
SEES_ALL: frozenset[Role] = frozenset(
    {
        Role.QUALITY_ENGINEER,
        Role.QUALITY_MANAGER,
        Role.MANAGEMENT_REPRESENTATIVE,
        Role.GENERAL_MANAGER,
        Role.AUDITOR,
    }
)
