"""The arithmetic of clocks through a year of holidays and make-up days, and what always holds."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cases.domain.defaults import ensure_defaults
from tests.factories import WEEK, do, log
from workflows.domain import calendar_books, context
from workflows.domain.clock_book import holds, matching
from workflows.domain.clock_time import between, counted_again, due_of, put_off
from workflows.domain.deadlines import of_week, week_text
from workflows.enums import ClockUnit as U
from workflows.models import Clock, ClockRule

ZONE = ZoneInfo("Asia/Shanghai")
UNITS = [U.HOURS, U.DAYS, U.CALENDAR]
CALENDAR = of_week(week_text(WEEK))
START = datetime(2026, 1, 5, 8, 30, tzinfo=ZONE)
moments = st.integers(0, 400 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def local(moment) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


@pytest.fixture
def company_calendar(db):
    ensure_defaults()
    return calendar_books.current().calendar("")


@pytest.mark.parametrize(("unit", "amount", "start", "due"), [
    # The last working afternoon before National Day: eight hours end after it.
    (U.HOURS, 8, (2025, 9, 30, 16, 0), "2025-10-09 16:00"),
    # A working day after the holiday, not twenty-four hours of work.
    (U.DAYS, 1, (2025, 9, 30, 16, 0), "2025-10-09 17:30"),
    (U.DAYS, 3, (2025, 9, 30, 16, 0), "2025-10-11 17:30"),
    # The make-up Saturdays of October and of the Spring Festival are worked.
    (U.DAYS, 2, (2025, 10, 9, 9, 0), "2025-10-11 17:30"),
    (U.DAYS, 7, (2025, 1, 24, 10, 0), "2025-02-08 17:30"),
    # Calendar days run through the holiday.
    (U.CALENDAR, 45, (2025, 9, 1, 10, 0), "2025-10-16 23:59"),
])  # fmt: skip
def test_a_target_is_due_as_the_chinese_year_is_worked(company_calendar, unit, amount, start, due):
    begins = datetime(*start, tzinfo=ZONE)
    assert local(due_of(company_calendar, unit, Decimal(amount), begins)) == due


def test_a_pause_moves_hours_by_its_work_and_days_by_its_days():
    monday = datetime(2026, 6, 1, 9, 0, tzinfo=ZONE)
    due = datetime(2026, 6, 4, 17, 30, tzinfo=ZONE)
    afternoon = monday + timedelta(hours=4), monday + timedelta(hours=7)
    assert local(put_off(CALENDAR, U.HOURS, due, *afternoon)) == "2026-06-05 11:30"
    assert put_off(CALENDAR, U.DAYS, due, *afternoon) == due
    assert put_off(CALENDAR, U.CALENDAR, due, *afternoon) == due
    two_days = monday, monday + timedelta(days=2, hours=9)
    # Thursday's end, two working days on: Saturday is worked.
    assert local(put_off(CALENDAR, U.DAYS, due, *two_days)) == "2026-06-06 17:30"
    assert local(put_off(CALENDAR, U.CALENDAR, due, *two_days)) == "2026-06-06 17:30"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(UNITS), st.lists(moments, min_size=4, max_size=12, unique=True))
def test_elapsed_and_paused_are_the_whole_time_whatever_the_pauses(unit, points):
    start, *inner, stop = sorted(points)
    pauses = list(zip(inner[::2], inner[1::2], strict=False))
    working = [(since, until) for since, until in pauses]
    edges = [start, *(edge for pause in working for edge in pause), stop]
    elapsed = sum(
        (between(CALENDAR, unit, a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)),
        timedelta(),
    )
    paused = sum((between(CALENDAR, unit, *pause) for pause in working), timedelta())
    assert elapsed + paused == between(CALENDAR, unit, start, stop)


@given(st.sampled_from(UNITS), st.integers(1, 60), moments, st.lists(moments, min_size=2,
       max_size=2, unique=True))  # fmt: skip
def test_a_due_moment_is_never_earlier_after_a_pause(unit, amount, start, pause):
    since, until = sorted(pause)
    due = due_of(CALENDAR, unit, Decimal(amount), start)
    assert put_off(CALENDAR, unit, due, since, until) >= due


@given(st.sampled_from(UNITS), st.integers(1, 60), moments)
def test_a_calendar_that_did_not_change_moves_nothing(unit, amount, start):
    due = due_of(CALENDAR, unit, Decimal(amount), start)
    assert counted_again(CALENDAR, CALENDAR, unit, start, due) == due


facts = st.fixed_dictionaries({"severity": st.sampled_from(["general", "major"]),
                               "channel": st.integers(1, 4)})  # fmt: skip
conditions = st.fixed_dictionaries(
    {}, optional={"severity": st.lists(st.sampled_from(["general", "major"]), min_size=1),
                  "channel": st.lists(st.integers(1, 4), min_size=1)},
)  # fmt: skip


@given(st.lists(conditions, max_size=8), facts)
def test_the_first_rule_that_holds_is_the_one_that_is_taken(asked, known):
    rules = [ClockRule(name="reply", conditions=one) for one in asked]
    found = matching(rules, "reply", known)
    fitting = [rule for rule in rules if holds(rule.conditions, known)]
    assert found is (fitting[0] if fitting else None)
    assert matching(rules, "total", known) is None


def test_a_product_is_the_families_above_it_too():
    assert holds({"product": [3]}, {"product": (1, 3, 17)})
    assert not holds({"product": [4]}, {"product": (1, 3, 17)})
    assert not holds({"product": [4]}, {"product": ()})


@pytest.mark.django_db
def test_a_clock_that_runs_through_spring_festival_counts_what_was_worked(company):
    ensure_defaults()
    with context.at(datetime(2025, 1, 27, 16, 0, tzinfo=ZONE)):
        case = log(company)
    with context.at(datetime(2025, 2, 5, 9, 30, tzinfo=ZONE)):
        do(case, "acknowledge", company.agent, text="已收到。", channel=company.channel)
    found = Clock.objects.get(root_id=case.pk, name="acknowledge")
    assert (found.state, found.elapsed) == ("met", timedelta(hours=2, minutes=30))
    assert found.wall == timedelta(days=8, hours=17, minutes=30)
