"""Working time: what a person would count with a calendar on the wall."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from tests.factories import WEEK
from workflows.domain.calendars import (
    Calendar,
    Period,
    add_working_days,
    add_working_time,
    read_intervals,
    read_week,
    working_days_between,
    working_time_between,
)

ZONE = ZoneInfo("Asia/Shanghai")
SHIFT = read_intervals([["08:30", "12:00"], ["13:00", "17:30"]])
FIVE = dict.fromkeys(range(5), SHIFT)
# What the State Council published for 2026.
FREE = {
    "2026-01-01": 3,
    "2026-02-15": 9,
    "2026-04-04": 3,
    "2026-05-01": 5,
    "2026-06-19": 3,
    "2026-09-25": 3,
    "2026-10-01": 7,
}
MAKEUP = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
DAYS = {
    date.fromisoformat(first) + timedelta(days=turn): ()
    for first, length in FREE.items()
    for turn in range(length)
} | dict.fromkeys(map(date.fromisoformat, MAKEUP), SHIFT)


def calendar(week, days=DAYS, zone=ZONE) -> Calendar:
    return Calendar(zone, (Period(date.min, week, days),))


PLAIN = calendar(read_week(WEEK), {})
SIX_DAYS, FIVE_DAYS = calendar(read_week(WEEK)), calendar(FIVE)


def at(text: str, zone=ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 08:30", 8, "2026-11-23 17:30"),  # a whole Monday
        ("2026-11-23 11:00", 2, "2026-11-23 14:00"),  # over lunch
        ("2026-11-28 16:30", 2, "2026-11-30 09:30"),  # Saturday to Monday
        ("2026-11-29 10:00", 1, "2026-11-30 09:30"),  # begins on a Sunday
        ("2026-11-23 20:00", 0.5, "2026-11-24 09:00"),  # begins after work
        ("2026-11-23 06:00", 3.5, "2026-11-23 12:00"),  # ends with the interval
        ("2026-11-23 12:30", 0, "2026-11-23 13:00"),  # nothing, over lunch
        ("2026-12-31 16:30", 2, "2027-01-01 09:30"),  # into a year
    ],
)
def test_working_hours_end_where_a_person_would_count_them_to(start, hours, end):
    assert add_working_time(PLAIN, at(start), timedelta(hours=hours)) == at(end)


@pytest.mark.parametrize(("week", "end"), [(SIX_DAYS, "2026-10-08"), (PLAIN, "2026-10-01")])
def test_eight_hours_from_the_last_afternoon_before_national_day_end_after_the_holiday(week, end):
    """16:00 on Wednesday 30 September: 1.5 hours are left, 1–7 October are free."""
    due = add_working_time(week, at("2026-09-30 16:00"), timedelta(hours=8))
    assert due == at(f"{end} 16:00")
    assert working_time_between(week, at("2026-09-30 16:00"), due) == timedelta(hours=8)


def test_spring_festival_is_free_and_the_saturdays_around_it_are_worked():
    start = at("2026-02-13 16:30")  # Friday; Saturday 14 February is a make-up day
    assert add_working_time(FIVE_DAYS, start, timedelta(hours=2)) == at("2026-02-14 09:30")
    assert add_working_time(FIVE_DAYS, start, timedelta(hours=10)) == at("2026-02-24 09:30")
    assert add_working_days(FIVE_DAYS, start, 2) == at("2026-02-24 17:30")


def test_a_make_up_sunday_is_worked_in_a_six_day_week_too():
    start = at("2026-09-19 16:30")  # Saturday; Sunday 20 September makes up for National Day
    assert add_working_time(SIX_DAYS, start, timedelta(hours=2)) == at("2026-09-20 09:30")
    assert add_working_time(FIVE_DAYS, start, timedelta(hours=2)) == at("2026-09-20 10:30")


def test_a_plain_saturday_is_worked_in_a_six_day_week_alone():
    start = at("2026-11-27 16:30")
    assert add_working_time(SIX_DAYS, start, timedelta(hours=2)) == at("2026-11-28 09:30")
    assert add_working_time(FIVE_DAYS, start, timedelta(hours=2)) == at("2026-11-30 09:30")


def test_three_days_are_not_twenty_four_hours():
    start = at("2026-09-30 09:00")
    assert add_working_days(FIVE_DAYS, start, 3) == at("2026-10-10 17:30")
    assert add_working_time(FIVE_DAYS, start, timedelta(hours=24)) == at("2026-10-10 09:00")
    assert working_days_between(FIVE_DAYS, start, at("2026-10-10 17:29")) == 2
    assert working_days_between(FIVE_DAYS, start, at("2026-10-10 17:30")) == 3


def test_the_day_it_begins_on_is_not_counted_whether_it_is_worked_or_not():
    sunday = at("2026-11-29 10:00")
    assert add_working_days(SIX_DAYS, sunday, 1) == at("2026-11-30 17:30")
    assert add_working_days(SIX_DAYS, at("2026-11-30 00:00"), 1) == at("2026-12-01 17:30")


def test_a_week_holds_from_its_day_on():
    both = Calendar(
        ZONE, (Period(date.min, read_week(WEEK)), Period(date(2026, 11, 23), FIVE, DAYS))
    )
    friday, hours = at("2026-11-20 17:30"), timedelta(hours=1)
    assert add_working_time(both, friday, hours) == at("2026-11-21 09:30")
    assert add_working_time(both, friday + timedelta(days=7), hours) == at("2026-11-30 09:30")


def test_a_night_shift_counts_what_summer_time_takes_and_gives():
    zone = ZoneInfo("Europe/Berlin")
    nights = calendar(dict.fromkeys(range(7), ((0, 360), (1320, 1440))), {}, zone)
    spring, autumn = at("2026-03-28 22:00", zone), at("2026-10-24 22:00", zone)
    hours = timedelta(hours=6)
    assert add_working_time(nights, spring, hours) == at("2026-03-29 05:00", zone)
    assert add_working_time(nights, autumn, hours) == at("2026-10-25 03:00", zone)
    assert working_time_between(nights, autumn, at("2026-10-25 06:00", zone)) == timedelta(hours=9)


def test_the_moment_may_be_given_in_any_zone():
    start = at("2026-11-23 16:30")
    there = add_working_time(SIX_DAYS, start.astimezone(UTC), timedelta(hours=2))
    assert there == add_working_time(SIX_DAYS, start, timedelta(hours=2))
    assert f"{there:%H:%M}" == "09:30"


def test_what_cannot_be_reached_is_refused():
    nothing = calendar({}, {date(2026, 11, 24): SHIFT})
    with pytest.raises(ValueError, match="negative"):
        add_working_time(SIX_DAYS, at("2026-11-23 08:30"), timedelta(hours=-1))
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(SIX_DAYS, at("2026-11-23 08:30"), 0)
    with pytest.raises(ValueError, match="out of reach"):
        add_working_time(nothing, at("2026-11-23 08:30"), timedelta(hours=9))
    with pytest.raises(ValueError, match="out of reach"):
        add_working_days(nothing, at("2026-11-23 08:30"), 2)


def test_a_year_ahead_costs_no_more_than_a_day():
    """2,000 times 2,000 hours; going through the days would take a minute."""
    start = at("2026-01-05 08:30")
    begun = perf_counter()
    for turn in range(2000):
        later = start + timedelta(hours=turn)
        end = add_working_time(SIX_DAYS, later, timedelta(hours=2000))
        assert working_time_between(SIX_DAYS, later, end) == timedelta(hours=2000)
    assert perf_counter() - begun < 3


@pytest.mark.parametrize(
    "week",
    [
        {},
        {"0": []},
        {"7": [["08:00", "12:00"]]},
        {"0": [["12:00", "08:00"]]},
        {"0": [["08:00", "12:00"], ["11:00", "13:00"]]},
        {"0": [["08:00", "25:00"]]},
        {"0": [["08:00"]]},
        {"0": 5},
    ],
)
def test_a_week_that_makes_no_sense_is_refused(week):
    with pytest.raises(ValidationError):
        read_week(week)
