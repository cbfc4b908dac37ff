"""A year of a calendar as people look at it: months, days with their marks, sums."""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import dates
from django.utils.translation import get_language, pgettext_lazy

from accounts.domain import queries
from accounts.models import Department
from workflows.domain import calendar_books
from workflows.domain.calendar_lists import runs, write_hours
from workflows.domain.calendars import Calendar
from workflows.enums import DayKind
from workflows.models import CalendarDay, WorkingCalendar

WORKING, FREE = "working", "free"
# What stands beside the number of a day, so that nobody needs to see colours.
MARKS = {
    DayKind.HOLIDAY: pgettext_lazy("mark of a holiday in a calendar", "H"),
    DayKind.MAKEUP: pgettext_lazy("mark of a make-up working day in a calendar", "W"),
}


@dataclass(frozen=True)
class Day:
    """A day of the year: what it is, what is worked, and the entry that says so."""

    date: date
    kind: str
    hours: str
    entry: CalendarDay | None
    mark: Any = ""


@dataclass(frozen=True)
class Year:
    """Twelve months of weeks; a place before the first and after the last day is empty."""

    months: list[tuple[date, list[list[Day | None]]]]
    entries: list[list[CalendarDay]]
    working_days: int
    working_time: timedelta


def calendar_of(calendar: WorkingCalendar, book: calendar_books.Book) -> Calendar:
    path = calendar.department.path if calendar.department else ""
    found = book.calendar(path)
    assert found is not None
    return found


def year_of(calendar: WorkingCalendar, year: int) -> Year:
    """A year as it stands now: two statements."""
    counted = calendar_of(calendar, calendar_books.current())
    rows = entries_of(calendar, year)
    days = {day.date: day for day in days_of(counted, rows, year)}
    return Year(
        months=[(date(year, month, 1), weeks_of(days, year, month)) for month in range(1, 13)],
        entries=runs(rows[day] for day in sorted(rows)),
        working_days=sum(bool(day.hours) for day in days.values()),
        working_time=counted.totals(year)[-1],
    )


def entries_of(calendar: WorkingCalendar, year: int) -> dict[date, CalendarDay]:
    """The days that differ from the week; those of the calendar win over the company's."""
    rows = CalendarDay.objects.filter(Q(calendar=None) | Q(calendar=calendar), date__year=year)
    ordered = sorted(rows, key=lambda row: row.calendar_id or 0)
    return {row.date: row for row in ordered}


def heads() -> list[tuple[str, str]]:
    """The weekdays with what stands above a column: 一, 二 in Chinese, Mo, Tu elsewhere."""
    chinese = (get_language() or "").startswith("zh")
    names = [str(name) for name in dates.WEEKDAYS.values()]
    return [(name, name[-1] if chinese else name[:2]) for name in names]


def days_of(counted: Calendar, rows: dict[date, CalendarDay], year: int) -> Iterator[Day]:
    day = date(year, 1, 1)
    while day.year == year:
        hours, entry = write_hours(counted.intervals(day)), rows.get(day)
        kind = entry.kind if entry else WORKING if hours else FREE
        yield Day(day, kind, hours, entry, MARKS[DayKind(entry.kind)] if entry else "")
        day += timedelta(days=1)


def weeks_of(days: dict[date, Day], year: int, month: int) -> list[list[Day | None]]:
    """Six rows for every month, so that the months stand in line."""
    weeks = gregorian.Calendar().monthdatescalendar(year, month)
    return [[days[day] if day.month == month else None for day in week] for week in weeks]


@dataclass(frozen=True)
class Follower:
    """A department and the calendar it is counted in."""

    department: Department
    depth: int
    calendar: WorkingCalendar
    own: bool


def followers(calendars: list[WorkingCalendar]) -> list[Follower]:
    """Every active department in the order of the tree with its calendar: one statement."""
    of_department = {one.department_id: one for one in calendars if one.department_id}
    default = next(one for one in calendars if one.is_default)
    found: list[Follower] = []

    def walk(branches: list[queries.Branch], depth: int, above: WorkingCalendar) -> None:
        for branch in branches:
            own = of_department.get(branch.department.pk)
            found.append(Follower(branch.department, depth, own or above, own is not None))
            walk(branch.branches, depth + 1, own or above)

    departments = Department.objects.filter(is_active=True).order_by("code")
    walk(queries.tops(queries.nest(departments)), 0, default)
    return found
