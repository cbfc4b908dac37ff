"""Compiled from the cases: complaints by kind and severity, by department and ruling, on time."""

from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from cases.domain import responsibility
from cases.domain.responsibility import NOBODY, Line
from cases.enums import AppealState, CaseState, Kind, Severity
from cases.models import Appeal, Arbitration, Case
from surveys.domain.periods import Period
from surveys.domain.reviews.compiling import compiles
from surveys.domain.reviews.parts import (
    About,
    Part,
    Row,
    address,
    both,
    cell,
    named,
    part,
    percent,
    row,
)
from surveys.domain.standing import within
from workflows.models import Task

# What came in, in the order in which it is told.
TOLD = [(kind, severity) for kind in (Kind.INCIDENT, Kind.COMPLAINT) for severity in Severity] + [
    (kind, None) for kind in (Kind.OPINION, Kind.INQUIRY, Kind.PRAISE, Kind.RETURN)
]


@compiles("complaints")
def complaints(about: About) -> Part:
    """Everything that was received in the period, beside the period before: two statements."""
    now_, before = received(about.period), received(about.period.before)
    rows = [
        of_kind(about, kind, severity, now_, before)
        for kind, severity in TOLD
        if total(now_, kind, severity) or total(before, kind, severity)
    ]
    return part(
        "complaints",
        _("Complaints and other feedback received"),
        both(
            _("%(complaints)s complaints and %(incidents)s incidents; %(major)s of them major."),
            complaints=total(now_, Kind.COMPLAINT, None),
            incidents=total(now_, Kind.INCIDENT, None),
            major=sum(
                total(now_, kind, Severity.MAJOR) for kind in (Kind.COMPLAINT, Kind.INCIDENT)
            ),
        ),
        (_("Kind"), _("Severity"), _("This period"), _("Period before")),
        rows,
    )


def received(period: Period) -> dict[tuple[str, str], int]:
    """How many cases came in, by kind and severity."""
    found = Case.objects.filter(within(period)).order_by().values_list("kind", "severity")
    return {(kind, severity): count for kind, severity, count in found.annotate(Count("pk"))}


def total(counts: dict[tuple[str, str], int], kind: str, severity: str | None) -> int:
    return sum(
        count for (one, heavy), count in counts.items() if one == kind and severity in (None, heavy)
    )


def of_kind(about: About, kind: Kind, severity: Severity | None, now_: Any, before: Any) -> Row:
    asked = {"kind": kind.value, **({"severity": severity.value} if severity else {})}
    earlier = About(about.period.before, about.by)
    return row(
        f"{kind}:{severity or ''}",
        both(kind.label),
        both(severity.label) if severity else "–",
        cell(total(now_, kind, severity), address("/cases/", **asked, **about.span)),
        cell(total(before, kind, severity), address("/cases/", **asked, **earlier.span)),
    )


# ---------------------------------------------------------------------------- departments
@compiles("departments")
def departments(about: About) -> Part:
    """What counts against each department, by the shares of the rulings: three statements."""
    table = responsibility.by_shares(
        about.by, since=about.period.starts_at, until=about.period.ends_at
    )
    return part(
        "departments",
        _("Complaints by responsible department"),
        both(_("%(total)s cases that count, credited by shares."), total=f"{table.total:f}"),
        (_("Department"), _("General"), _("Major"), _("Together")),
        [of_department(about, line) for line in table.lines],
    )


def of_department(about: About, line: Line) -> Row:
    found = line.department
    share = str(found.pk) if found else NOBODY
    name = named(found.name, found.name_en) if found else both(_("No department yet"))
    listed = {"share": share, **about.span}
    return row(
        share,
        name,
        cell(f"{line.general:f}", address("/cases/", **listed, severity=Severity.GENERAL.value)),
        cell(f"{line.major:f}", address("/cases/", **listed, severity=Severity.MAJOR.value)),
        cell(f"{line.total:f}", address("/cases/", **listed)),
    )


@compiles("arbitrations")
def arbitrations(about: About) -> Part:
    """Rulings of the period with their shares, and what became of appeals: three statements."""
    span = {"at__gte": about.period.starts_at, "at__lt": about.period.ends_at}
    ruled = Arbitration.objects.filter(**span)
    counts = ruled.aggregate(all=Count("pk"), revising=Count("pk", filter=Q(revises__isnull=False)))
    appeals = Appeal.objects.filter(
        requested_at__gte=about.period.starts_at, requested_at__lt=about.period.ends_at
    ).aggregate(all=Count("pk"), revised=Count("pk", filter=Q(state=AppealState.REVISED)))
    shares = (
        responsibility.holding()
        .filter(arbitration__in=ruled)
        .order_by("-arbitration__at", "-arbitration", "-percent", "pk")
        .values_list(
            "arbitration", "arbitration__case__number", "department__name",
            "department__name_en", "percent",
        )
    )  # fmt: skip
    return part(
        "arbitrations",
        _("Arbitrations and shares"),
        both(
            _("%(all)s rulings; %(appeals)s appeals, %(revised)s of them changed the ruling."),
            all=counts["all"],
            appeals=appeals["all"],
            revised=appeals["revised"],
        ),
        (_("Case"), _("Department"), _("Share")),
        [
            row(f"{key}:{name}", cell(number, f"/cases/{number}/"), named(name, name_en),
                f"{share} %")
            for key, number, name, name_en, share in shares
        ],
    )  # fmt: skip


# ---------------------------------------------------------------------------- on time
@compiles("on_time")
def on_time(about: About) -> Part:
    """Steps of people that were due and were done in the period, by the department that had
    them: two statements."""
    done = Task.objects.filter(
        finished__gte=about.period.starts_at,
        finished__lt=about.period.ends_at,
        finished_by__isnull=False,
        due__isnull=False,
        flow_task_type="HUMAN",
    )
    counted = list(
        done.order_by()
        .values_list("department")
        .annotate(all=Count("pk"), kept=Count("pk", filter=Q(finished__lte=F("due"))))
    )
    names = {one.pk: one for one in Department.objects.filter(pk__in=[row[0] for row in counted])}
    counted.sort(key=lambda one: (one[2] / one[1], one[0] or 0))
    every, kept = (sum(one[place] for one in counted) for place in (1, 2))
    return part(
        "on_time",
        _("Steps done on time"),
        both(
            _("%(rate)s of %(all)s steps were done on time."), rate=percent(kept, every), all=every
        ),
        (_("Department"), _("Steps"), _("On time"), _("On-time rate")),
        [
            row(key or 0, place_of(names.get(key)), count, good, percent(good, count))
            for key, count, good in counted
        ],
    )


def place_of(department: Department | None) -> dict[str, str]:
    if department is None:
        return both(_("Any department"))
    return named(department.name, department.name_en)


# ---------------------------------------------------------------------------- improvements
@compiles("improvements")
def improvements(about: About) -> Part:
    """Improvement proposals as they stand, whenever they were raised: one statement."""
    found = Case.objects.filter(kind=Kind.IMPROVEMENT)
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    rows = [
        row(
            state,
            both(CaseState(state).label),
            cell(count, address("/cases/", kind=Kind.IMPROVEMENT.value, state=state)),
        )
        for state, count in sorted(counts.items(), key=lambda one: -one[1])
    ]
    return part(
        "improvements",
        _("Improvement proposals"),
        both(_("%(count)s improvement proposals."), count=sum(counts.values())),
        (_("State"), _("Cases")),
        rows,
    )
