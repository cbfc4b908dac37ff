"""Severity by rule: the matrix proposes, whoever decides otherwise says why, changes are signed."""

from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import translation

from cases.domain import queries, severity
from cases.domain.defaults import ensure_defaults
from cases.domain.incident_policies import in_force
from cases.domain.queries import CaseFilter
from cases.enums import CaseState as S
from cases.models import Case
from tests.cases.pages import browser, fresh, page, sent, step_url
from tests.factories import PASSWORD, bring, do, log
from tests.incidents import bring_incident
from workflows.domain.context import now
from workflows.domain.transitions import intervene
from workflows.models import Signature

pytestmark = pytest.mark.django_db
GRAVE = {"harm": "serious", "extent": "batch"}
SENTENCE = "Serious × A batch → Major, by the incident policy of 2000-01-01."


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def company(company):
    ensure_defaults()
    return company


# ---------------------------------------------------------------------------- the proposal
def test_the_proposal_says_why_and_by_which_version(company):
    proposed = severity.proposal(in_force(now()), "serious", "batch")
    assert proposed == ("major", SENTENCE)
    with translation.override("zh-hans"):
        assert "2000-01-01" in severity.proposal(in_force(now()), "serious", "batch").why
    assert severity.proposal(in_force(now()), "serious", "") is None
    assert severity.proposal(in_force(now()), "nonsense", "batch") is None


def test_accepting_what_the_matrix_calls_major_needs_a_reason_that_is_kept(company):
    case = bring(company, S.TRIAGE)
    with pytest.raises(ValidationError) as error:
        do(case, "accept", company.lead, department=company.workshop, **GRAVE)
    assert set(error.value.message_dict) == {"severity_reason"}
    case = do(
        case, "accept", company.lead, department=company.workshop,
        severity_reason="客户已确认仅外包装受损。", **GRAVE,
    )  # fmt: skip
    case = fresh(case)
    assert (case.severity, case.harm, case.extent) == ("general", "serious", "batch")
    assert case.severity_reason == "客户已确认仅外包装受损。"
    text = page(browser(company.engineer), case)
    assert "Harm and extent" in text and "客户已确认仅外包装受损。" in text


def test_a_reason_given_without_need_is_not_kept(company):
    case = bring(company, S.TRIAGE)
    do(case, "raise_major", company.lead, severity_reason="多余", **GRAVE)
    case = fresh(case)
    assert (case.severity, case.severity_reason) == ("major", "")


def test_raising_what_the_matrix_calls_general_needs_a_reason_too(company):
    case = bring(company, S.TRIAGE)
    light = {"harm": "none", "extent": "single"}
    with pytest.raises(ValidationError) as error:
        do(case, "raise_major", company.lead, **light)
    assert set(error.value.message_dict) == {"severity_reason"}
    do(case, "raise_major", company.lead, severity_reason="媒体已关注。", **light)
    assert fresh(case).state == S.INVESTIGATION


def test_what_was_noted_at_logging_binds_triage(company):
    case = bring(company, S.TRIAGE, log(company, **GRAVE))
    with pytest.raises(ValidationError):
        do(case, "accept", company.lead, department=company.workshop)


# ---------------------------------------------------------------------------- changes later
@pytest.mark.parametrize("name", ["severity", "harm", "extent", "severity_reason"])
def test_correcting_facts_changes_neither_severity_nor_what_it_rests_on(company, name):
    case = bring(company, S.STATEMENT, log(company, harm="minor", extent="single"))
    before = (case.severity, case.harm, case.extent, case.severity_reason)
    intervene(case, "edit", by=company.agent, **{name: "major"})
    case = fresh(case)
    client = browser(company.agent)
    url = f"{case.get_absolute_url()}acts/edit/"
    client.post(url, sent(case, title="新标题", description="x", channel=company.channel.pk,
                          **{name: "major"}))  # fmt: skip
    case = fresh(case)
    assert case.title == "新标题"
    assert (case.severity, case.harm, case.extent, case.severity_reason) == before


