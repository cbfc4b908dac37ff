"""A frozen report stays as it is, whatever happens later; a restated version shows both."""

import pytest

from surveys.domain import ledger
from surveys.domain.reports import content, files, freezing, live, path
from surveys.enums import ReportState as S
from surveys.models import AnalysisReport, ReportConclusion, ReportFile, SatisfactionPolicy
from tests.factories import bring
from tests.surveys import reporting
from tests.surveys.indexing import PERIOD, answer
from tests.surveys.reporting import again, conclude, drawn_up, frozen, restated, take
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.invariants import violations
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden, OutsideEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    reporting.data(company)
    return company


@pytest.fixture
def report(c):
    return frozen(c)


@pytest.fixture
def renderers(monkeypatch):
    """A document that prints the figures of the report, as papers do."""
    monkeypatch.setattr(files, "RENDERERS", {})
    made = []

    def make(whole):
        made.append(whole)
        return f"{whole.title} {whole.sealed} {len(made)}".encode()

    files.register("text", "txt", "text/plain", make)
    return made


# ---------------------------------------------------------------------------- frozen
def test_later_answers_cases_and_rules_leave_a_frozen_report_as_it_is(c, report):
    before = content.canonical(report.content)
    for _turn in range(5):
        answer(c.campaigns["sales_visit"], "1")
    for _turn in range(10):
        bring(c, "statement")
    row = SatisfactionPolicy.objects.get()
    SatisfactionPolicy.objects.update(document=row.document | {"floor": "95"})
    kept = again(report)
    assert content.canonical(kept.content) == before
    assert content.digest(kept.content) == kept.content_hash
    assert freezing.changed(kept)


def test_nothing_changed_nothing_differs(report):
    assert freezing.changed(again(report)) == ()


def test_a_frozen_report_cannot_be_written_in_any_way(c, report):
    kept = again(report)
    with pytest.raises(OutsideEngine):
        kept.save()
    with pytest.raises(OutsideEngine):
        kept.sections.first().save()
    with pytest.raises(OutsideEngine):
        kept.conclusions.get().delete()
    with pytest.raises(OutsideEngine):
        AnalysisReport.objects.filter(pk=kept.pk).update(state="draft")
    with pytest.raises(Conflict):
        reporting.write(kept, c.marketer, "晚了")


def test_a_figure_altered_in_the_database_is_found(report):
    altered = report.content
    altered["sections"][0]["tables"][0]["rows"][0]["cells"][2]["value"] = "99.99"
    AnalysisReport.objects.filter(pk=report.pk).update(content=altered)
    assert [row for number, _sentence, row in violations() if number == 24] == [report.number]


def test_a_whole_walk_violates_no_invariant(c, report):
    assert [one for one in violations() if one[0] == 24] == []


# ---------------------------------------------------------------------------- conclusions
def test_conclusions_become_improvement_cases_of_the_owner_once(c, report):
    case = report.conclusions.get().case
    assert (case.kind, case.department, case.title) == ("improvement", c.workshop, "缩短交付时间")
    assert report.number in case.description
    [told] = content.read(report.content).conclusions
    assert (told.case, told.link) == (case.number, case.get_absolute_url())


def test_a_restated_report_raises_no_case_twice(c, report):
    first = report.conclusions.get().case
    answer(c.campaigns["sales_visit"], "1")
    second = conclude(c, restated(c, report), text="培训走访人员")
    second = take(take(second, "submit", c.marketer), "approve", c.representative)
    cases = [one.case for one in second.conclusions.order_by("pk")]
    assert cases[0] == first
    assert cases[1].title == "培训走访人员"
    assert ReportConclusion.objects.filter(case=first).count() == 2


# ---------------------------------------------------------------------------- restated
def test_a_restated_version_shows_both_figures_and_why(c, report):
    answer(c.campaigns["sales_visit"], "1")
    second = restated(c, report)
    assert (second.revision, second.restates) == (2, report)
    second = take(take(second, "submit", c.marketer), "approve", c.representative)
    told = content.read(second.content).restates
    assert (told.number, told.reason, told.digest) == (
        report.number, "补录一份答卷", report.content_hash,
    )  # fmt: skip
    [index] = [one for one in told.differences if one.key == "index.index.points"]
    assert (str(index.before), str(index.after)) == ("92.04", "89.11")
    assert again(report).state == S.FROZEN
    assert freezing.last_frozen(PERIOD.code) == second


def test_a_complaint_found_groundless_afterwards_makes_a_restated_version(c):
    cases = [bring(c, "statement") for _turn in range(10)]
    report = frozen(c)
    intervene(cases[0], "withdraw", by=c.agent, reason="客户撤回，查无此事")
    outbox.drain(1000)
    ledger.reconcile(PERIOD, at=now())
    told = {one.key: (str(one.before), str(one.after)) for one in freezing.changed(again(report))}
    assert told["index.index.points"] == ("91.84", "92.04")
    assert told["deductions.general.points"] == ("0.20", "0.00")
    second = restated(c, report)
    second = take(take(second, "submit", c.marketer), "approve", c.representative)
    both = {one.key: str(one.after) for one in content.read(second.content).restates.differences}
    assert both["index.index.points"] == "92.04"
    first = content.read(again(report).content).figures()
    assert str(first["index.index.points"]) == "91.84"


def test_a_report_is_restated_only_when_facts_have_changed(c, report):
    with pytest.raises(Conflict, match="没有变化"):
        restated(c, report)


def test_only_the_version_that_holds_is_restated_and_only_by_marketing(c, report):
    answer(c.campaigns["sales_visit"], "1")
    with pytest.raises(Forbidden):
        path.restate(report=report, by=c.manager, reason="补录")
    draft = restated(c, report)
    with pytest.raises(Conflict):
        restated(c, draft)


# ---------------------------------------------------------------------------- live
def test_what_is_shown_live_is_computed_anew_only_when_something_changed(
    c, django_assert_max_num_queries
):
    first = live.sections(PERIOD)
    with django_assert_max_num_queries(30):
        assert live.sections(PERIOD) == first
    answer(c.campaigns["sales_visit"], "1")
    assert live.sections(PERIOD) != first


# ---------------------------------------------------------------------------- documents
def test_documents_are_made_once_in_both_languages_and_kept_to_the_byte(c, renderers):
    report = frozen(c)
    outbox.drain(1000)
    kept = {one.language: bytes(one.data) for one in report.files.all()}
    assert set(kept) == {"zh-hans", "en"}
    assert report.content_hash.encode() in kept["en"]
    answer(c.campaigns["sales_visit"], "1")
    files.catch_up()
    assert {one.language: bytes(one.data) for one in report.files.all()} == kept
    assert len(renderers) == 2
    assert renderers[0].signatures[0].name == c.representative.name


def test_a_stored_document_never_changes(c, renderers):
    frozen(c)
    files.catch_up()
    with pytest.raises(OutsideEngine):
        ReportFile.objects.first().save()
    with pytest.raises(OutsideEngine):
        ReportFile.objects.all().delete()


def test_a_draft_has_no_documents(c, renderers):
    drawn_up(c)
    assert files.catch_up() == 0
