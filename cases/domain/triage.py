"""Commands of the triage step: what becomes of what came in."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import intake, merging, severity
from cases.domain.departments import check_can_handle, concern
from cases.enums import Kind, Part, Severity
from cases.models import Case, Category
from cases.rules import no_case_merged_into_it, not_major_yet
from workflows.domain.acts import command


@command()
def accept(
    case: Case,
    *,
    by: User,
    at: datetime,
    department: Department,
    category: Category | None = None,
    harm: str = "",
    extent: str = "",
    severity_reason: str = "",
) -> None:
    """Take the complaint on: `department` answers for it and is asked for its statement.

    Where the matrix proposes “major” for harm and extent, `severity_reason` says why not.
    """
    severity.decide(case, Severity.GENERAL, at=at, harm=harm, extent=extent, why=severity_reason)
    check_can_handle(department)
    case.department = department
    case.category = category or case.category
    concern(case, department, Part.RESPONSIBLE)


@command(not_major_yet)
def raise_major(
    case: Case,
    *,
    by: User,
    at: datetime,
    department: Department | None = None,
    category: Category | None = None,
    harm: str = "",
    extent: str = "",
    severity_reason: str = "",
) -> None:
    """Take it on as a major case: the incident process goes on with it. `department` is the one
    that answers for it as far as anybody knows."""
    severity.decide(case, Severity.MAJOR, at=at, harm=harm, extent=extent, why=severity_reason)
    case.category = category or case.category
    if department is not None:
        check_can_handle(department)
        case.department = department
        concern(case, department, Part.RESPONSIBLE)


@command()
def merge(case: Case, *, by: User, at: datetime, survivor: Case, text: str = "") -> None:
    """Let the case follow another one about the same matter; its number keeps leading there.
    `text` is what the customer is told where the other one has been answered already."""
    merging.merge_into(case, survivor, by=by, at=at, text=text)


@command(no_case_merged_into_it)
def convert(case: Case, *, by: User, at: datetime, kind: str) -> None:
    """Turn it into another kind: a new case of that kind follows this one."""
    wanted = intake.check_kind(kind)
    if wanted == case.kind:
        raise ValidationError({"kind": _("It is of this kind already.")})
    intake.log_case(
        by=by,
        kind=wanted,
        customer=case.customer,
        channel=case.channel,
        description=case.description,
        title=case.title,
        remedy_sought=case.remedy_sought,
        product=case.product,
        batch=case.batch,
        category=case.category,
        contact_name=case.contact_name,
        contact_phone=case.contact_phone,
        occurred_on=case.occurred_on,
        received_at=case.received_at,
        service_department=case.service_department,
        follows=case,
        backdated=True,
    )


@command(no_case_merged_into_it)
def to_complaint(case: Case, *, by: User, at: datetime) -> None:
    """Turn an opinion, inquiry, praise or return into a complaint."""
    convert(case, by=by, at=at, kind=Kind.COMPLAINT)
