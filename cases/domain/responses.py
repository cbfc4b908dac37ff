"""Immediate responses of an incident: contain, go there, tell the customer. Nobody waits for the
investigation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.enums import Function, Role
from accounts.models import Department, Membership, User
from cases.domain import files
from cases.domain.departments import HANDLERS, concern, department_for
from cases.enums import Part, Purpose, ResponseKind
from cases.models import Case, Reply, Response
from cases.validators import LONG, Problems
from workflows.domain import outbox
from workflows.domain.acts import command

ALERT = "incident.alert"
# A case that was received longer before it was logged is taken over, not reported.
HISTORY = timedelta(days=30)


def at_once(case: Case) -> list[Response]:
    """What a new incident sets off, not saved yet: the start of each flow saves it. Quality and
    management are told in the same moment. What another ledger brings from long ago is no alarm."""
    if case.logged_at - case.received_at > HISTORY:
        return []
    alert(case, version=case.version)
    asked = pools(case)
    if case.replies.exists():
        asked.pop(ResponseKind.ACKNOWLEDGEMENT)
    for department, _role in asked.values():
        concern(case, department, Part.RESPONSE)
    return [
        Response(case=case, kind=kind, department_id=department, role=role)
        for kind, (department, role) in asked.items()
    ]


def pools(case: Case) -> dict[ResponseKind, tuple[int, str]]:
    """Which pool is asked for each response: the department that answers for the product or the
    category contains, after-sales goes there, the service centre tells the customer. Where one
    has nobody who could, quality contains and the service centre goes: two statements."""
    named = [one.department_id for one in (case.product, case.category) if one is not None]
    containing = [case.department_id, *named]
    on_site = department_for(Function.AFTER_SALES)
    quality = department_for(Function.QUALITY)
    asked = {key for key in [*containing, on_site] if key is not None}
    able = set(
        Membership.objects.filter(
            department__in=asked, department__is_active=True, role__in=HANDLERS, until=None,
            user__is_active=True,
        ).values_list("department_id", flat=True)
    )  # fmt: skip
    service = (case.service_department_id, str(Role.SERVICE_AGENT))
    contains = next((key for key in containing if key in able), None)
    found = {ResponseKind.ACKNOWLEDGEMENT: service}
    if contains is not None:
        found[ResponseKind.CONTAINMENT] = (contains, str(Role.HANDLER))
    elif quality is not None:
        found[ResponseKind.CONTAINMENT] = (quality, str(Role.QUALITY_ENGINEER))
    found[ResponseKind.ON_SITE] = (
        (on_site, str(Role.HANDLER)) if on_site is not None and on_site in able else service
    )
    return found


def alert(case: Case, *, version: int) -> None:
    """Tell quality and management at once (cases/domain/alerts.py carries it out)."""
    outbox.emit(ALERT, f"alert:{case.pk}:{version}", case=case.pk)


@command()
def order_response(
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: str,
    department: Department,
    instruction: str,
) -> Response:
    """Ask one more department to contain or to go there."""
    problems = Problems()
    if kind not in {ResponseKind.CONTAINMENT, ResponseKind.ON_SITE}:
        problems.add("kind", "–")
    instruction = problems.text("instruction", instruction, most=LONG, needed=True)
    problems.check()
    concern(case, department, Part.RESPONSE)
    return Response(
        case=case, kind=kind, department=department, role=Role.HANDLER, instruction=instruction
    )


@command()
def report_done(
    response: Response,
    *,
    by: User,
    at: datetime,
    report: str,
    quantity: int | None = None,
    uploads: Sequence[Any] = (),
) -> None:
    """Say what was done; an acknowledgement is kept as what was told to the customer."""
    problems = Problems()
    response.report = problems.text("report", report, most=LONG, needed=True)
    checked = files.check(problems, uploads)
    problems.check()
    response.quantity, response.by, response.at = quantity, by, at
    if response.kind == ResponseKind.ACKNOWLEDGEMENT:
        case = response.case
        Reply.objects.create(
            case=case, kind=Reply.Kind.ACKNOWLEDGEMENT, channel=case.channel,
            text=response.report, by=by, at=at,
        )  # fmt: skip
    files.keep(checked, case=response.case, by=by, purpose=Purpose.RESPONSE)


@command()
def decline(response: Response, *, by: User, at: datetime) -> None:
    """Nothing to be done here; the reason says why."""
    response.by, response.at = by, at
