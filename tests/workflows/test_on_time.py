"""How clocks were kept: rates with elapsed, paused and actual, and the clocks behind them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cases.enums import CaseState
from tests.factories import bring, do, log
from workflows.domain import context, on_time
from workflows.domain.context import now
from workflows.enums import ClockState
from workflows.models import Clock

pytestmark = pytest.mark.django_db
RATES, CLOCKS = "/overview/in-time/", "/overview/clocks/"


@pytest.fixture
def enter(client):
    def sign_in(person, language="en"):
        client.force_login(person)
        client.cookies["django_language"] = language
        return client

    return sign_in


def acknowledged(c, *, after):
    """A case whose customer heard from us so long after it was logged."""
    case = log(c)
    with context.at(now() + after):
        do(case, "acknowledge", c.agent, text="已收到。", channel=c.channel)
    return case


def today():
    day = now().date()
    return on_time.Period(day - timedelta(days=1), day + timedelta(days=60))


def test_a_clock_that_was_kept_and_one_that_was_missed_make_half(company):
    acknowledged(company, after=timedelta(minutes=1))
    acknowledged(company, after=timedelta(days=30))
    [row] = [one for one in on_time.by_clock(company.manager, today()) if one.key == "acknowledge"]
    assert (row.on_time, row.missed, row.percent) == (1, 1, Decimal("50.0"))
    assert abs(row.elapsed + row.paused - row.actual) <= Decimal("0.1")


def test_departments_and_clocks_add_up_to_the_same(company):
    for days in (0, 30, 0):
        acknowledged(company, after=timedelta(days=days, minutes=1))
    clocks = on_time.by_clock(company.manager, today())
    places = on_time.by_department(company.manager, today())
    assert sum(one.total for one in clocks) == sum(one.total for one in places)
    assert sum(one.missed for one in clocks) == sum(one.missed for one in places)


def test_every_figure_opens_exactly_the_clocks_it_counts(company, enter):
    acknowledged(company, after=timedelta(minutes=1))
    acknowledged(company, after=timedelta(days=20))
    browser = enter(company.manager)
    with context.at(now() + timedelta(days=25)):
        page = browser.get(RATES, {"period": "year"})
        rows = [*page.context["clocks"], *page.context["places"]]
        assert rows
        for row in rows:
            for which, number in (
                ("all", row["row"].total),
                ("on_time", row["row"].on_time),
                ("missed", row["row"].missed),
            ):
                html = browser.get(row["urls"][which]).content.decode()
                assert html.count("data-row") == number, (which, row["label"])


def test_nobody_sees_clocks_of_departments_they_do_not_belong_to(company, enter):
    case = acknowledged(company, after=timedelta(minutes=1))
    assert on_time.by_clock(company.buyer, today()) == []
    html = enter(company.buyer).get(CLOCKS, {"what": "all", "period": "year"}).content.decode()
    assert case.number not in html
    assert enter(company.admin).get(RATES).status_code == 404
    assert enter(company.admin).get(CLOCKS).status_code == 404


def test_open_clocks_are_listed_by_how_they_stand(company, enter):
    case = bring(company, CaseState.STATEMENT)
    browser = enter(company.manager)
    html = browser.get(CLOCKS, {"what": "running"}).content.decode()
    running = Clock.objects.filter(root_number=case.number, state=ClockState.RUNNING).count()
    assert running
    assert html.count("data-row") == running
    with context.at(now() + timedelta(days=200)):
        html = browser.get(CLOCKS, {"what": "overdue"}).content.decode()
    assert html.count("data-row") == running


@pytest.mark.parametrize("query", [
    "what=x", "name=x", "period=x&what=all", "department=²", "after=%00", "department=99999999",
    "what=all&department=none",
])  # fmt: skip
def test_an_address_of_nonsense_shows_a_list(company, enter, query):
    log(company)
    assert enter(company.manager).get(f"{CLOCKS}?{query}").status_code == 200
    assert enter(company.manager).get(f"{RATES}?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 51])
def test_rates_and_list_take_few_statements_at_1_and_at_51_cases(
    company, enter, rows, django_assert_max_num_queries
):
    for _turn in range(rows):
        acknowledged(company, after=timedelta(seconds=1))
    browser = enter(company.manager)
    browser.get(RATES)
    with django_assert_max_num_queries(7):
        browser.get(RATES)
    with django_assert_max_num_queries(6):
        answer = browser.get(CLOCKS, {"what": "running"})
    assert answer.content.decode().count("data-row") == min(50, 3 * rows)


@pytest.mark.parametrize(("name", "first"), [
    ("month", "2026-03-01"), ("last_month", "2026-02-01"), ("half", "2026-01-01"),
    ("last_half", "2025-07-01"), ("year", "2026-01-01"),
])  # fmt: skip
def test_periods_begin_where_people_expect(name, first):
    with context.at(datetime(2026, 3, 15, 4, tzinfo=UTC)):
        assert on_time.period(name).first.isoformat() == first
