"""Working time: pure arithmetic on a calendar, exact and the inverse of itself.

A calendar says for every day which minutes of the clock on the wall are worked. An interval
begins and ends at the first moment at which that clock shows its time or a later one, so hours
that a change to summer time takes away are not counted and those it gives back are.

Hours and days are different things: eight hours are eight hours at work, the third working day
after today is over when its work is over.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Minutes since midnight; 1440 is the end of the day. Intervals are in order and do not touch.
Interval = tuple[int, int]
Intervals = tuple[Interval, ...]
# By weekday, 0 is Monday; a weekday that is missing is free.
Week = Mapping[int, Intervals]

DAY = 24 * 60
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)
# With so little work in it that a deadline would lie farther ahead, a calendar is a mistake.
_FARTHEST = 10


# ---------------------------------------------------------------------------- reading
def read_clock(text: str) -> int:
    """Minutes since midnight of "08:30"; "24:00" is the end of the day."""
    if text == "24:00":
        return DAY
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_intervals(data: Any) -> Intervals:
    """Read [["08:30", "12:00"], …]. Raises ValidationError."""
    try:
        read = tuple((read_clock(start), read_clock(end)) for start, end in data)
    except (ValueError, TypeError):
        raise ValidationError(_("A working interval is written like 08:30-12:00.")) from None
    moments = [moment for interval in read for moment in interval]
    if moments != sorted(set(moments)):
        raise ValidationError(_("Working intervals must follow one another without overlap."))
    return read


def read_week(data: Mapping[str, Any]) -> dict[int, Intervals]:
    """Read the JSON form {"0": [["08:30", "12:00"], …]}; refuses gaps in sense."""
    week: dict[int, Intervals] = {}
    for day, intervals in data.items():
        if day not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise ValidationError(_("Weekdays are numbered from 0 (Monday) to 6 (Sunday)."))
        if read := read_intervals(intervals):
            week[int(day)] = read
    if not week:
        raise ValidationError(_("A working week needs at least one working interval."))
    return week


def written(intervals: Intervals) -> list[list[str]]:
    """The JSON form of intervals."""
    return [[clock(start), clock(end)] for start, end in intervals]


# ---------------------------------------------------------------------------- a calendar
@dataclass(frozen=True)
class Period:
    """A week that holds from a day on, and the days on which something else is worked."""

    begins: date
    week: Week
    days: Mapping[date, Intervals] = field(default_factory=dict)

    def intervals(self, day: date) -> Intervals:
        return self.days[day] if day in self.days else self.week.get(day.weekday(), ())


@dataclass(frozen=True, eq=False)
class Calendar:
    """What is worked when: periods in order, the first of which reaches back without end.

    Totals of a year are added up once and kept, so that a year ahead costs what a day does.
    """

    zone: tzinfo
    periods: tuple[Period, ...]
    _totals: dict[int, list[timedelta]] = field(default_factory=dict, repr=False)

    def intervals(self, day: date) -> Intervals:
        """The minutes of a day that are worked; none on a free day."""
        place = bisect_right(self.periods, day, key=lambda period: period.begins)
        return self.periods[max(place - 1, 0)].intervals(day)

    def moments(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The working intervals of a day as moments in UTC."""
        for start, end in self.intervals(day):
            yield moment_at(day, start, self.zone), moment_at(day, end, self.zone)

    def within(self, day: date, start: datetime, end: datetime) -> timedelta:
        """What is worked on one day between two moments in UTC."""
        worked = (min(ends, end) - max(begins, start) for begins, ends in self.moments(day))
        return sum((span for span in worked if span > NOTHING), NOTHING)

    def length(self, day: date) -> timedelta:
        if offset_at(day, self.zone) == offset_at(day + ONE_DAY, self.zone):
            return timedelta(minutes=sum(end - start for start, end in self.intervals(day)))
        return sum((ends - begins for begins, ends in self.moments(day)), NOTHING)

    def totals(self, year: int) -> list[timedelta]:
        """What is worked from New Year to the end of each day; the first entry is nothing."""
        if year not in self._totals:
            totals, day = [NOTHING], date(year, 1, 1)
            while day.year == year:
                totals.append(totals[-1] + self.length(day))
                day += ONE_DAY
            self._totals[year] = totals
        return self._totals[year]


