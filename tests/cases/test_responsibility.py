"""Department statistics: shares of the ruling that holds, whole cases without one, exact sums."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone, translation

from cases.domain import queries, responsibility
from cases.domain.defaults import ensure_defaults
from cases.domain.queries import CaseFilter
from cases.domain.responsibility import NOBODY
from cases.enums import CaseState as S
from cases.models import Arbitration, Case, Share
from tests.cases.pages import browser, statements
from tests.factories import bring, do, log, step_of, take
from tests.incidents import bring_incident
from workflows.domain.context import now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db
PAGE = "/statistics/responsibility/"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def company(company):
    ensure_defaults()
    return company


def table(by, days: int = 30):
    return responsibility.by_shares(
        by, since=now() - timedelta(days=days), until=now() + timedelta(days=1)
    )


def told(by, **given) -> list[tuple]:
    return [
        (line.department.name if line.department else None, line.total, line.touched)
        for line in table(by, **given).lines
    ]


def general(company, **changes) -> Case:
    return bring(company, S.STATEMENT, log(company, **changes))


def ruled(company) -> Case:
    """An incident, ruled 70 : 30 between workshop and purchasing."""
    return bring_incident(company, S.MEASURES)


def test_shares_of_a_ruling_and_whole_cases_without_one_add_up(company):
    for _turn in range(3):
        general(company)
    ruled(company)
    assert told(company.manager) == [
        ("装配车间", Decimal("3.7"), 4), ("采购部", Decimal("0.3"), 1)
    ]  # fmt: skip
    found = table(company.manager)
    assert (found.total, found.cases) == (Decimal(4), 4)
    first = found.lines[0]
    assert (first.general, first.major) == (Decimal(3), Decimal("0.7"))


def test_thirds_leave_no_rest(company):
    case = bring_incident(company, S.ARBITRATION)
    shares = [(company.workshop, 34), (company.purchasing, 33), (company.quality, 33)]
    do(case, "rule", company.engineer, ruling="三方共担。", shares=shares)
    assert sum(total for _name, total, _touched in told(company.manager)) == Decimal(1)
    assert {total for _name, total, _touched in told(company.manager)} == {
        Decimal("0.34"), Decimal("0.33")
    }  # fmt: skip


def test_the_ruling_on_appeal_takes_the_place_of_the_first_one(company):
    case = ruled(company)
    intervene(case, "appeal", by=company.buyer, grounds="来料检验合格。")
    assert {name: total for name, total, _n in told(company.manager)}["采购部"] == (Decimal("0.3"))
    take(
        step_of(case.appeals.get()), "revise", company.manager, decision="改判。",
        shares=[(company.workshop, 90), (company.purchasing, 10)],
    )  # fmt: skip
    assert told(company.manager) == [
        ("装配车间", Decimal("0.9"), 1), ("采购部", Decimal("0.1"), 1)
    ]  # fmt: skip
    wanted = CaseFilter(share=str(company.purchasing.pk))
    assert list(queries.cases(company.manager, wanted)) == [case]


def test_a_department_ruled_out_altogether_counts_nothing_any_more(company):
    case = ruled(company)
    intervene(case, "appeal", by=company.buyer, grounds="来料检验合格。")
    take(
        step_of(case.appeals.get()), "revise", company.manager, decision="改判。",
        shares=[(company.workshop, 100)],
    )  # fmt: skip
    assert told(company.manager) == [("装配车间", Decimal(1), 1)]
    assert not queries.cases(company.manager, CaseFilter(share=str(company.purchasing.pk)))


def test_what_does_not_count_is_left_out(company):
    log(company)
    bring(company, S.TRIAGE)
    do(bring(company, S.TRIAGE), "reject", company.lead, reason="非本公司产品")
    intervene(general(company), "withdraw", by=company.agent, reason="客户撤回")
    log(company, kind="praise")
    bring_incident(company, S.INVESTIGATION)
    assert told(company.manager) == []
    assert table(company.manager).cases == 0


def test_an_incident_without_department_stands_in_a_line_of_its_own(company):
    bring_incident(company, S.CONVENING)
    general(company)
    assert told(company.manager) == [("装配车间", Decimal(1), 1), (None, Decimal(1), 1)]
    found = queries.cases(company.manager, CaseFilter(share=NOBODY))
    assert [case.state for case in found] == [S.CONVENING]


def test_only_the_period_counts(company):
    general(company, received_at=now() - timedelta(days=40))
    general(company)
    assert told(company.manager) == [("装配车间", Decimal(1), 1)]
    assert told(company.manager, days=60) == [("装配车间", Decimal(2), 2)]


# ---------------------------------------------------------------------------- who sees it
@pytest.mark.parametrize("who", ["handler", "agent", "marketer", "admin"])
def test_nobody_else_finds_the_page(company, who):
    client = browser(getattr(company, who))
    for url in (PAGE, f"{PAGE}export.xlsx"):
        assert client.get(url).status_code == 404
    assert PAGE not in client.get("/cases/").content.decode()


@pytest.mark.parametrize("who", ["engineer", "director", "auditor"])
def test_who_sees_every_case_sees_every_department(company, who):
    ruled(company)
    assert len(told(getattr(company, who))) == 2
    assert PAGE in browser(getattr(company, who)).get("/cases/").content.decode()


def test_a_head_sees_the_own_departments_only(company):
    ruled(company)
    bring_incident(company, S.CONVENING)
    assert told(company.head) == [("装配车间", Decimal("0.7"), 1)]
    assert told(company.buyer_head) == [("采购部", Decimal("0.3"), 1)]
    assert table(company.head).cases is None
    text = browser(company.head).get(PAGE).content.decode()
    assert "Assembly" in text and "Purchasing" not in text


# ---------------------------------------------------------------------------- on screen
def links(client) -> list[tuple[str, str, int]]:
    rows = client.get(PAGE).context["rows"]
    return [(row["name"], row["url"], row["line"].touched) for row in rows]


def test_every_number_opens_the_cases_behind_it(company):
    general(company)
    ruled(company)
    bring_incident(company, S.CONVENING)
    log(company)
    client = browser(company.manager)
    for name, url, touched in links(client):
        answer = client.get(url)
        assert len(answer.context["rows"]) == touched, name
        assert [chip["label"] for chip in answer.context["chips"]][0] == (
            f"Bears a share: {name}" if "none" not in url else "Counts for no department yet"
        )
    (row, *_rest) = client.get(PAGE).context["rows"]
    assert len(client.get(row["major_url"]).context["rows"]) == row["line"].cases["major"] == 1
    assert len(client.get(row["general_url"]).context["rows"]) == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_and_its_excel_file_say_the_same(company, language):
    general(company)
    ruled(company)
    client = browser(company.manager, language)
    answer = client.get(PAGE)
    assert answer.status_code == 200 and f'lang="{language}"' in answer.content.decode()
    shown = [
        (row["name"], row["line"].total, row["line"].general, row["line"].major,
         row["line"].touched)
        for row in answer.context["rows"]
    ]  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(client.get(answer.context["export_url"]).content))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))
    assert [(row[0], *(Decimal(str(one)) for one in row[1:])) for row in rows[:-1]] == shown
    assert rows[-1][1:4] == (2, 1, 1)


def test_periods_are_chosen_by_chip_or_by_day_and_nonsense_is_this_half_year(company):
    general(company, received_at=now() - timedelta(days=200))
    client = browser(company.manager)
    year = timezone.localdate().year
    spans = {
        name: client.get(PAGE, {"period": name}).context["span"]
        for name in ("half", "last", "year")
    }
    assert (spans["year"].first.year, spans["year"].last.month) == (year, 12)
    assert spans["last"].last + timedelta(days=1) == spans["half"].first
    day = timezone.localdate() - timedelta(days=200)
    answer = client.get(PAGE, {"from": f"{day}", "to": f"{day}"})
    assert [row["line"].total for row in answer.context["rows"]] == [Decimal(1)]
    for nonsense in ({"from": "x", "to": "2026-13-01"}, {"period": "'"}, {"from": "2026-02-01"}):
        assert client.get(PAGE, nonsense).context["span"] == spans["half"]
    for share in ("x", "9" * 30, "-1", "'"):
        assert client.get("/cases/", {"share": share}).status_code == 200


def test_fifty_cases_cost_no_more_statements_than_one(company):
    case, plain = ruled(company), general(company)
    client = browser(company.manager)
    _answer, before = statements(client, "get", PAGE)
    for turn in range(50):
        copies(turn, case, plain)
    answer, after = statements(client, "get", PAGE)
    assert answer.context["table"].total == Decimal(102)
    assert after == before <= 8


def copies(turn: int, *cases: Case) -> None:
    """More rows of the same kind, at once: what counts is how many are read."""
    for case in cases:
        ruling = Arbitration.objects.filter(case=case, at__isnull=False).first()
        shares = list(ruling.shares.all()) if ruling else []
        copy = Case.objects.get(pk=case.pk)
        copy.pk, copy.number, copy.form_key = None, f"{case.number}-{turn}", None
        Case.objects.bulk_create([copy])
        if ruling:
            ruling.pk, ruling.case = None, copy
            Arbitration.objects.bulk_create([ruling])
            for share in shares:
                share.pk, share.arbitration = None, ruling
            Share.objects.bulk_create(shares)
