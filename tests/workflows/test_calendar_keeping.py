"""Changing calendars: only days to come, open steps follow, everything is written down."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from cases.domain.defaults import ensure_defaults
from tests.cases.pages import browser, page
from tests.factories import bring, log, order, task_of, walk_action, without_clocks
from workflows.domain import calendar_books, calendar_keeping as keeping, context
from workflows.domain.calendar_seed import DayDraft, known_years, published_days
from workflows.domain.invariants import violations
from workflows.enums import DayKind
from workflows.errors import Forbidden
from workflows.models import (
    CalendarChange,
    CalendarDay,
    CalendarYear,
    Task,
    Transition,
    WorkingCalendar,
)

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
SHIFT = [["08:30", "12:00"], ["13:00", "17:30"]]
FIVE = {str(day): SHIFT for day in range(5)}
NEXT = known_years()[-1] + 1
# The last working afternoon of the last year that has a list.
EVE = datetime(NEXT - 1, 12, 31, 16, 0, tzinfo=ZONE)
NEW_YEAR = [DayDraft(date(NEXT, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3)]


@pytest.fixture
def c(company):
    ensure_defaults()
    company.calendar = WorkingCalendar.objects.get(is_default=True)
    return company


def day(c, when: date, kind=DayKind.HOLIDAY, *, at=EVE, calendar=None, **given):
    draft = DayDraft(when, kind, given.pop("name", "盘点"), **given)
    with context.at(at):
        return keeping.set_day(by=c.manager, calendar=calendar or c.calendar, draft=draft)


def errors(caught) -> set[str]:
    return set(caught.value.message_dict)


def test_publishing_a_year_moves_open_steps_and_writes_one_line_for_each(c):
    without_clocks()
    with context.at(EVE):
        open_steps = [task_of(log(c)), task_of(log(c))]
        done = bring(c, "statement")
    before = open_steps[0].due
    kept = set(Task.objects.exclude(finished=None).values_list("pk", "due"))
    with context.at(EVE + timedelta(minutes=5)):
        moved = keeping.publish_year(by=c.manager, year=NEXT, days=NEW_YEAR)
    assert moved == 3
    for task in open_steps:
        task.refresh_from_db()
        assert before < task.due and not task.provisional
        line = Transition.objects.get(task=task, act="reschedule")
        assert (line.by, line.version) == (c.manager, None)
        assert datetime.fromisoformat(line.data["to"]) == task.due
    assert set(Task.objects.exclude(finished=None).values_list("pk", "due")) == kept
    assert Transition.objects.filter(act="reschedule").count() == 3
    assert task_of(done).due.astimezone(ZONE).date() >= date(NEXT, 1, 4)
    html = page(browser(c.agent), done)
    assert "Due date moved by the calendar to" in html and f"{NEXT}-01-04" in html
    assert not list(violations())


def test_a_moved_step_keeps_the_working_time_it_was_given(c):
    with context.at(EVE):
        task = task_of(log(c))
        keeping.publish_year(by=c.manager, year=NEXT, days=NEW_YEAR)
        again = task_of(log(c))
    task.refresh_from_db()
    assert task.due == again.due


def test_a_list_that_touches_no_open_step_moves_none_but_makes_the_year_certain(c):
    with context.at(EVE):
        task = task_of(log(c))
        assert task.provisional
        assert keeping.publish_year(by=c.manager, year=NEXT) == 0
    task.refresh_from_db()
    assert not task.provisional and CalendarYear.objects.filter(year=NEXT).exists()


def test_a_due_date_that_people_agreed_on_stays(c):
    with context.at(EVE):
        case = order(c, bring(c, "review"))
        action = case.actions.get()
        walk_action(c, action, "in_progress")
        step = task_of(action)
        assert step.flow_task.name == "implement"
        free = [
            DayDraft(date(NEXT, 1, 1) + timedelta(days=turn), DayKind.HOLIDAY, "元旦")
            for turn in range(30)
        ]
        keeping.publish_year(by=c.manager, year=NEXT, days=free)
    assert task_of(action).due == step.due


def test_an_amended_list_changes_days_to_come_only(c):
    noon = datetime(2026, 6, 1, 12, 0, tzinfo=ZONE)
    amended = [one for one in published_days(2026) if one.date != date(2026, 10, 7)]
    with context.at(noon):
        keeping.publish_year(by=c.manager, year=2026, days=amended)
        with pytest.raises(ValidationError, match="passed|已过"):
            keeping.publish_year(by=c.manager, year=2026, days=amended[5:])
        with pytest.raises(ValidationError):
            keeping.publish_year(by=c.manager, year=2025)
        with pytest.raises(ValidationError):
            keeping.publish_year(by=c.manager, year=2026, days=[*amended, amended[-1]])
        with pytest.raises(ValidationError):
            keeping.publish_year(by=c.manager, year=2027, days=amended)
    calendar = calendar_books.current().calendar("")
    assert calendar.intervals(date(2026, 10, 7)) and not calendar.intervals(date(2026, 10, 6))


def test_a_day_to_come_can_be_made_free_or_worked_and_given_back(c):
    tomorrow = EVE.date() + timedelta(days=1)
    sunday = next(
        tomorrow + timedelta(days=turn)
        for turn in range(7)
        if (tomorrow + timedelta(days=turn)).weekday() == 6
    )
    day(c, sunday, DayKind.MAKEUP, as_weekday=0)
    assert calendar_books.current().calendar("").intervals(sunday)
    day(c, sunday, DayKind.MAKEUP, intervals=((540, 720),))
    assert calendar_books.current().calendar("").intervals(sunday) == ((540, 720),)
    with context.at(EVE):
        keeping.clear_day(by=c.manager, calendar=c.calendar, day=sunday)
    assert not calendar_books.current().calendar("").intervals(sunday)
    last = CalendarChange.objects.first()
    assert (last.by, last.data["before"][0]["intervals"]) == (c.manager, [["09:00", "12:00"]])


@pytest.mark.parametrize("days", [-1, 0])
def test_today_and_what_has_passed_cannot_be_changed(c, days):
    when = EVE.date() + timedelta(days=days)
    with pytest.raises(ValidationError) as caught:
        day(c, when)
    assert errors(caught) == {"date"}
    with context.at(EVE), pytest.raises(ValidationError):
        keeping.clear_day(by=c.manager, calendar=c.calendar, day=when)
    with context.at(EVE), pytest.raises(ValidationError) as caught:
        keeping.set_week(
            by=c.manager, calendar=c.calendar, begins=when, week=FIVE, reason="五天工作制"
        )
    assert errors(caught) == {"begins"}


def test_a_department_gets_a_week_of_its_own_and_gives_it_back(c):
    monday = date(2026, 12, 7)
    with context.at(datetime(2026, 11, 27, 16, 30, tzinfo=ZONE)):
        case = bring(c, "statement")
        before = task_of(case).due
        keeping.own_calendar(
            by=c.manager, department=c.workshop, begins=date(2026, 11, 28), week=FIVE,
            reason="五天工作制",
        )  # fmt: skip
        assert task_of(case).due > before
        with pytest.raises(ValidationError):
            keeping.own_calendar(
                by=c.manager, department=c.workshop, begins=monday, week=FIVE, reason="再来"
            )
        own = WorkingCalendar.objects.get(department=c.workshop)
        keeping.set_week(by=c.manager, calendar=own, begins=monday, week={}, reason="恢复")
    worked = calendar_books.current().calendar(c.line.path)
    saturdays = [date(2026, 11, 21), date(2026, 11, 28), date(2026, 12, 12)]
    assert [bool(worked.intervals(day)) for day in saturdays] == [True, False, True]


def test_a_day_of_a_department_is_its_own(c):
    with context.at(EVE):
        begins = date(NEXT, 1, 1)
        given = {"by": c.manager, "begins": begins, "week": FIVE, "reason": "五天工作制"}
        keeping.own_calendar(department=c.workshop, **given)
    own = WorkingCalendar.objects.get(department=c.workshop)
    day(c, date(NEXT, 1, 5), calendar=own)
    assert CalendarDay.objects.get(date=date(NEXT, 1, 5)).calendar == own
    book = calendar_books.current()
    assert book.calendar(c.service.path).intervals(date(NEXT, 1, 5))
    assert not book.calendar(c.workshop.path).intervals(date(NEXT, 1, 5))


def test_a_week_in_which_nothing_would_ever_be_due_is_refused(c):
    with context.at(EVE), pytest.raises(ValidationError) as caught:
        keeping.set_week(
            by=c.manager, calendar=c.calendar, begins=date(NEXT, 1, 1),
            week={"0": [["08:00", "08:30"]]}, reason="试",
        )  # fmt: skip
    assert errors(caught) == {"week"}
    with context.at(EVE), pytest.raises(ValidationError):
        keeping.set_week(
            by=c.manager, calendar=c.calendar, begins=date(NEXT, 1, 1), week={}, reason="试"
        )
    assert CalendarChange.objects.count() == 1


def test_only_who_keeps_the_rules_changes_calendars(c):
    with pytest.raises(Forbidden):
        keeping.publish_year(by=c.head, year=NEXT)
    with pytest.raises(Forbidden):
        keeping.set_day(by=c.head, calendar=c.calendar, draft=NEW_YEAR[0])
    with pytest.raises(Forbidden):
        keeping.clear_day(by=c.head, calendar=c.calendar, day=NEW_YEAR[0].date)
    given = {"by": c.head, "begins": NEW_YEAR[0].date, "week": FIVE, "reason": "x"}
    with pytest.raises(Forbidden):
        keeping.set_week(calendar=c.calendar, **given)
    with pytest.raises(Forbidden):
        keeping.own_calendar(department=c.workshop, **given)
    assert CalendarChange.objects.count() == 1
