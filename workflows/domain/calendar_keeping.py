"""Changing calendars. A day that has begun is never changed, so what was counted stays counted.

Every command does the same: guard → lock → check → write → move the due moments of open steps
that the change touches. Each returns how many those were.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Department, User
from workflows.domain import calendar_books, rescheduling
from workflows.domain.calendar_books import Book
from workflows.domain.calendar_seed import DayDraft
from workflows.domain.calendars import ONE_DAY, add_working_time, read_week
from workflows.domain.context import now
from workflows.domain.policies import MOST
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.domain.versions import FARTHEST, Found, day_of, guard, reason_of
from workflows.enums import DayKind, Event
from workflows.errors import Conflict
from workflows.models import (
    CalendarChange,
    CalendarDay,
    CalendarWeek,
    CalendarYear,
    WorkingCalendar,
)
from workflows.validators import clean_text

NAME_LENGTH = 60


# ---------------------------------------------------------------------------- days
def set_day(*, by: User, calendar: WorkingCalendar, draft: DayDraft) -> int:
    """Make a day to come free or worked, whatever its week says. In the default calendar it is a
    day of the whole company."""
    guard(by)
    with business_transaction():
        old, found = hold(), Found()
        check_to_come("date", draft.date, found)
        check_day(draft, found)
        refuse(found)
        owner = owner_of(calendar)
        before = CalendarDay.objects.filter(calendar=owner, date=draft.date)
        was = [told(row) for row in before]
        before.delete()
        row = draft.row(owner)
        row.save()
        data = {"before": was, "after": [told(row)]}
        return settle(old, by=by, act="day", since=draft.date, calendar=owner, data=data)


def clear_day(*, by: User, calendar: WorkingCalendar, day: date) -> int:
    """Let the week decide about a day to come again; for a department, the company's list."""
    guard(by)
    with business_transaction():
        old, found = hold(), Found()
        check_to_come("date", day, found)
        refuse(found)
        owner = owner_of(calendar)
        rows = CalendarDay.objects.filter(calendar=owner, date=day)
        was = [told(row) for row in rows]
        rows.delete()
        data = {"before": was, "after": []}
        return settle(old, by=by, act="day", since=day, calendar=owner, data=data)


# ---------------------------------------------------------------------------- weeks
def set_week(
    *, by: User, calendar: WorkingCalendar, begins: date, week: Mapping[str, Any], reason: str
) -> int:
    """Let another week hold from a day to come on. An empty one makes a department follow the
    one above it again."""
    guard(by)
    with business_transaction():
        old = hold()
        return write_week(old, calendar, by=by, begins=begins, week=week, reason=reason)


def own_calendar(
    *, by: User, department: Department, begins: date, week: Mapping[str, Any], reason: str
) -> int:
    """Give a department a calendar of its own from a day to come on; what lies below it that has
    none takes it too."""
    guard(by)
    with business_transaction():
        old = hold()
        if WorkingCalendar.objects.filter(department=department).exists():
            raise ValidationError({"department": _("This department has a calendar already.")})
        calendar = WorkingCalendar.objects.create(
            name=department.name[:NAME_LENGTH],
            name_en=department.name_en[:NAME_LENGTH],
            department=department,
        )
        return write_week(old, calendar, by=by, begins=begins, week=week, reason=reason)


def write_week(
    old: Book,
    calendar: WorkingCalendar,
    *,
    by: User,
    begins: date,
    week: Mapping[str, Any],
    reason: str,
) -> int:
    found = Found()
    check_to_come("begins", begins, found)
    reason = reason_of(reason, found)
    if week or calendar.is_default:
        try:
            read_week(week)
        except ValidationError as error:
            found.setdefault("week", []).extend(error.messages)
    refuse(found)
    CalendarWeek.objects.update_or_create(
        calendar=calendar, begins=begins, defaults={"week": dict(week)}
    )
    data = {"begins": begins.isoformat(), "week": dict(week)}
    return settle(old, by=by, act="week", since=begins, calendar=calendar, reason=reason, data=data)


# ---------------------------------------------------------------------------- years
def publish_year(*, by: User, year: int, days: Sequence[DayDraft] | None = None) -> int:
    """Say that the list of a year is published: the one given, or the days as they stand. It
    takes the place of the company's days of that year; days that have passed stay."""
    guard(by)
    with business_transaction():
        old, found = hold(), Found()
        since = max(date(year, 1, 1), today() + ONE_DAY)
        if since.year > year:
            found["year"] = [_("This year is over.")]
        for draft in days or ():
            check_day(draft, found)
            if draft.date.year != year:
                found.setdefault("days", []).append(
                    _("%(day)s lies in another year.") % {"day": draft.date}
                )
        refuse(found)
        data = {"year": year}
        if days is not None:
            data |= replace_days(year, since, days)
        CalendarYear.objects.update_or_create(
            year=year, defaults={"published_at": now(), "published_by": by}
        )
        return settle(old, by=by, act="publish", since=since, data=data)


