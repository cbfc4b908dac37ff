"""Logging: what came in becomes a case with a number and a first step."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import files
from cases.domain.departments import centre_of, concern
from cases.domain.search import searchable
from cases.enums import LOGGED, PREFIXES, Kind, Part, Severity
from cases.models import Case, CasePolicy, Category, Channel, Customer, Product
from cases.permissions import may_log
from cases.validators import LONG, Problems, check_occurred, check_received, check_weights
from workflows.domain import processes
from workflows.domain.context import now
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden


def log_case(
    *,
    by: User,
    kind: Kind | str,
    customer: Customer,
    channel: Channel,
    description: str,
    title: str = "",
    remedy_sought: str = "",
    severity: Severity | str = Severity.GENERAL,
    harm: str = "",
    extent: str = "",
    product: Product | None = None,
    batch: str = "",
    category: Category | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    occurred_on: date | None = None,
    received_at: datetime | None = None,
    service_department: Department | None = None,
    follows: Case | None = None,
    source: str = "",
    external_ref: str = "",
    form_key: str | None = None,
    uploads: Sequence[Any] = (),
    backdated: bool = False,
) -> Case:
    """Log feedback: guard → number → case with its process → file → return.

    Complaints and incidents start the complaint flow, everything else the short one. An empty
    title is taken from the description. The same `form_key` twice returns the first case;
    `backdated` (import) lifts the policy's limit on old receipts. Raises Forbidden,
    ValidationError by field.
    """
    if not may_log(by):
        raise Forbidden(_("Only the service centre and the quality department log cases."))
    received_at = received_at or now()
    problems = Problems()
    texts = cleaned(
        problems, description=description, title=title, remedy_sought=remedy_sought,
        batch=batch, contact_name=contact_name, contact_phone=contact_phone,
    )  # fmt: skip
    check_received(problems, received_at, limit=None if backdated else backdate_limit)
    check_occurred(problems, occurred_on, received_at)
    check_weights(problems, harm, extent)
    checked = files.check(problems, uploads)
    problems.check()
    # An incident is heavy by nature; the two flags are confirmed later, by quality. Triage asks
    # for the reason where the severity is otherwise than harm and extent propose.
    severity = Severity.MAJOR if kind == Kind.INCIDENT else Severity(severity)
    case = Case(
        kind=check_kind(kind), severity=severity, harm=harm, extent=extent,
        customer=customer, product=product, channel=channel, category=category,
        occurred_on=occurred_on, received_at=received_at,
        logged_by=by, follows=follows, source=source, external_ref=external_ref,
        form_key=form_key or None, **texts,
    )  # fmt: skip
    case.service_department_id = service_department.pk if service_department else centre_of(by)
    return begin(case, checked)


def cleaned(problems: Problems, **typed: str) -> dict[str, str]:
    """The texts of a case as they may be stored; an empty title is taken from the description."""
    needed, long = {"description"}, {"description", "remedy_sought"}
    limits = {"title": 200, "batch": 80, "contact_name": 80, "contact_phone": 40}
    texts = {
        name: problems.text(
            name, value, most=limits.get(name, LONG), lines=name in long, needed=name in needed
        )
        for name, value in typed.items()
    }
    texts["title"] = texts["title"] or headline(texts["description"])
    return texts


def begin(case: Case, checked: Sequence[files.Checked], *, start: str = "start") -> Case:
    """Number the case, start its process at `start`, keep its files: one transaction.

    Of two submits of one form the second gets the case of the first.
    """
    by, case.logged_at = case.logged_by, now()
    try:
        with business_transaction():
            year = timezone.localtime(case.logged_at).year
            case.number = next_number(PREFIXES[case.kind], year=year, digits=6)
            case.search_text = searchable(case)
            processes.begin(case.flow_key, start, case, Deed(by=by, act="log"))
            concern(case, case.service_department_id, Part.SERVICE)
            files.keep(checked, case=case, by=by)
    except IntegrityError:
        logged = already_logged(case)
        if logged is None:
            raise
        return logged
    return case


def already_logged(case: Case) -> Case | None:
    """The case that a first submit of the same form has made.

    Raises ValidationError where another case has the external reference.
    """
    mine = Case.objects.filter(form_key=case.form_key, logged_by=case.logged_by)
    logged = mine.first() if case.form_key else None
    if logged is None and case.external_ref:
        same = Case.objects.filter(source=case.source, external_ref=case.external_ref)
        if same.exists():
            raise ValidationError(
                {"external_ref": _("A case with this external reference is there already.")}
            )
    return logged


def headline(description: str) -> str:
    """The first line or sentence of a description, at most 60 characters."""
    first = description.strip().split("\n")[0]
    for mark in "。！？.!?":
        cut = first.find(mark)
        if 5 < cut < 60:
            return first[:cut]
    return first[:60]


def backdate_limit() -> timedelta | None:
    """How far back a receipt may be dated, by the policy in force now."""
    policy = CasePolicy.objects.in_force(now()).first()
    return timedelta(days=policy.backdate_days) if policy else None


def check_kind(kind: str) -> Kind:
    """A kind that may be logged; findings are opened out of figures (cases/domain/findings.py)."""
    if kind not in dict(LOGGED):
        raise ValidationError({"kind": _("There is no such kind.")})
    return Kind(kind)
