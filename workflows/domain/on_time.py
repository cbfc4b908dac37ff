"""How clocks were kept in a period, by clock and by department; and the clocks behind a figure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from workflows.domain import clock_figures
from workflows.domain.clock_figures import Kept
from workflows.domain.context import now
from workflows.models import Clock

PAGE = 50
# By the word for each figure in an address: of ended clocks, and of open ones.
ENDED = {"all": "", "on_time": clock_figures.ON_TIME, "missed": clock_figures.MISSED}
OPEN = ("overdue", "at_risk", "paused", "running")
PERIODS = ("month", "last_month", "half", "last_half", "year")
_HOUR = timedelta(hours=1)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included, by the company's clock."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        return midnight(self.last + timedelta(days=1))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def period(name: str) -> Period:
    """One of PERIODS as it lies today. Raises KeyError for another word."""
    today = timezone.localdate(now(), timezone.get_default_timezone())
    month, half = today.replace(day=1), today.replace(month=1 if today.month <= 6 else 7, day=1)
    before_half = (half - timedelta(days=1)).replace(day=1)
    last_half = before_half.replace(month=1 if before_half.month <= 6 else 7)
    return {
        "month": Period(month, today),
        "last_month": Period((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "half": Period(half, today),
        "last_half": Period(last_half, half - timedelta(days=1)),
        "year": Period(today.replace(month=1, day=1), today),
    }[name]


def seen(by: User) -> dict[str, Any]:
    """The clocks of the departments that somebody sees, as a filter."""
    if by.authority.sees_all:
        return {}
    below = Q(pk__in=[])
    for root in by.authority.roots:
        below |= Q(path__startswith=root)
    return {"department__in": Department.objects.filter(below).values("pk")}


@dataclass(frozen=True)
class Row:
    """Figures of one clock or one department. The times are means in hours, to one place."""

    key: str
    on_time: int
    missed: int
    percent: Decimal
    elapsed: Decimal
    paused: Decimal
    actual: Decimal

    @property
    def total(self) -> int:
        return self.on_time + self.missed


def by_clock(by: User, given: Period) -> list[Row]:
    """One row for each clock that ended in the period, the worst kept first: one statement."""
    return ranked(clock_figures.kept(given.since, given.until, **seen(by)), key="name")


def by_department(by: User, given: Period) -> list[Row]:
    """One row for each department, the worst first: one statement. The key of none is empty."""
    found = clock_figures.kept(given.since, given.until, per_department=True, **seen(by))
    return ranked(found, key="department")


def ranked(found: list[Kept], *, key: str) -> list[Row]:
    together: dict[str, list[Kept]] = {}
    for one in found:
        value = getattr(one, key)
        together.setdefault("" if value is None else str(value), []).append(one)
    rows = [row(name, parts) for name, parts in together.items()]
    return sorted(rows, key=lambda one: (one.percent, -one.total, one.key))


def row(key: str, parts: list[Kept]) -> Row:
    on_time, missed = sum(one.on_time for one in parts), sum(one.missed for one in parts)
    total = on_time + missed
    return Row(
        key, on_time, missed, (Decimal(100 * on_time) / total).quantize(_TENTH),
        *(mean([getattr(one, name) for one in parts], total)
          for name in ("elapsed", "paused", "actual")),
    )  # fmt: skip


def mean(spans: list[timedelta], number: int) -> Decimal:
    seconds = Decimal(sum(spans, timedelta()) // timedelta(seconds=1))
    return (seconds / number / Decimal(_HOUR.total_seconds())).quantize(_TENTH)


def clocks(
    by: User,
    which: str,
    *,
    period: Period,
    name: str = "",
    departments: set[int | None] | None = None,
) -> QuerySet[Clock]:
    """The clocks behind a figure: `which` is a word of ENDED (in the period) or of OPEN (now)."""
    where = seen(by) | ({"name": name} if name else {})
    if which in ENDED:
        found = clock_figures.ended(period.since, period.until, ENDED[which], **where)
    else:
        found = clock_figures.standing(which, **where)
    if departments is not None:
        named = {key for key in departments if key is not None}
        within = Q(department__in=named)
        found = found.filter(within | Q(department=None) if None in departments else within)
    return found


def page(
    found: QuerySet[Clock], which: str, *, after: tuple[datetime, int] | None = None
) -> tuple[list[Clock], tuple[datetime, int] | None]:
    """One page, the last ended or the first due in front, and the key of the next one."""
    column, beyond = ("stopped", "lt") if which in ENDED else ("due", "gt")
    if after is not None:
        moment, pk = after
        same = Q(**{column: moment, f"pk__{beyond}": pk})
        found = found.filter(Q(**{f"{column}__{beyond}": moment}) | same)
    rows = list(found.select_related("department")[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, None
    last = rows[PAGE - 1]
    return rows[:PAGE], (getattr(last, column), last.pk)
