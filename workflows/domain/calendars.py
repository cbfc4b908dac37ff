"""Working time: pure arithmetic on a week pattern.

A week maps the weekday (0 is Monday) to its working intervals as (start, end) clock times, in
order, not overlapping, within the day. Moments are aware; the pattern is read in their zone.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

Interval = tuple[time, time]
Week = Mapping[int, Sequence[Interval]]

# A pattern with so little work in it that a deadline would lie years ahead is a mistake.
_FARTHEST = timedelta(days=3660)


def read_week(data: Mapping[str, Any]) -> dict[int, list[Interval]]:
    """Read the JSON form {"0": [["08:30", "12:00"], …]}; refuses gaps in sense."""
    week: dict[int, list[Interval]] = {}
    for day, intervals in data.items():
        if day not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise ValidationError(_("Weekdays are numbered from 0 (Monday) to 6 (Sunday)."))
        read = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in intervals]
        moments = [moment for interval in read for moment in interval]
        if moments != sorted(set(moments)):
            raise ValidationError(_("Working intervals must follow one another without overlap."))
        if read:
            week[int(day)] = read
    if not week:
        raise ValidationError(_("A working week needs at least one working interval."))
    return week


def intervals_of(week: Week, day: date, zone: Any) -> Iterator[tuple[datetime, datetime]]:
    """The working intervals of one day as aware moments."""
    for start, end in week.get(day.weekday(), ()):
        yield datetime.combine(day, start, zone), datetime.combine(day, end, zone)


def add_working_time(week: Week, start: datetime, amount: timedelta) -> datetime:
    """The moment at which `amount` of working time has passed since `start`.

    From outside working time the count begins with the next interval; a count that is used up
    at the end of an interval ends there. Raises ValueError for a negative amount.
    """
    if amount < timedelta(0):
        raise ValueError("working time to add must not be negative")
    left, day = amount, start.date()
    while day - start.date() <= _FARTHEST:
        for begins, ends in intervals_of(week, day, start.tzinfo):
            begins = max(begins, start)
            if begins >= ends:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day += timedelta(days=1)
    raise ValueError("the amount of working time is out of reach")


def working_time_between(week: Week, start: datetime, end: datetime) -> timedelta:
    """Working time from `start` to `end`; nothing when `end` is not later."""
    total, day = timedelta(0), start.date()
    while day <= end.date():
        for begins, ends in intervals_of(week, day, start.tzinfo):
            total += max(min(ends, end) - max(begins, start), timedelta(0))
        day += timedelta(days=1)
    return total