def test_raising_and_lowering_are_signed_and_say_why(company):
    case = bring(company, S.STATEMENT)
    intervene(
        case, "raise_severity", by=company.engineer, reason="又有两台着火。", password=PASSWORD,
        **GRAVE,
    )  # fmt: skip
    case = fresh(case)
    assert (case.severity, case.harm) == ("major", "serious")
    with pytest.raises(ValidationError) as error:
        intervene(case, "lower_severity", by=company.manager, reason="查明为误用。")
    assert set(error.value.message_dict) == {"password"}
    intervene(
        case, "lower_severity", by=company.manager, reason="查明为误用。", password=PASSWORD,
        harm="none", extent="single",
    )  # fmt: skip
    case = fresh(case)
    assert (case.severity, case.harm, case.severity_reason) == ("general", "none", "")
    assert [one.by for one in Signature.objects.order_by("pk")] == [
        company.engineer, company.manager
    ]  # fmt: skip
    text = page(browser(company.manager), case)
    assert "又有两台着火。" in text and "I lower this case to general." in text


# ---------------------------------------------------------------------------- on screen
def test_triage_shows_the_proposal_beside_every_choice_of_severity(company):
    case = bring(company, S.TRIAGE, log(company, **GRAVE))
    text = page(browser(company.lead), case)
    assert text.count('data-weighing="general"') == text.count('data-weighing="major"') == 1
    assert text.count(f"<span>{SENTENCE}</span>") == 2
    assert "severity.js" in text


def test_without_script_the_proposal_comes_with_the_answer(company):
    case = bring(company, S.TRIAGE)
    client = browser(company.lead)
    given = sent(case, department=company.workshop.pk, **GRAVE)
    answer = client.post(step_url(case, "accept"), given)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert SENTENCE in text and "Say why it is otherwise." in text
    answer = client.post(step_url(case, "accept"), {**given, "severity_reason": "仅包装。"})
    assert answer.status_code == 302 and fresh(case).severity_reason == "仅包装。"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_logging_offers_harm_and_extent_and_keeps_them(company, language):
    client = browser(company.agent, language)
    assert "data-weighing" in client.get("/cases/new/").content.decode()
    given = {
        "form_key": "k", "customer": str(company.customer.pk), "description": "冒烟。",
        "kind": "complaint", "severity": "general", "channel": str(company.channel.pk), **GRAVE,
    }  # fmt: skip
    assert client.post("/cases/new/", {**given, "harm": "huge"}).status_code == 422
    assert client.post("/cases/new/", given).status_code == 302
    case = Case.objects.get()
    assert (case.harm, case.extent, case.severity) == ("serious", "batch", "general")


# ---------------------------------------------------------------------------- lists and files
def test_lists_and_the_excel_file_know_harm_and_extent(company):
    grave, light = log(company, **GRAVE), log(company, harm="none", extent="single")
    for wanted in (CaseFilter(harm="serious"), CaseFilter(extent="batch")):
        assert list(queries.cases(company.engineer, wanted)) == [grave]
    client = browser(company.engineer)
    text = client.get("/cases/", {"harm": "serious"}).content.decode()
    assert grave.number in text and light.number not in text
    assert "Harm: Serious: product fails, loss of property" in text
    book = openpyxl.load_workbook(BytesIO(client.get("/cases/export.xlsx").content))
    head, *rows = book.active.iter_rows(values_only=True)
    place = head.index("harm")
    assert head[place + 1] == "extent"
    assert rows[0][place : place + 2] == ("None: appearance or paper", "One piece")


def test_a_ledger_may_bring_harm_and_extent(company, tmp_path):
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        "外部编号,收到时间,客户名称,问题描述,渠道,危害程度,影响范围\n"
        "A-1,2026-01-05,华东机电有限公司,轴承断裂,电话,严重,整批\n"
        "A-2,2026-01-06,华东机电有限公司,划痕,电话,,\n",
        encoding="utf-8",
    )
    call_command("import_cases", str(ledger), username="agent", stdout=StringIO())
    found = Case.objects.order_by("external_ref").values_list("harm", "extent")
    assert list(found) == [("serious", "batch"), ("", "")]


def test_an_incident_shows_its_facts_too(company):
    case = bring_incident(company, S.INVESTIGATION)
    assert "Harm and extent" not in page(browser(company.engineer), case)
