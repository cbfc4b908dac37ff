"""Cases that nobody complained of: raised out of our own figures, for the same engine."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import Function
from accounts.models import Department, User
from cases.domain import corrective
from cases.domain.defaults import read
from cases.domain.departments import check_can_handle, concern, department_for
from cases.domain.intake import begin
from cases.enums import FINDINGS, ActionKind, CustomerType, Kind, Part
from cases.models import Case, Channel, CorrectiveAction, Customer, Product
from cases.permissions import may_open_finding
from cases.validators import LONG, Problems
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden

CHANNEL = "satisfaction"
INTERNAL = "internal"


def open_finding(
    *,
    by: User,
    kind: Kind | str,
    title: str,
    description: str,
    source: str,
    external_ref: str,
    department: Department | None = None,
    product: Product | None = None,
) -> Case:
    """Open an improvement or integrity case: guard → number → case with its process → return.

    `source` and `external_ref` name what it follows from: the same a second time returns the
    case that is there. `department` sees it from the first day. Raises Forbidden, ValidationError
    by field.
    """
    if not may_open_finding(by):
        raise Forbidden(_("Findings are raised by quality, marketing and management."))
    with business_transaction():
        if there := Case.objects.filter(source=source, external_ref=external_ref).first():
            return there
        case = unsaved(
            by=by, kind=kind, title=title, description=description, source=source,
            external_ref=external_ref, department=department, product=product,
        )  # fmt: skip
        try:
            begin(case, ())
        except ValidationError:
            # Somebody else was faster; what they opened is what we want.
            return Case.objects.get(source=source, external_ref=external_ref)
        if department is not None:
            concern(case, department, Part.CONCERNED)
        return case


def order_decided(
    *,
    by: User,
    title: str,
    description: str,
    source: str,
    external_ref: str,
    department: Department,
    owner: User,
    due: datetime,
) -> CorrectiveAction:
    """What management has decided is ordered without a further review: an improvement case that
    begins with its one action, whose owner and date are those of the decision.

    Runs inside the transaction of the decision; a decision (`source` and `external_ref`) becomes
    an action once, and the database refuses a second one. Raises Forbidden, ValidationError by
    field.
    """
    if not may_open_finding(by):
        raise Forbidden(_("Findings are raised by quality, marketing and management."))
    check_can_handle(department)
    corrective.check_owner(owner, department)
    case = unsaved(
        by=by, kind=Kind.IMPROVEMENT, title=title, description=description, source=source,
        external_ref=external_ref, department=department,
    )  # fmt: skip
    action = corrective.draft(
        case, by=by, at=now(), kind=ActionKind.IMPROVEMENT, title=title, description=description,
        insisted=True,
    )  # fmt: skip
    action.department, action.owner, action.ordered_by = department, owner, by
    action.due = action.original_due = due
    case.new_actions = [action]
    begin(case, (), start="decided")
    concern(case, department, Part.ACTION)
    return action


def unsaved(
    *,
    by: User,
    kind: Kind | str,
    title: str,
    description: str,
    source: str,
    external_ref: str,
    department: Department | None,
    product: Product | None = None,
) -> Case:
    """The case of a finding, checked and not saved yet."""
    problems = Problems()
    title = problems.text("title", title, most=200, lines=False, needed=True)
    description = problems.text("description", description, most=LONG, needed=True)
    if kind not in FINDINGS:
        problems.add("kind", _("There is no such kind."))
    quality = department_for(Function.QUALITY)
    if quality is None:
        problems.add("department", _("There is no quality department."))
    problems.check()
    return Case(
        kind=kind, title=title, description=description, customer=ourselves(by),
        channel=channel(), product=product, received_at=now(), logged_by=by,
        department=department, service_department_id=quality, source=source,
        external_ref=external_ref,
    )  # fmt: skip


def ourselves(by: User) -> Customer:
    """The customer of a case that has none: the company itself."""
    known = Customer.objects.filter(external_ref=INTERNAL, type=CustomerType.INTERNAL)
    if found := known.order_by("pk").first():
        return found
    customer = Customer(
        name=read()["internal"]["customer"], type=CustomerType.INTERNAL, external_ref=INTERNAL,
        created_at=now(), created_by=by,
    )  # fmt: skip
    customer._history_user = by  # type: ignore[attr-defined]
    customer.save()
    return customer


def channel() -> Channel:
    name, name_en = read()["channels"][CHANNEL]
    found, _made = Channel.objects.get_or_create(
        code=CHANNEL, defaults={"name": name, "name_en": name_en, "position": 99}
    )
    return found
