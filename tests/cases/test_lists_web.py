"""Lists: filters that combine, search, pages by key, export, and who sees what."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection

from cases.domain import queries
from cases.domain.queries import CaseFilter
from cases.enums import CaseState
from tests.factories import bring, log, order
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
URL = "/cases/"


@pytest.fixture
def enter(client):
    def sign_in(person):
        client.force_login(person)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def numbers(page: str, *cases) -> list[bool]:
    return [case.number in page for case in cases]


def test_departments_see_their_own_cases_and_quality_and_auditors_all(company, enter):
    mine, other = bring(company, CaseState.STATEMENT), log(company)
    expected = {
        "handler": [True, False],
        "head": [True, False],
        "buyer": [False, False],
        "marketer": [False, False],
        "agent": [True, True],
        "engineer": [True, True],
        "auditor": [True, True],
        "director": [True, True],
    }
    for name, seen in expected.items():
        page = enter(getattr(company, name)).get(URL).content.decode()
        assert numbers(page, mine, other) == seen, name
        search = enter(getattr(company, name)).get(URL, {"q": "异响"}).content.decode()
        assert numbers(search, mine, other) == seen, name
        for case, visible in zip((mine, other), seen, strict=True):
            status = 200 if visible else 404
            assert enter(getattr(company, name)).get(f"{URL}{case.number}/").status_code == status


def test_filters_combine(company):
    plain, major = log(company), log(company, severity="major", title="着火")
    found = queries.cases(company.engineer, CaseFilter(group="open", severity="major"))
    assert list(found) == [major]
    assert set(queries.cases(company.engineer, CaseFilter(group="open"))) == {plain, major}
    assert not queries.cases(company.engineer, CaseFilter(group="ended")).exists()


@pytest.mark.parametrize("text", ["异响", "TS-", "华东", "bx-200", "55667788", "轴承 两周"])
def test_search_finds_by_words_number_customer_product_and_phone(company, text):
    case = log(company)
    assert list(queries.cases(company.engineer, CaseFilter(text=text))) == [case]


@pytest.mark.parametrize("text", ["不存在", "100%", "_", "99999999"])
def test_search_takes_signs_for_what_they_are(company, text):
    log(company)
    assert not queries.cases(company.engineer, CaseFilter(text=text)).exists()


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("query", [{}, {"q": "异响"}, {"group": "open", "kind": "complaint"}])
def test_a_list_takes_as_few_statements_with_many_rows(
    company, enter, rows, query, django_assert_max_num_queries
):
    for _turn in range(rows):
        log(company)
    browser = enter(company.agent)
    with django_assert_max_num_queries(6):
        assert browser.get(URL, query).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "order_by=password", "page=1000000000", "after=garbage", "after=99999999999999999999",
        "from=2026-99-99", "to=x", "q=%00", "q=" + "x" * 5000, "state=nonsense", "department=-1",
        "product=1e9", "kind=__import__", "from=0001-01-01", "to=9999-12-31", "customer=%EF%BC%91",
    ],
)  # fmt: skip
def test_a_nonsense_address_is_answered_calmly(company, enter, query):
    log(company)
    browser = enter(company.agent)
    for path in (URL, f"{URL}export.xlsx", "/actions/", "/customers/"):
        assert browser.get(f"{path}?{query}").status_code in {200, 400}


@pytest.mark.parametrize("sort", ["newest", "received", "due"])
def test_pages_go_by_key_and_meet_every_case_once_in_both_directions(company, sort):
    at = now()
    cases = [log(company, received_at=at - timedelta(hours=turn % 3)) for turn in range(5)]
    found, order = queries.cases(company.agent, CaseFilter()), queries.ORDERS[sort]
    if sort == "due":
        found = queries.with_due(found)
    there = [queries.page(found, order=order, size=2)]
    while there[-1].after:
        there.append(queries.page(found, order=order, after=there[-1].after, size=2))
    seen = [row.pk for page in there for row in page.rows]
    assert sorted(seen) == sorted(case.pk for case in cases)
    back = [there[-1]]
    while back[-1].before:
        back.append(queries.page(found, order=order, before=back[-1].before, size=2))
    assert [row.pk for page in reversed(back) for row in page.rows] == seen


def test_what_is_set_stands_as_chips_and_each_leads_to_the_list_without_it(company, enter):
    case = log(company, severity="major")
    page = enter(company.agent).get(URL, {"severity": "major", "q": "异响"}).content.decode()
    assert case.number in page
    assert "Severity: Major" in page
    assert 'href="?q=%E5%BC%82%E5%93%8D"' in page
    assert 'href="?severity=major"' in page


def test_the_board_shows_open_actions_by_department_and_state(
    company, enter, django_assert_max_num_queries
):
    case = order(company, bring(company, CaseState.REVIEW), count=3)
    browser = enter(company.handler)
    with django_assert_max_num_queries(6):
        page = browser.get("/actions/", {"view": "board"}).content.decode()
    assert all(action.number in page for action in case.actions.all())
    empty = enter(company.marketer).get("/actions/", {"view": "board"}).content.decode()
    assert not any(action.number in empty for action in case.actions.all())


@pytest.mark.postgres_only
def test_the_search_on_postgresql_uses_its_index(company):
    log(company)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = queries.cases(company.engineer, CaseFilter(text="异响"))
    assert "cases_search" in found.order_by().explain()


PAYLOADS = ["=cmd|' /C calc'!A0", "+86 138", "-2+3", "@SUM(1)", "\t=1", "＝1+1"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_that_somebody_typed_becomes_a_formula(company, enter, payload):
    log(company, title=payload, description=payload, batch=payload)
    content = enter(company.agent).get(f"{URL}export.xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(cell.value and payload.strip() in str(cell.value) for cell in cells)


def test_the_export_holds_what_the_person_sees_and_no_more(company, enter):
    mine, other = bring(company, CaseState.STATEMENT), log(company)
    content = enter(company.handler).get(f"{URL}export.xlsx").content
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    found = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert found == [mine.number]
    assert other.number not in found


def test_actions_are_listed_for_the_departments_of_their_case(company, enter):
    case = order(company, bring(company, CaseState.REVIEW), count=2)
    page = enter(company.handler).get("/actions/").content.decode()
    assert numbers(page, *case.actions.all()) == [True, True]
    page = enter(company.marketer).get("/actions/").content.decode()
    assert numbers(page, *case.actions.all()) == [False, False]


def test_a_phone_is_masked_for_who_does_not_talk_to_customers(company, enter):
    bring(company, CaseState.STATEMENT)
    page = f"/customers/{company.customer.pk}/"
    assert "021-5566 7788" in enter(company.agent).get(page).content.decode()
    seen = enter(company.handler).get(page).content.decode()
    assert "021-5566 7788" not in seen
    assert "021****7788" in seen
    assert enter(company.marketer).get(page).status_code == 200
    assert enter(company.buyer).get(page).status_code == 404


def test_a_customers_file_is_changed_and_a_stale_form_is_refused(company, enter):
    browser, url = enter(company.agent), f"/customers/{company.customer.pk}/data/"
    given = {"version": "1", "name": "华东机电", "type": "direct", "phone": "010-1"}
    assert browser.post(url, given).status_code == 302
    again = browser.post(url, {**given, "name": "另一个名字"})
    assert again.status_code == 409
    assert "另一个名字" in again.content.decode()
    company.customer.refresh_from_db()
    assert (company.customer.name, company.customer.version) == ("华东机电", 2)
    assert company.customer.history.first().history_user == company.agent
