"""What is late and what is about to be, department by department; every figure has its list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django.utils.translation import get_language

from accounts.models import Department, User
from workflows.domain.context import now
from workflows.enums import Rung
from workflows.models import Task

PAGE = 50
# By the word for each figure in an address.
GROUPS = ("overdue", "risk", "open", "unclaimed")


@dataclass(frozen=True)
class Line:
    """Open steps of one department (None: of a role, wherever it is held). `risk` are those
    of which somebody was reminded and that are not late yet; `oldest` is the earliest due moment
    that has passed."""

    department: int | None
    name: str
    open: int
    risk: int
    overdue: int
    unclaimed: int
    oldest: datetime | None

    @property
    def rest(self) -> int:
        return self.open - self.risk - self.overdue


def may_see(by: User) -> bool:
    """Whoever works on cases sees the departments they belong to, and those below."""
    return by.authority.sees_all or bool(by.authority.roots)


def waiting(by: User) -> QuerySet[Task]:
    """Open steps of the departments somebody sees; of all for those who see every case."""
    steps = Task.objects.filter(finished=None, flow_task_type="HUMAN")
    if by.authority.sees_all:
        return steps
    below = Q(pk__in=[])
    for root in by.authority.roots:
        below |= Q(path__startswith=root)
    return steps.filter(department__in=Department.objects.filter(below).values("pk"))


def condition(group: str, moment: datetime) -> Q:
    """What a figure counts. Raises KeyError for a word that is none of GROUPS."""
    return {
        "overdue": Q(due__lte=moment),
        "risk": Q(due__gt=moment, rung__gte=Rung.OWNER),
        "open": Q(),
        "unclaimed": Q(owner=None),
    }[group]


def lines(by: User) -> list[Line]:
    """The departments with open steps, the most overdue first: one statement."""
    moment = now()
    counted: dict[str, Any] = {
        group: Count("pk", filter=condition(group, moment)) for group in GROUPS if group != "open"
    }
    rows = (
        waiting(by)
        .values("department", "department__name", "department__name_en")
        .annotate(
            open=Count("pk"),
            oldest=Min(Case(When(condition("overdue", moment), then=F("due")))),
            **counted,
        )
    )
    found = [line(dict(row)) for row in rows]
    return sorted(found, key=lambda one: (-one.overdue, -one.risk, -one.open, one.name))


def line(row: dict[str, Any]) -> Line:
    figures = {name: row[name] for name in ("open", "risk", "overdue", "unclaimed", "oldest")}
    english = not (get_language() or "").startswith("zh")
    name = (english and row["department__name_en"]) or row["department__name"] or ""
    return Line(department=row["department"], name=name, **figures)


def steps(by: User, group: str, *, departments: set[int | None] | None = None) -> QuerySet[Task]:
    """The steps behind a figure: of these departments (None among them: of none), or of all."""
    found = waiting(by).filter(condition(group, now()))
    if departments is None:
        return found
    named = {key for key in departments if key is not None}
    within = Q(department__in=named)
    return found.filter(within | Q(department=None) if None in departments else within)


def page(
    rows: QuerySet[Task], columns: tuple[str, ...], *, after: tuple[datetime, int] | None = None
) -> tuple[list[dict[str, Any]], tuple[datetime, int] | None]:
    """One page of steps by due moment, and the key of the next one (None at the end)."""
    if after is not None:
        moment, pk = after
        rows = rows.filter(Q(due__gt=moment) | Q(due=moment, pk__gt=pk))
    found = list(rows.filter(due__isnull=False).order_by("due", "pk").values(*columns)[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    last = found[PAGE - 1]
    return found[:PAGE], (last["due"], last["pk"])
