"""What a clock's target means in time: pure arithmetic on a calendar.

Hours, working days and calendar days are different things: eight hours are eight hours at work,
the third working day is over when its work is over, the third calendar day at its last minute.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal

from workflows.domain.calendars import (
    NOTHING,
    Calendar,
    add_working_days,
    add_working_time,
    working_days_between,
    working_time_between,
)
from workflows.enums import ClockUnit

_LAST_MINUTE = time(23, 59)


def due_of(calendar: Calendar, unit: str, amount: Decimal, since: datetime) -> datetime:
    """When a target is due that counts from `since`. Raises ValueError for one years ahead."""
    if unit == ClockUnit.HOURS:
        return add_working_time(calendar, since, timedelta(minutes=int(amount * 60)))
    if unit == ClockUnit.DAYS:
        return add_working_days(calendar, since, int(amount))
    day = since.astimezone(calendar.zone).date() + timedelta(days=int(amount))
    return datetime.combine(day, _LAST_MINUTE, calendar.zone)


def between(calendar: Calendar, unit: str, since: datetime, until: datetime) -> timedelta:
    """The time a clock counts from one moment to another; nothing when the second is earlier."""
    if unit == ClockUnit.CALENDAR:
        return max(until - since, NOTHING)
    return working_time_between(calendar, since, until)


def put_off(
    calendar: Calendar, unit: str, due: datetime, since: datetime, until: datetime
) -> datetime:
    """Where a due moment lies after a pause from `since` to `until`.

    Hours move by the working time of the pause; days by the whole days in it, so that a clock
    of days still ends with a day, and a pause of an afternoon wins none.
    """
    if unit == ClockUnit.HOURS:
        pause = working_time_between(calendar, since, until)
        return add_working_time(calendar, due, pause) if pause else due
    if unit == ClockUnit.DAYS:
        days = working_days_between(calendar, since, until)
        return add_working_days(calendar, due, days) if days else due
    return due + timedelta(days=(until - since).days) if until > since else due


def counted_again(
    before: Calendar, after: Calendar, unit: str, since: datetime, due: datetime
) -> datetime:
    """The due moment in a calendar that has changed: what lay before it in the old one lies
    before it in the new one."""
    if unit == ClockUnit.CALENDAR:
        return due
    given = working_time_between(before, since, due)
    if working_time_between(after, since, due) == given:
        return due
    days = working_days_between(before, since, due) if unit == ClockUnit.DAYS else 0
    if days:
        return add_working_days(after, since, days)
    return add_working_time(after, since, given)
