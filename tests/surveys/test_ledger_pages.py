"""The page of a ledger: entries with their cases, reversals, the sum."""

from datetime import timedelta

import pytest

from cases.enums import CaseState
from cases.models import Case
from surveys.domain import ledger, policies
from surveys.models import DeductionEntry
from tests.cases.pages import browser, statements
from tests.factories import bring, log
from tests.surveys.indexing import PERIOD, deduct
from workflows.domain.context import now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db
URL = f"/satisfaction/ledger/{PERIOD.code}/"


@pytest.fixture
def c(company):
    policies.ensure_policy()
    return company


def counted(c, count):
    start = now() - timedelta(minutes=count)
    return [
        bring(c, CaseState.STATEMENT, log(c, received_at=start + timedelta(minutes=n)))
        for n in range(count)
    ]


def page(person, url=URL, language="en"):
    answer = browser(person, language).get(url)
    assert answer.status_code == 200
    return answer, answer.content.decode()


def test_entries_stand_with_their_cases_and_reversals(c):
    cases = counted(c, 12)
    ledger.reconcile(PERIOD, at=now())
    intervene(cases[0], "withdraw", by=c.agent, reason="客户撤回")
    ledger.reconcile(PERIOD, at=now())
    answer, text = page(c.engineer)
    for case in cases[:11]:
        assert f'href="/cases/{case.number}/"' in text
    assert f"Withdrawn: {cases[0].number}." in text
    assert "Reversal" in text and "Reversed" in text
    assert [(one.points, one.is_reversal) for one in answer.context["lines"]] == [
        ("−0.20", False), ("+0.20", True), ("−0.20", False)
    ]  # fmt: skip
    assert answer.context["total"] == "−0.20"
    general = answer.context["headings"][0]
    assert (general.count, general.entries, general.until) == (11, 1, 9)
    assert "with 9 more: 0.20" in text


def test_an_empty_ledger_says_so_in_both_languages(c):
    _answer, text = page(c.director)
    assert "Nothing has been deducted" in text
    page(c.director, language="zh-hans")
    page(c.director, "/satisfaction/ledger/2019/")


def test_a_head_reads_the_numbers_but_opens_only_their_own_cases(c):
    cases = counted(c, 10)
    other = cases[0]
    other.parties.model.objects.filter(case=other).exclude(department=c.service).delete()
    ledger.reconcile(PERIOD, at=now())
    assert not Case.objects.visible_to(c.head).filter(pk=other.pk).exists()
    _answer, text = page(c.head)
    assert other.number in text and f'href="/cases/{other.number}/"' not in text
    assert f'href="/cases/{cases[1].number}/"' in text


@pytest.mark.parametrize("period", ["2026-H3", "x", "26", "2026-h1", "2026-H1 x"])
def test_no_such_period_is_404(c, period):
    assert browser(c.manager).get(f"/satisfaction/ledger/{period}/").status_code == 404


@pytest.mark.parametrize("before", ["x", "9" * 40, "-1", "²", "0"])
def test_nonsense_in_the_address_breaks_nothing(c, before):
    page(c.manager, f"{URL}?before={before}")


def test_the_plain_address_leads_to_this_half_year(c):
    answer = browser(c.manager).get("/satisfaction/ledger/")
    assert answer.headers["Location"] == URL


def test_pages_go_by_key_and_cost_the_same(c):
    client = browser(c.manager)
    deduct(c, "general", 1, "0.2", cases=1)
    _answer, one = statements(client, "get", URL)
    deduct(c, "general", 54, "0.2", cases=1)
    answer, many = statements(client, "get", URL)
    assert one == many <= 10, (one, many)
    first = [line.row.pk for line in answer.context["lines"]]
    rest = client.get(URL + answer.context["page"]["next_url"]).context["lines"]
    everything = DeductionEntry.objects.order_by("-pk").values_list("pk", flat=True)
    assert first + [line.row.pk for line in rest] == list(everything)
