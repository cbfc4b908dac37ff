"""What a new installation begins with: the company's week, and the holidays that are known.

The package knows the lists of the State Council up to a year; it is released anew when the next
one is published, usually in November.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays
from django.utils import timezone

from workflows.domain.calendars import Intervals, written
from workflows.domain.context import now
from workflows.enums import DayKind
from workflows.models import (
    CalendarChange,
    CalendarDay,
    CalendarWeek,
    CalendarYear,
    DeadlinePolicy,
    WorkingCalendar,
)


@dataclass(frozen=True)
class DayDraft:
    """A day that differs from its week, as a list or a form gives it."""

    date: date
    kind: str
    name: str
    name_en: str = ""
    as_weekday: int | None = None
    intervals: Intervals = ()

    def row(self, calendar: WorkingCalendar | None = None) -> CalendarDay:
        given = {**vars(self), "intervals": written(self.intervals)}
        return CalendarDay(calendar=calendar, **given)


def known_years() -> range:
    """The years that the package has lists of."""
    years = {day.year for day in holidays}
    return range(min(years), max(years) + 1)


def published_days(year: int) -> list[DayDraft]:
    """The free days and the make-up days of a year as they were published, in order."""
    lists = ((holidays, DayKind.HOLIDAY), (workdays, DayKind.MAKEUP))
    found = [
        DayDraft(day, kind, Holiday(name).chinese, name)
        for days, kind in lists
        for day, name in days.items()
        if day.year == year
    ]
    return sorted(found, key=lambda day: day.date)


def ensure_calendars() -> int:
    """The default calendar with the week of the policy in force, and every list that is known;
    nothing where there is a calendar already. Returns how many rows were added."""
    policy = DeadlinePolicy.objects.in_force(now()).first()
    if policy is None or WorkingCalendar.objects.exists():
        return 0
    CalendarChange.objects.create(at=now(), act="seed")
    company = WorkingCalendar.objects.create(
        name="公司日历",  # chinese: its name
        name_en="Company calendar",
        is_default=True,
    )
    begins = timezone.localdate(policy.holds_from, timezone.get_default_timezone())
    CalendarWeek.objects.create(calendar=company, begins=begins, week=policy.week)
    rows = list(seeded())
    CalendarDay.objects.bulk_create(rows)
    CalendarYear.objects.bulk_create(
        CalendarYear(year=year, published_at=now()) for year in known_years()
    )
    return 2 + len(rows) + len(known_years())


def seeded() -> Iterator[CalendarDay]:
    return (day.row() for year in known_years() for day in published_days(year))
