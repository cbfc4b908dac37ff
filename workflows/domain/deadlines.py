"""When a step is due, from the policy in force and the calendar of the department it waits in."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from workflows.domain import calendar_books, calendars
from workflows.domain.calendars import Calendar
from workflows.domain.context import now
from workflows.models import DeadlinePolicy, DeadlineRule, Task

ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(7)}


def give_due(task: Task, *, flow: str, node: str, at: datetime) -> None:
    """Write onto a task that begins to wait when it is due: one statement."""
    policy = holding(flow, node, major=task.is_major, at=at, department=task.department_id)
    if policy is not None:
        book, calendar = calendar_of(policy)
        task.due = due_after(calendar, policy.hours, at=at)
        task.provisional = book.is_provisional(task.due)


def due_moment(
    *, flow: str, node: str, major: bool, at: datetime, department: int | None = None
) -> datetime | None:
    """The due moment of a step that starts to wait at `at` in a department: one statement.

    None where there is no policy yet.
    """
    policy = holding(flow, node, major=major, at=at, department=department)
    return due_after(calendar_of(policy)[1], policy.hours, at=at) if policy else None


def holding(flow: str, node: str, *, major: bool, at: datetime, department: int | None) -> Any:
    """The policy in force at a moment, with the `hours` of a step.

    A rule for major cases wins over the general one, a step without a rule takes the default.
    """
    rules = DeadlineRule.objects.filter(policy=OuterRef("pk"), flow=flow, node=node)
    if not major:
        rules = rules.filter(major_only=False)
    chosen = rules.order_by("-major_only").values("hours")[:1]
    hours = Coalesce(Subquery(chosen), "default_hours")
    return in_force(at, department).annotate(hours=hours).first()


def due_in(hours: Decimal, *, at: datetime, department: int | None = None) -> datetime:
    """`hours` of working time after `at` for what no step's rule decides; plain hours where
    there is no policy yet."""
    policy = in_force(at, department).first()
    if policy is None:
        return at + timedelta(hours=float(hours))
    return due_after(calendar_of(policy)[1], hours, at=at)


def due_after(calendar: Calendar, hours: Decimal, *, at: datetime) -> datetime:
    """`hours` of working time after `at`. Raises ValueError for what lies years ahead."""
    return calendars.add_working_time(calendar, at, timedelta(minutes=int(hours * 60)))


# ---------------------------------------------------------------------------- which calendar
def in_force(at: datetime, department: int | None = None) -> QuerySet[DeadlinePolicy]:
    """The policy that holds, read together with what names the calendar of a department."""
    columns = calendar_books.columns(department)
    return DeadlinePolicy.objects.in_force(at).annotate(**columns)[:1]


def calendar_of(policy: Any) -> tuple[calendar_books.Book, Calendar]:
    """The book and the calendar that a policy's hours are counted in. Before there were
    calendars the policy had a week of its own, and where there are none it still decides."""
    book, calendar = calendar_books.of_row(policy)
    return book, calendar or of_week(json.dumps(policy.week))


def calendar_reader(book: calendar_books.Book) -> Callable[[str], Calendar]:
    """Gives the calendar of the department with a path; before there are any, the week of the
    deadline policy, and before there is one, a week without rest."""
    policy = DeadlinePolicy.objects.in_force(now()).first() if book.default is None else None
    week = json.dumps(policy.week if policy else ALWAYS)
    return lambda path: book.calendar(path) or of_week(week)


def company_calendar(policy: DeadlinePolicy) -> Calendar:
    """The default calendar as it stands now, for a policy that is being made."""
    return calendar_books.current().calendar("") or of_week(json.dumps(policy.week))


def week_text(week: Any) -> str:
    """A week as `of_week` takes it; one without rest where no policy says otherwise."""
    week = ALWAYS if week is None else week
    return week if isinstance(week, str) else json.dumps(week)


@cache
def of_week(week: str) -> Calendar:
    """The calendar of a policy's week, without holidays; kept, for its totals are."""
    period = calendars.Period(date.min, calendars.read_week(json.loads(week)))
    return Calendar(timezone.get_default_timezone(), (period,))
