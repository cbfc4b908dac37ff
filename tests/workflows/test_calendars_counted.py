"""Working time against a count of every single minute: 10,000 cases.

The reference knows nothing of weeks, totals or offsets. It walks through the minutes of a month
as the clock on the wall shows them, in places where that clock jumps, even at midnight.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st

from workflows.domain.calendars import (
    DAY,
    Calendar,
    Period,
    add_working_days,
    add_working_time,
    working_days_between,
    working_time_between,
)

LENGTH = 35
CASES = 25
MINUTE = timedelta(minutes=1)
# A zone and the first day of the month that is counted through.
PLACES = [
    ("Asia/Shanghai", date(2026, 9, 15)),
    ("Asia/Shanghai", date(2026, 12, 14)),
    ("Europe/Berlin", date(2026, 3, 15)),
    ("Europe/Berlin", date(2026, 10, 10)),
    ("Asia/Beirut", date(2026, 3, 14)),
    ("Asia/Beirut", date(2026, 10, 10)),
    ("Australia/Lord_Howe", date(2026, 9, 20)),
]


@cache
def wall(place):
    """Every minute of the month, and what the clock has shown at most by then."""
    zone, first = ZoneInfo(place[0]), place[1]
    begins = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    minutes = [begins + turn * MINUTE for turn in range(LENGTH * DAY)]
    shown = accumulate((moment.astimezone(zone).replace(tzinfo=None) for moment in minutes), max)
    return minutes, [(clock.date(), clock.hour * 60 + clock.minute) for clock in shown]


def counted(place, worked):
    """One byte for each minute: 1 where it is worked."""
    days = {}
    for day in {day for day, _minute in wall(place)[1]}:
        days[day] = flags = bytearray(DAY)
        for start, end in worked(day):
            flags[start:end] = b"\1" * (end - start)
    return bytearray(days[day][minute] for day, minute in wall(place)[1])


intervals = st.lists(st.integers(0, 96), unique=True, max_size=6).map(
    lambda quarters: tuple(
        (start * 15, end * 15)
        for start, end in zip(sorted(quarters)[::2], sorted(quarters)[1::2], strict=False)
    )
)
weeks = st.dictionaries(st.integers(0, 6), intervals, max_size=7)


@st.composite
def calendars(draw, place):
    """One or two weeks, one after the other, each with days of its own."""
    dates = st.integers(0, LENGTH).map(lambda turn: place[1] + timedelta(days=turn))
    days = st.dictionaries(dates, intervals, max_size=8)
    periods = [Period(date.min, draw(weeks), draw(days))]
    if draw(st.booleans()):
        periods.append(Period(draw(dates), draw(weeks), draw(days)))
    return Calendar(ZoneInfo(place[0]), tuple(periods))


@settings(max_examples=400, deadline=None)
@given(data=st.data(), place=st.sampled_from(PLACES))
def test_hours_are_what_counting_every_minute_gives(data, place):
    """Each example is a calendar with 25 cases."""
    calendar = data.draw(calendars(place))
    minutes, flags = wall(place)[0], counted(place, calendar.intervals)
    moments = st.integers(0, LENGTH * DAY - 1)
    pairs = st.tuples(moments, moments)
    for first, last in data.draw(st.lists(pairs, min_size=CASES, max_size=CASES)):
        first, last = sorted((first, last))
        amount = sum(flags[first:last])
        start, end = minutes[first], minutes[last]
        assert working_time_between(calendar, start, end) == amount * MINUTE
        if amount:
            due = add_working_time(calendar, start, amount * MINUTE)
            # In UTC: moments of an hour that comes twice never equal those of another zone.
            assert due.astimezone(UTC) == minutes[flags.rindex(1, first, last)] + MINUTE
            assert working_time_between(calendar, start, due) == amount * MINUTE


@settings(max_examples=100, deadline=None)
@given(data=st.data(), place=st.sampled_from(PLACES))
def test_days_are_what_counting_them_gives(data, place):
    calendar = data.draw(calendars(place))
    zone, first = calendar.zone, place[1]
    start = datetime(first.year, first.month, first.day, tzinfo=zone) + timedelta(
        minutes=data.draw(st.integers(0, 5 * DAY))
    )
    days = [start.date() + timedelta(days=turn) for turn in range(1, 25)]
    worked = [day for day in days if calendar.intervals(day)]
    for turn, day in enumerate(worked, 1):
        end = add_working_days(calendar, start, turn)
        before = end.astimezone(UTC) - MINUTE
        assert before.astimezone(zone).date() == day
        assert working_days_between(calendar, start, end) == turn
        assert working_days_between(calendar, start, before) == turn - 1
