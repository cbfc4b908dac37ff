"""Working time: exact, and the inverse of itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings, strategies as st

from tests.factories import WEEK
from workflows.domain.calendars import add_working_time, read_week, working_time_between

ZONE = ZoneInfo("Asia/Shanghai")
SIX_DAYS = read_week(WEEK)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 08:30", 8, "2026-11-23 17:30"),  # a whole Monday
        ("2026-11-23 11:00", 2, "2026-11-23 14:00"),  # over lunch
        ("2026-11-28 16:30", 2, "2026-11-30 09:30"),  # Saturday to Monday
        ("2026-11-29 10:00", 1, "2026-11-30 09:30"),  # begins on a Sunday
        ("2026-11-23 20:00", 0.5, "2026-11-24 09:00"),  # begins after work
        ("2026-11-23 06:00", 3.5, "2026-11-23 12:00"),  # ends with the interval
    ],
)
def test_working_hours_end_where_a_person_would_count_them_to(start, hours, end):
    assert add_working_time(SIX_DAYS, at(start), timedelta(hours=hours)) == at(end)


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="negative"):
        add_working_time(SIX_DAYS, at("2026-11-23 08:30"), timedelta(hours=-1))


@settings(max_examples=300, deadline=None)
@given(
    start=st.integers(0, 60 * 24 * 400).map(
        lambda minutes: (
            datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZONE) + timedelta(minutes=minutes)
        )
    ),
    minutes=st.integers(0, 60 * 200),
)
def test_what_is_added_is_what_lies_between(start, minutes):
    amount = timedelta(minutes=minutes)
    end = add_working_time(SIX_DAYS, start, amount)
    assert working_time_between(SIX_DAYS, start, end) == amount


@pytest.mark.parametrize(
    "week",
    [
        {},
        {"7": [["08:00", "12:00"]]},
        {"0": [["12:00", "08:00"]]},
        {"0": [["08:00", "12:00"], ["11:00", "13:00"]]},
    ],
)
def test_a_week_that_makes_no_sense_is_refused(week):
    with pytest.raises(ValidationError):
        read_week(week)
