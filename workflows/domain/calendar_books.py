"""What the calendars say, read once and kept for as long as nobody changes them.

The token of the last change comes along in a statement that is made anyway, so that a step is
given its due moment without one more (SPEED.md, G10).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Subquery
from django.utils import timezone

from accounts.models import Department
from workflows.domain.calendars import Calendar, Intervals, Period, Week, read_intervals, read_week
from workflows.enums import DayKind
from workflows.models import (
    CalendarChange,
    CalendarDay,
    CalendarWeek,
    CalendarYear,
    WorkingCalendar,
)

# A week from a day on; None: from here on as the department above.
Turn = tuple[date, Week | None]


@dataclass(frozen=True)
class Entry:
    """A day that differs from its week."""

    free: bool
    as_weekday: int | None
    intervals: Intervals

    def worked(self, week: Week) -> Intervals:
        """What it means beside a week: a make-up day is worked as some working weekday is."""
        if self.free:
            return ()
        usual = next((week[day] for day in sorted(week)), ())
        return self.intervals or week.get(self.as_weekday or 0, usual)


@dataclass(frozen=True, eq=False)
class Book:
    """Everything there is about calendars. Calendars are put together when first asked for."""

    default: int | None = None
    of_department: Mapping[int, int] = field(default_factory=dict)
    weeks: Mapping[int, list[Turn]] = field(default_factory=dict)
    days: Mapping[int | None, Mapping[date, Entry]] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    _made: dict[tuple[int, ...], Calendar] = field(default_factory=dict, repr=False)

    def calendar(self, path: str) -> Calendar | None:
        """The calendar of the department with this path; None where there is none at all."""
        if self.default is None:
            return None
        keys = (int(key) for key in path.strip("/").split("/") if key)
        chain = (self.default, *(self.of_department[k] for k in keys if k in self.of_department))
        if chain not in self._made:
            self._made[chain] = self.make(chain)
        return self._made[chain]

    def make(self, chain: tuple[int, ...]) -> Calendar:
        """Lay each calendar of the chain over the one above it, for as long as it has a week."""
        periods: list[Period] = []
        for key in chain:
            for (begins, week), until in followed(self.weeks[key]):
                if week is not None:
                    begins = begins if periods else date.min
                    periods = laid_over(periods, self.period(key, begins, week), until)
        return Calendar(timezone.get_default_timezone(), tuple(periods))

    def period(self, calendar: int, begins: date, week: Week) -> Period:
        entries = {**self.days.get(None, {}), **self.days.get(calendar, {})}
        return Period(begins, week, {day: one.worked(week) for day, one in entries.items()})

    def is_provisional(self, moment: datetime) -> bool:
        """Whether a moment lies in a year whose holidays are not published."""
        year = timezone.localtime(moment, timezone.get_default_timezone()).year
        return self.default is not None and year not in self.published


def followed(turns: list[Turn]) -> Iterator[tuple[Turn, date | None]]:
    """Each turn and the day on which the next one begins."""
    yield from ((one, later[0]) for one, later in pairwise(turns))
    yield from ((one, None) for one in turns[-1:])


def laid_over(below: list[Period], over: Period, until: date | None) -> list[Period]:
    """Periods with another one in their place from its beginning until a day."""
    kept = [period for period in below if period.begins < over.begins]
    if until is None:
        return [*kept, over]
    resumed = [replace(period, begins=until) for period in below if period.begins <= until][-1:]
    return [*kept, over, *resumed, *(period for period in below if period.begins > until)]


# ---------------------------------------------------------------------------- reading
def columns(department: int | None = None) -> dict[str, Any]:
    """What a statement reads along for `of_row`: the last change, and where the department is."""
    changes = CalendarChange.objects.order_by("-pk").values("token")[:1]
    place = Department.objects.filter(pk=department or 0).values("path")
    return {"calendar_token": Subquery(changes), "place": Subquery(place)}


def of_row(row: Any) -> tuple[Book, Calendar | None]:
    """The book and the calendar for a row that was read with `columns`."""
    book = book_of(row.calendar_token)
    return book, book.calendar(row.place or "")


def current() -> Book:
    """The book as it stands now: one statement, and some more after a change."""
    return book_of(CalendarChange.objects.order_by("-pk").values_list("token", flat=True).first())


_kept: tuple[UUID | None, Book] = (None, Book())


def book_of(token: UUID | None) -> Book:
    """The book after the change of this token. A token stands for one state of things for ever,
    so what was kept in a transaction that was rolled back is never asked for."""
    global _kept
    known, book = _kept
    if known != token:
        book = load() if token else Book()
        _kept = token, book
    return book


def load() -> Book:
    """Read everything: four statements."""
    calendars = list(WorkingCalendar.objects.values_list("pk", "department", "is_default"))
    weeks: dict[int, list[Turn]] = {pk: [] for pk, *_rest in calendars}
    for key, begins, week in CalendarWeek.objects.order_by("begins").values_list(
        "calendar", "begins", "week"
    ):
        weeks[key].append((begins, read_week(week) if week else None))
    days: dict[int | None, dict[date, Entry]] = defaultdict(dict)
    for row in CalendarDay.objects.all():
        intervals = read_intervals(row.intervals)
        days[row.calendar_id][row.date] = Entry(
            row.kind == DayKind.HOLIDAY, row.as_weekday, intervals
        )
    return Book(
        default=next((pk for pk, _department, default in calendars if default), None),
        of_department={department: pk for pk, department, _default in calendars if department},
        weeks=weeks,
        days=days,
        published=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )
