"""The pages of calendars: who may, what they show, what they change and refuse."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cases.domain.defaults import ensure_defaults
from tests.cases.pages import browser, statements
from tests.factories import log, task_of
from workflows.domain import calendar_books
from workflows.domain.calendar_lists import read_list, write_list
from workflows.domain.calendar_seed import known_years, published_days
from workflows.models import CalendarDay, CalendarYear, WorkingCalendar

pytestmark = pytest.mark.django_db
ROOT = "/administration/calendars/"
NEXT = known_years()[-1] + 1
HOURS = "08:30-12:00, 13:00-17:30"
FIVE = {f"day{day}": HOURS for day in range(5)}


def to_come(weekday: int) -> date:
    """The next such weekday after tomorrow."""
    day = timezone.localdate() + timedelta(days=2)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


@pytest.fixture
def c(company):
    ensure_defaults()
    company.calendar = WorkingCalendar.objects.get(is_default=True)
    company.page = f"{ROOT}{company.calendar.pk}/"
    return company


@pytest.fixture
def client(c):
    return browser(c.manager)


def pages(c) -> list[str]:
    day = to_come(2)
    return [
        ROOT, c.page, f"{c.page}?year=2020", f"{c.page}week/", f"{c.page}days/{day}/",
        f"{ROOT}new/", f"{ROOT}years/{NEXT}/",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["agent", "head", "engineer", "director", "auditor"])
def test_nobody_else_finds_the_pages(c, who):
    client = browser(getattr(c, who))
    for url in pages(c):
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code in (404, 405), url


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["manager", "admin"])
def test_quality_managers_and_administrators_read_them(c, who, language):
    client = browser(getattr(c, who), language)
    for url in pages(c):
        assert client.get(url).status_code == 200, url


def test_a_year_shows_holidays_by_name_and_mark_and_says_when_it_is_provisional(c, client):
    html = client.get(f"{c.page}?year=2026").content.decode()
    assert "National Day" in html and html.count('class="month"') == 12
    assert 'title="2026-10-01 National Day, free"' in html
    assert "2026-10-01 – 2026-10-07" in html and "provisional" not in html
    assert "is provisional" in client.get(f"{c.page}?year={NEXT}").content.decode()


def test_addresses_that_name_no_day_or_year_are_not_found(c, client):
    for path in ("?year=1999", "?year=9999", "days/2026-02-30/", "days/1999-01-01/"):
        assert client.get(f"{c.page}{path}").status_code == 404, path
    assert client.get(f"{c.page}?year=nonsense").status_code == 200
    for url in (f"{ROOT}99999999999999999999/", f"{ROOT}years/2020/"):
        assert client.get(url).status_code == 404, url


def test_a_day_to_come_is_made_free_and_open_steps_follow(c, client):
    task = task_of(log(c))
    tomorrow = timezone.localdate() + timedelta(days=1)
    day = max(timezone.localtime(task.due).date(), tomorrow)
    sent = {"kind": "holiday", "name": "台风", "name_en": "Typhoon"}
    answer = client.post(f"{c.page}days/{day}/", sent, follow=True)
    assert answer.status_code == 200 and CalendarDay.objects.filter(name="台风").exists()
    assert "Typhoon" in answer.content.decode()
    task.refresh_from_db()
    assert timezone.localtime(task.due).date() != day
    assert client.post(f"{c.page}days/{day}/", {"kind": ""}).status_code == 302
    assert not CalendarDay.objects.filter(name="台风").exists()


def test_a_day_that_has_begun_is_shown_and_cannot_be_changed(c, client):
    today = f"{c.page}days/{timezone.localdate()}/"
    assert "can no longer be changed" in client.get(today).content.decode()
    assert client.post(today, {"kind": "holiday", "name": "x"}).status_code == 422


def test_a_day_has_hours_of_its_own_and_nonsense_is_pointed_out(c, client):
    url = f"{c.page}days/{to_come(6)}/"
    answer = client.post(url, {"kind": "makeup", "name": "加班", "intervals": "9-12"})
    assert answer.status_code == 422 and "08:30-12:00" in answer.content.decode()
    assert client.post(url, {"kind": "makeup", "name": ""}).status_code == 422
    sent = {"kind": "makeup", "name": "加班", "intervals": "09:00–12:00，13:00~15:00"}
    assert client.post(url, sent).status_code == 302
    assert calendar_books.current().calendar("").intervals(to_come(6)) == ((540, 720), (780, 900))
    assert "09:00-12:00, 13:00-15:00" in client.get(url).content.decode()


def test_the_company_turns_to_five_days_a_week(c, client):
    monday = to_come(0)
    sent = {**FIVE, "begins": monday, "reason": "五天工作制"}
    assert client.post(f"{c.page}week/", {**sent, "reason": ""}).status_code == 422
    assert client.post(f"{c.page}week/", {"begins": monday, "reason": "x"}).status_code == 422
    assert client.post(f"{c.page}week/", sent).status_code == 302
    html = client.get(c.page).content.decode()
    assert "planned" in html and "五天工作制" in html
    assert not calendar_books.current().calendar("").intervals(monday + timedelta(days=5))


def test_a_department_gets_its_own_calendar_and_the_tree_shows_who_follows(c, client):
    sent = {**FIVE, "begins": to_come(0), "reason": "两班", "department": c.workshop.pk}
    answer = client.post(f"{ROOT}new/", sent)
    own = WorkingCalendar.objects.get(department=c.workshop)
    assert answer["Location"] == f"{ROOT}{own.pk}/"
    assert client.post(f"{ROOT}new/", sent).status_code == 422
    html = client.get(answer["Location"]).content.decode()
    assert "Assembly line 1" in html and "from: Assembly" in html and "Purchasing" not in html
    assert "from: Company calendar" in client.get(c.page).content.decode()
    follow = {"begins": to_come(2), "reason": "恢复", "follow": "on"}
    assert client.post(f"{ROOT}{own.pk}/week/", follow).status_code == 302
    assert "As the department above" in client.get(answer["Location"]).content.decode()


def test_the_list_of_a_year_is_published_by_hand(c, client):
    url = f"{ROOT}years/{NEXT}/"
    bad = client.post(url, {"days": f"{NEXT}-01-01 休 元旦\n{NEXT}-01-02 什么 元旦"})
    assert bad.status_code == 422 and "Line 2" in bad.content.decode()
    text = f"{NEXT}-01-01 – {NEXT}-01-03 休 元旦 / New Year\n{NEXT}-01-10 班 元旦"
    assert client.post(url, {"days": text}).status_code == 302
    assert CalendarYear.objects.get(year=NEXT).published_by == c.manager
    assert CalendarDay.objects.filter(date__year=NEXT).count() == 4
    html = client.get(f"{ROOT}?year={NEXT}").content.decode()
    assert "is provisional" not in html and "Public holidays published" in html
    assert "New Year" in client.get(url).content.decode()


def test_a_list_is_read_back_as_it_is_written():
    days = published_days(2026)
    assert read_list(write_list(days)) == days


def test_without_calendars_the_page_says_what_to_do(company):
    html = browser(company.manager).get(ROOT).content.decode()
    assert "setup_defaults" in html
    assert browser(company.manager).get(f"{ROOT}new/").status_code == 404


def test_a_year_costs_the_same_statements_with_many_days_and_departments(c, client):
    client.get(c.page)  # reads the calendars, and keeps them
    _answer, one = statements(client, "get", f"{c.page}?year={NEXT}")
    answer, many = statements(client, "get", f"{c.page}?year=2026")
    assert answer.status_code == 200 and many == one <= 14


def test_the_policy_of_deadlines_leads_to_the_calendars(c, client):
    html = client.get("/administration/policies/deadlines/").content.decode()
    assert f'<a href="{ROOT}">Working calendars</a>' in html
