"""The overview: figures per department, each opening its list; who sees which."""

from datetime import timedelta

import pytest

from cases.enums import CaseState
from tests.factories import bring, log, task_of
from workflows.domain import overview
from workflows.domain.assignment import claim
from workflows.domain.context import now
from workflows.enums import Rung
from workflows.models import Task

pytestmark = pytest.mark.django_db
PAGE, STEPS = "/overview/", "/overview/steps/"


@pytest.fixture
def enter(client):
    def sign_in(person, language="en"):
        client.force_login(person)
        client.cookies["django_language"] = language
        return client

    return sign_in


def due(case, *, hours, rung=Rung.NONE):
    """Move the open step of a case to a due moment so many hours from now."""
    Task.objects.filter(pk=task_of(case).pk).update(due=now() + timedelta(hours=hours), rung=rung)
    return case


def test_a_department_counts_what_is_overdue_at_risk_and_in_time(company):
    for hours, rung in ((-5, Rung.HEAD), (-1, Rung.OWNER), (2, Rung.OWNER), (40, Rung.NONE)):
        due(bring(company, CaseState.STATEMENT), hours=hours, rung=rung)
    [line] = overview.lines(company.head)
    assert line.department == company.workshop.pk
    assert (line.open, line.overdue, line.risk, line.rest) == (4, 2, 1, 1)
    assert line.unclaimed == 4
    assert line.oldest is not None
    assert line.oldest < now() - timedelta(hours=4)


def test_a_claimed_step_is_no_longer_counted_as_unclaimed(company):
    case = bring(company, CaseState.STATEMENT)
    claim(task_of(case), by=company.handler)
    [line] = overview.lines(company.head)
    assert (line.open, line.unclaimed) == (1, 0)


def test_a_department_sees_itself_and_what_is_below_and_quality_sees_all(company):
    bring(company, CaseState.STATEMENT)
    bring(company, CaseState.REVIEW)
    assert [line.department for line in overview.lines(company.head)] == [company.workshop.pk]
    assert overview.lines(company.buyer) == []
    everything = {line.department for line in overview.lines(company.manager)}
    assert everything == {company.workshop.pk, company.quality.pk}
    assert {line.department for line in overview.lines(company.auditor)} == everything


def test_the_most_overdue_department_stands_first(company):
    due(bring(company, CaseState.REVIEW), hours=5)
    due(bring(company, CaseState.STATEMENT), hours=-5)
    found = [line.department for line in overview.lines(company.manager)]
    assert found == [company.workshop.pk, company.quality.pk]


@pytest.mark.parametrize(
    ("group", "expected"), [("overdue", 1), ("risk", 1), ("open", 3), ("unclaimed", 3)]
)
def test_every_figure_opens_the_list_it_counts(company, enter, group, expected):
    late = due(bring(company, CaseState.STATEMENT), hours=-1)
    soon = due(bring(company, CaseState.STATEMENT), hours=1, rung=Rung.OWNER)
    due(bring(company, CaseState.STATEMENT), hours=30)
    bring(company, CaseState.REVIEW)
    browser = enter(company.manager)
    places = {one.department: one for one in overview.lines(company.manager)}
    line = places[company.workshop.pk]
    assert getattr(line, group) == expected
    page = browser.get(PAGE).content.decode()
    address = f"{STEPS}?what={group}&amp;department={company.workshop.pk}"
    assert address in page
    html = browser.get(address.replace("&amp;", "&")).content.decode()
    assert html.count("data-row") == expected
    assert (late.number in html) == (group != "risk")
    assert (soon.number in html) == (group != "overdue")


def test_a_list_shows_no_step_of_a_department_one_does_not_see(company, enter):
    case = bring(company, CaseState.STATEMENT)
    browser = enter(company.buyer)
    for query in ("", f"?what=open&department={company.workshop.pk}", "?what=open"):
        assert case.number not in browser.get(STEPS + query).content.decode()


def test_who_only_keeps_people_has_no_overview(company, enter):
    browser = enter(company.admin)
    assert browser.get(PAGE).status_code == 404
    assert browser.get(STEPS).status_code == 404


@pytest.mark.parametrize("query", [
    "what=nonsense", "department=9999999", "department=x&what=open", "after=x", "what=%00",
    "department=none&what=open", "department=²",
])  # fmt: skip
def test_an_address_of_nonsense_shows_a_list(company, enter, query):
    bring(company, CaseState.STATEMENT)
    assert enter(company.manager).get(f"{STEPS}?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 51])
def test_board_and_list_take_six_statements_at_1_and_at_51_steps(
    company, enter, rows, django_assert_max_num_queries
):
    for _turn in range(rows):
        log(company)
    browser = enter(company.manager)
    browser.get(PAGE)
    with django_assert_max_num_queries(6):
        assert browser.get(PAGE).status_code == 200
    with django_assert_max_num_queries(6):
        answer = browser.get(STEPS, {"what": "open"})
    assert answer.content.decode().count("data-row") == min(rows, 50)


def test_the_second_page_goes_on_where_the_first_ended(company, enter):
    numbers = {log(company).number for _turn in range(52)}
    browser = enter(company.manager)
    first = browser.get(STEPS, {"what": "open"})
    following = browser.get(first.context["page"]["next_url"])
    seen = [row["subject_number"] for page in (first, following) for row in page.context["rows"]]
    assert len(seen) == 52
    assert set(seen) == numbers
