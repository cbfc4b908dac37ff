"""Who bears what was reported: cases of a period credited to departments by their shares.

The ruling that holds decides, a revised one in the place of the one appealed against; a case
without a ruling counts in full for its responsible department, or for none while it has none.
So the parts of all departments add up to the number of cases, exactly.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.enums import Role
from accounts.models import Department, User
from cases.domain.counting import counts
from cases.enums import Severity
from cases.models import Arbitration, Case, Share

WHOLE = 100
# In an address: the cases that no department answers for yet.
NOBODY = "none"


# ---------------------------------------------------------------------------- who sees what
def may_see(by: User) -> bool:
    """Who sees every case sees every department; a head sees the own ones."""
    return by.authority.sees_all or by.authority.is_any(Role.HEAD)


def seen_departments(by: User) -> Q:
    """The condition that a department is one whose figures the person sees."""
    if by.authority.sees_all:
        return Q()
    seen = Q(pk__in=[])
    for department, role in by.authority.held:
        if role == Role.HEAD:
            seen |= Q(pk=department) | Q(path__contains=f"/{department}/")
    return seen


# ---------------------------------------------------------------------------- which ruling holds
def ruled(case: str) -> Exists:
    """Whether a case has shares by a ruling that holds; `case` leads to its key."""
    return Exists(holding().filter(arbitration__case=OuterRef(case)))


def holding() -> QuerySet[Share]:
    """The shares of the rulings that hold: the latest of each case."""
    later = Arbitration.objects.filter(
        case=OuterRef("arbitration__case"), at__isnull=False, pk__gt=OuterRef("arbitration")
    )
    return Share.objects.filter(~Exists(later), arbitration__at__isnull=False)


def credited(share: str) -> Q:
    """The condition that a case counts, and for this department (its key, or NOBODY)."""
    if share == NOBODY:
        return counts() & Q(department=None) & ~Q(ruled("pk"))
    key = int(share)
    by_ruling = Exists(holding().filter(arbitration__case=OuterRef("pk"), department=key))
    return counts() & (Q(by_ruling) | (Q(department=key) & ~Q(ruled("pk"))))


# ---------------------------------------------------------------------------- the figures
@dataclass
class Line:
    """What a department bears: parts of cases by severity, and how many cases those are of."""

    department: Department | None
    parts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    cases: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> Decimal:
        return sum(self.parts.values(), Decimal(0))

    @property
    def touched(self) -> int:
        return sum(self.cases.values())

    @property
    def general(self) -> Decimal:
        return self.parts[Severity.GENERAL]

    @property
    def major(self) -> Decimal:
        return self.parts[Severity.MAJOR]


@dataclass(frozen=True)
class Table:
    """The lines, the heaviest first; `cases` is how many cases they are of where all are seen."""

    lines: list[Line]
    cases: int | None

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def general(self) -> Decimal:
        return sum((line.general for line in self.lines), Decimal(0))

    @property
    def major(self) -> Decimal:
        return sum((line.major for line in self.lines), Decimal(0))


def by_shares(by: User, *, since: datetime, until: datetime) -> Table:
    """The cases received from `since` to before `until`, credited to departments.

    Three statements however many cases there are: parts by ruling, whole cases without one, and
    the departments.
    """
    rows = [*parts_by_ruling(since, until), *whole_cases(since, until)]
    seen = Department.objects.filter(seen_departments(by), pk__in={row[0] for row in rows})
    departments: dict[Any, Department | None] = {one.pk: one for one in seen}
    if by.authority.sees_all:
        departments[None] = None
    lines = {key: Line(department) for key, department in departments.items()}
    for key, severity, percent, cases in rows:
        if key in lines:
            lines[key].parts[severity] += Decimal(percent) / WHOLE
            lines[key].cases[severity] += cases
    told = sorted((line for line in lines.values() if line.touched), key=heaviest)
    return Table(told, whole(rows) if by.authority.sees_all else None)


Row = tuple[int | None, str, int, int]


def parts_by_ruling(since: datetime, until: datetime) -> Iterable[Row]:
    """(department, severity, per cent, cases) of the cases that a ruling divides."""
    case = "arbitration__case__"
    received = Q(**{f"{case}received_at__gte": since, f"{case}received_at__lt": until})
    return (
        holding()
        .filter(received, counts(case))
        .order_by()
        .values_list("department", F("arbitration__case__severity"))
        .annotate(Sum("percent"), Count("pk"))
    )


def whole_cases(since: datetime, until: datetime) -> Iterable[Row]:
    """(department or None, severity, per cent, cases) of the cases without a ruling."""
    received = Q(received_at__gte=since, received_at__lt=until)
    found = (
        Case.objects.filter(received, counts())
        .filter(~ruled("pk"))
        .order_by()
        .values_list("department", "severity")
        .annotate(Count("pk"))
    )
    return ((key, severity, cases * WHOLE, cases) for key, severity, cases in found)


def whole(rows: Iterable[Row]) -> int:
    """How many cases the parts are of: shares of one ruling add up to 100."""
    return sum(percent for _department, _severity, percent, _cases in rows) // WHOLE


def heaviest(line: Line) -> tuple[bool, Decimal, str]:
    """What no department answers for yet stands last."""
    return line.department is None, -line.total, str(line.department or "")
