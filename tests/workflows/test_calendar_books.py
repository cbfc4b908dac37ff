"""Which calendar a step is counted in: its department's, one above it, the company's."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from accounts.domain import people
from cases.domain.defaults import ensure_defaults
from tests.cases.pages import browser
from tests.factories import bring, log, task_of
from workflows.domain import calendar_books, context
from workflows.domain.calendar_seed import known_years, published_days
from workflows.domain.calendars import read_intervals
from workflows.domain.deadlines import due_in, due_moment
from workflows.enums import DayKind
from workflows.models import (
    CalendarChange,
    CalendarDay,
    CalendarWeek,
    CalendarYear,
    Task,
    WorkingCalendar,
)

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
SHIFT = [["08:30", "12:00"], ["13:00", "17:30"]]
FIVE = {str(day): SHIFT for day in range(5)}
BEFORE_HOLIDAY = datetime(2026, 9, 30, 16, 0, tzinfo=ZONE)
STEP = {"flow": "complaint", "node": "acknowledge", "major": False}


@pytest.fixture
def seeded(company):
    ensure_defaults()
    return company


def own(department, week=FIVE, begins=date(2020, 1, 1)) -> WorkingCalendar:
    calendar = WorkingCalendar.objects.create(name=department.name, department=department)
    CalendarWeek.objects.create(calendar=calendar, begins=begins, week=week)
    CalendarChange.objects.create(at=context.now(), act="own", calendar=calendar)
    return calendar


def of(department):
    return calendar_books.current().calendar(department.path)


def worked(department, day: str) -> bool:
    return bool(of(department).intervals(date.fromisoformat(day)))


def test_a_company_without_calendars_counts_in_the_week_of_its_policy(company):
    due = due_moment(at=BEFORE_HOLIDAY, **STEP)
    assert f"{due:%m-%d %H:%M}" == "10-01 16:00"


def test_a_new_installation_knows_the_holidays(seeded):
    due = due_moment(at=BEFORE_HOLIDAY, **STEP)
    assert f"{due:%m-%d %H:%M}" == "10-08 16:00"
    with context.at(BEFORE_HOLIDAY):
        assert task_of(log(seeded)).due == due
    assert f"{due_in(8, at=BEFORE_HOLIDAY):%m-%d}" == "10-08"


def test_it_is_seeded_once(seeded):
    counted = [model.objects.count() for model in (WorkingCalendar, CalendarDay, CalendarChange)]
    assert ensure_defaults()["calendars"] == 0
    assert counted == [
        model.objects.count() for model in (WorkingCalendar, CalendarDay, CalendarChange)
    ]
    assert CalendarYear.objects.count() == len(known_years())


def test_the_list_of_a_year_names_its_days_in_both_languages():
    days = {day.date: day for day in published_days(2026)}
    assert (days[date(2026, 10, 1)].name, days[date(2026, 10, 1)].name_en) == (
        "国庆节", "National Day",
    )  # fmt: skip
    assert days[date(2026, 10, 10)].kind == DayKind.MAKEUP
    assert len(days) == 39


def test_a_department_takes_the_nearest_calendar_above_it(seeded):
    c = seeded
    own(c.workshop)
    assert not worked(c.workshop, "2026-11-28") and not worked(c.line, "2026-11-28")
    assert worked(c.service, "2026-11-28")
    assert of(c.line) is of(c.workshop) is not of(c.service)
    assert of(c.service) is of(c.root)


def test_a_step_is_counted_in_the_calendar_of_the_department_it_waits_in(seeded):
    c = seeded
    own(c.workshop)
    friday = datetime(2026, 11, 27, 16, 30, tzinfo=ZONE)
    with context.at(friday):
        case = bring(c, "statement")
    task = task_of(case)
    assert task.department_id == c.workshop.pk
    assert task.due > due_moment(flow="complaint", node="statement", major=False, at=friday)
    assert task.due == datetime(2026, 11, 30, 16, 30, tzinfo=ZONE)


def test_holidays_of_the_company_hold_in_every_department_unless_it_says_otherwise(seeded):
    calendar = own(seeded.workshop)
    assert not worked(seeded.workshop, "2026-10-01") and worked(seeded.workshop, "2026-10-10")
    CalendarDay.objects.create(
        calendar=calendar, date=date(2026, 10, 1), kind=DayKind.MAKEUP, name="值班",
        intervals=[["09:00", "12:00"]],
    )  # fmt: skip
    CalendarDay.objects.create(
        calendar=calendar, date=date(2026, 10, 10), kind=DayKind.HOLIDAY, name="盘点"
    )
    CalendarChange.objects.create(at=context.now(), act="day")
    assert of(seeded.workshop).intervals(date(2026, 10, 1)) == read_intervals([["09:00", "12:00"]])
    assert not worked(seeded.workshop, "2026-10-10")
    assert not worked(seeded.service, "2026-10-01") and worked(seeded.service, "2026-10-10")


def test_a_make_up_day_is_worked_as_the_weekday_it_names(seeded):
    half = {**FIVE, "4": [["08:30", "12:00"]]}
    calendar = own(seeded.workshop, half)
    CalendarDay.objects.create(
        calendar=calendar, date=date(2026, 10, 10), kind=DayKind.MAKEUP, name="补班", as_weekday=4
    )
    CalendarChange.objects.create(at=context.now(), act="day")
    assert of(seeded.workshop).intervals(date(2026, 10, 10)) == read_intervals(half["4"])
    assert of(seeded.workshop).intervals(date(2026, 9, 20)) == read_intervals(SHIFT)


def test_a_make_up_day_beside_a_week_without_mondays_is_worked_all_the_same(seeded):
    own(seeded.workshop, {"2": SHIFT, "3": SHIFT})
    assert worked(seeded.workshop, "2026-10-10")


def test_an_own_week_holds_from_its_day_until_the_department_follows_again(seeded):
    c = seeded
    calendar = own(c.workshop, begins=date(2026, 11, 1))
    CalendarWeek.objects.create(calendar=calendar, begins=date(2026, 12, 1), week={})
    CalendarChange.objects.create(at=context.now(), act="follow", calendar=calendar)
    saturdays = ["2026-10-24", "2026-11-28", "2026-12-05"]
    assert [worked(c.workshop, day) for day in saturdays] == [True, False, True]
    line = own(c.line, {"5": SHIFT}, begins=date(2026, 11, 16))
    fridays = ["2026-11-13", "2026-11-20", "2026-12-04"]
    assert [worked(c.line, day) for day in fridays] == [True, False, False]
    CalendarWeek.objects.create(calendar=line, begins=date(2026, 11, 23), week={})
    CalendarChange.objects.create(at=context.now(), act="follow", calendar=line)
    assert [worked(c.line, day) for day in fridays] == [True, False, True]
    assert [worked(c.line, day) for day in saturdays] == [True, False, True]


def test_a_step_costs_one_statement_and_a_change_is_seen_at_once(seeded, django_assert_num_queries):
    given = {"at": BEFORE_HOLIDAY, "department": seeded.line.pk, **STEP}
    before = due_moment(**given)
    with django_assert_num_queries(1):
        assert due_moment(**given) == before
    own(seeded.workshop, {"2": [["08:30", "09:30"]]})
    assert due_moment(**given) > before


def test_what_was_rolled_back_is_forgotten(seeded):
    given = {"at": BEFORE_HOLIDAY, "department": seeded.line.pk, **STEP}
    before = due_moment(**given)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        own(seeded.workshop, {"2": [["08:30", "09:30"]]})
        assert due_moment(**given) > before
        raise ZeroDivisionError
    assert due_moment(**given) == before


def test_a_department_that_moves_takes_the_calendar_of_its_new_place(seeded):
    c = seeded
    own(c.workshop)
    people.move_department(by=None, department=c.line, parent=c.quality)
    c.line.refresh_from_db()
    assert worked(c.line, "2026-11-28")


def test_a_due_moment_in_a_year_without_a_list_is_provisional(seeded):
    beyond = datetime(known_years()[-1], 12, 31, 16, 30, tzinfo=ZONE)
    with context.at(beyond):
        late = task_of(log(seeded))
    with context.at(beyond - timedelta(days=3)):
        early = task_of(log(seeded))
    assert (late.provisional, early.provisional) == (True, False)
    assert Task.objects.filter(provisional=True).count() == 1
    html = browser(seeded.agent).get("/inbox/?tab=started").content.decode()
    assert html.count("provisional: the public holidays") == 1