def replace_days(year: int, since: date, days: Sequence[DayDraft]) -> dict[str, Any]:
    """Put a list in the place of the company's days to come. Raises ValidationError where it says
    otherwise about a day that has passed."""
    rows = CalendarDay.objects.filter(calendar=None, date__year=year)
    passed = {(row.date, str(row.kind)) for row in rows if row.date < since}
    given = {draft.date: draft for draft in days}
    if len(given) < len(days):
        raise ValidationError({"days": _("A day stands twice in the list.")})
    if passed != {(day, str(one.kind)) for day, one in given.items() if day < since}:
        raise ValidationError({"days": _("Days that have passed cannot be changed.")})
    coming = rows.filter(date__gte=since)
    was, hours = [told(row) for row in coming], {row.date: row for row in coming}
    coming.delete()
    made = [draft.row() for day, draft in sorted(given.items()) if day >= since]
    for row in made:
        keep_hours(row, hours.get(row.date))
    CalendarDay.objects.bulk_create(made)
    return {"before": was, "after": [told(row) for row in made]}


def keep_hours(row: CalendarDay, before: CalendarDay | None) -> None:
    """A list names days only: what is worked on one of them stays as it was set by hand."""
    if before and before.kind == row.kind and not row.intervals and row.as_weekday is None:
        row.intervals, row.as_weekday = before.intervals, before.as_weekday


# ---------------------------------------------------------------------------- what all share
def hold() -> Book:
    """Hold all calendars until the transaction ends; what they say now."""
    if not list(WorkingCalendar.objects.select_for_update().order_by("pk").values_list("pk")):
        raise Conflict(_("There is no working calendar yet; run setup_defaults."))
    return calendar_books.current()


def settle(
    old: Book,
    *,
    by: User,
    act: str,
    since: date,
    data: dict[str, Any],
    calendar: WorkingCalendar | None = None,
    reason: str = "",
) -> int:
    """Write the change down, see that deadlines stay within reach, and move the open steps."""
    at = now()
    CalendarChange.objects.create(
        at=at, by=by, act=act, calendar=calendar, reason=reason, data=data
    )
    new = calendar_books.current()
    check_reach(new, calendar)
    deed = Deed(by=by, act=Event.RESCHEDULE, at=at, data={"calendar": act})
    moved = rescheduling.move_open(old, new, since=since, deed=deed)
    if act == "publish":
        rescheduling.confirm_year(since.year)
    return moved


def check_reach(book: Book, calendar: WorkingCalendar | None) -> None:
    """Refuse a calendar with so little work in it that a deadline would never come."""
    path = calendar.department.path if calendar and calendar.department else ""
    found = book.calendar(path)
    try:
        if found:
            add_working_time(found, now(), timedelta(hours=int(MOST)))
    except ValueError:
        text = _("With this working week deadlines would lie years ahead.")
        raise ValidationError({"week": text}) from None


def today() -> date:
    return day_of(now())


def owner_of(calendar: WorkingCalendar) -> WorkingCalendar | None:
    """Whose a day is: those of the default calendar are the whole company's."""
    return None if calendar.is_default else calendar


def check_to_come(field: str, day: date, found: Found) -> None:
    if day <= today():
        found.setdefault(field, []).append(_("Only days to come can be changed."))
    elif day > today() + FARTHEST:
        found.setdefault(field, []).append(_("Nobody plans that far ahead."))


def check_day(draft: DayDraft, found: Found) -> None:
    if draft.kind not in DayKind.values:
        found.setdefault("kind", []).append(_("Choose whether the day is free or worked."))
    for field, needed in (("name", True), ("name_en", False)):
        try:
            text = clean_text(getattr(draft, field), lines=False, most=NAME_LENGTH)
        except ValidationError as error:
            found.setdefault(field, []).extend(error.messages)
        else:
            if needed and not text:
                found.setdefault(field, []).append(_("Please fill this in."))


def refuse(found: Found) -> None:
    if found:
        raise ValidationError(found)


def told(row: CalendarDay) -> dict[str, Any]:
    """A day as the record of changes keeps it."""
    fields = ("kind", "name", "name_en", "as_weekday", "intervals")
    return {"date": row.date.isoformat(), **{field: getattr(row, field) for field in fields}}