def moment_at(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The first moment at which the clock shows `minutes` of the day or more, in UTC."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        return moment
    # The clock jumps over this time: it is the moment of the jump, at most some hours before.
    back = range(DAY)
    skipped = bisect_right(
        back,
        False,
        key=lambda ago: (
            (moment - timedelta(minutes=ago)).astimezone(zone).replace(tzinfo=None) < shown
        ),
    )
    return moment - timedelta(minutes=back[skipped - 1])


def offset_at(day: date, zone: tzinfo) -> timedelta | None:
    return datetime.combine(day, time(), zone).utcoffset()


# ---------------------------------------------------------------------------- hours
def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """The moment at which `amount` of working time has passed since `start`, where the calendar is.

    From outside working time the count begins with the next interval; a count that is used up
    at the end of an interval ends there. Raises ValueError for a negative amount and for one
    that lies more than ten years ahead.
    """
    if amount < NOTHING:
        raise ValueError("working time to add must not be negative")
    day, begun = start.astimezone(calendar.zone).date(), start.astimezone(UTC)
    today = calendar.within(day, begun, moment_at(day, DAY, calendar.zone))
    if today < amount or today == NOTHING:
        day, amount = reached(calendar, day, amount - today)
    for begins, ends in calendar.moments(day):
        begins = max(begins, begun)
        if begins < ends:
            if amount <= ends - begins:
                return (begins + amount).astimezone(calendar.zone)
            amount -= ends - begins
    raise AssertionError("the totals of the year contradict its days")


def reached(calendar: Calendar, day: date, amount: timedelta) -> tuple[date, timedelta]:
    """The first day after `day` on which `amount` is used up, and what it begins with."""
    find = bisect_left if amount else bisect_right
    done = day.timetuple().tm_yday
    for year in range(day.year, day.year + _FARTHEST + 1):
        totals = calendar.totals(year)
        goal = totals[done] + amount
        place = find(totals, goal, lo=done + 1)
        if place < len(totals):
            return date(year, 1, 1) + timedelta(days=place - 1), goal - totals[place - 1]
        amount, done = goal - totals[-1], 0
    raise ValueError("the amount of working time is out of reach")


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Working time from `start` to `end`; nothing when `end` is not later."""
    first, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end <= start:
        return NOTHING
    total = calendar.within(first, start, end)
    if first < last:
        total += worked_before(calendar, first + ONE_DAY, last) + calendar.within(last, start, end)
    return total


def worked_before(calendar: Calendar, first: date, end: date) -> timedelta:
    """What is worked on whole days from `first` on, before `end`."""
    upto, since = (calendar.totals(day.year)[day.timetuple().tm_yday - 1] for day in (end, first))
    years = range(first.year, end.year)
    return upto - since + sum((calendar.totals(year)[-1] for year in years), NOTHING)


# ---------------------------------------------------------------------------- days
def add_working_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """When work ends on the `days`-th working day after the day of `start`, which is not counted.

    Raises ValueError for less than one day and for a day more than ten years ahead.
    """
    if days < 1:
        raise ValueError("at least one working day is added")
    day = start.astimezone(calendar.zone).date()
    last = day + timedelta(days=366 * _FARTHEST)
    while day < last:
        day += ONE_DAY
        if intervals := calendar.intervals(day):
            days -= 1
            if not days:
                return moment_at(day, intervals[-1][1], calendar.zone).astimezone(calendar.zone)
    raise ValueError("the number of working days is out of reach")


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The working days after the day of `start` on which work is over by `end`."""
    day, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    count = 0
    while day < last:
        day += ONE_DAY
        if intervals := calendar.intervals(day):
            count += moment_at(day, intervals[-1][1], calendar.zone) <= end
    return count
