"""The way of a report: drafted, reviewed, returned, approved, frozen; and who may do what."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.domain import people
from accounts.models import User
from surveys.domain.periods import Period
from surveys.domain.reports import content, fields, path, writing
from surveys.enums import ReportState as S
from surveys.models import AnalysisReport, SectionVersion
from tests.factories import PASSWORD, task_of
from tests.surveys import reporting
from tests.surveys.indexing import PERIOD
from tests.surveys.reporting import act, again, conclude, drawn_up, submitted, take, write
from workflows.domain.transitions import perform
from workflows.errors import Conflict, Forbidden, NotFound
from workflows.models import Notification, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    reporting.data(company)
    return company


# ---------------------------------------------------------------------------- drawing up
def test_the_marketing_centre_draws_a_report_up_and_it_waits_with_its_author(c):
    report = drawn_up(c)
    assert (report.number[:3], report.state, report.revision) == ("FX-", S.DRAFT, 1)
    assert task_of(report).owner == c.marketer
    assert [one.key for one in report.sections.all()][:2] == ["summary", "results"]
    assert "{{index.index.points}}" in report.sections.get(key="summary").text


@pytest.mark.parametrize("who", ["manager", "representative", "director", "auditor", "agent"])
def test_nobody_else_draws_it_up(c, who):
    with pytest.raises(Forbidden):
        writing.draw_up(by=getattr(c, who), period=PERIOD)


def test_a_period_has_one_report_on_its_way(c):
    drawn_up(c)
    with pytest.raises(Conflict, match="正在编制"):
        drawn_up(c)


def test_a_dropped_draft_makes_room_for_another(c):
    take(drawn_up(c), "drop", c.marketer, reason="重做")
    assert drawn_up(c).state == S.DRAFT


def test_a_period_that_has_not_begun_or_has_no_policy_has_no_report(c):
    with pytest.raises(ValidationError, match="尚未开始"):
        writing.draw_up(by=c.marketer, period=PERIOD.after.after)
    with pytest.raises(NotFound):
        writing.draw_up(by=c.marketer, period=Period(1990, 1))


# ---------------------------------------------------------------------------- writing
def test_figures_in_a_narrative_are_live(c):
    report = write(drawn_up(c), c.marketer, "指数 {{ index.index.points }} 分。\n\n第二段。")
    text = report.sections.get(key="summary").text
    [first, second] = fields.resolved(text, writing.figures_of(report))
    assert (first.zh, second.zh) == ("指数 92.04 分。", "第二段。")


@pytest.mark.parametrize("field", ["index.index.nothing", "", "__class__", "index", "a.b.c"])
def test_a_field_that_names_no_figure_is_refused_at_the_text(c, field):
    with pytest.raises(ValidationError) as refused:
        write(drawn_up(c), c.marketer, f"指数 {{{{{field}}}}}")
    assert list(refused.value.message_dict) == ["text"]


def test_only_the_draft_is_written(c):
    with pytest.raises(Conflict):
        write(submitted(c), c.marketer, "晚了")


def test_a_conclusion_that_asks_for_action_needs_owner_and_day(c):
    with pytest.raises(ValidationError) as refused:
        conclude(c, drawn_up(c), department=None, due=None)
    assert set(refused.value.message_dict) == {"department", "due"}
    report = conclude(c, again(AnalysisReport.objects.get()), kind="observation", department=None,
                      due=None)  # fmt: skip
    assert report.conclusions.get().kind == "observation"


def test_a_conclusion_can_be_taken_out_of_the_draft(c):
    report = conclude(c, drawn_up(c))
    key = report.conclusions.get().key
    assert not act(report, "drop_conclusion", c.marketer, conclusion=key).conclusions.exists()


# ---------------------------------------------------------------------------- review
def test_without_anything_important_the_management_representative_freezes_it(c):
    report = take(submitted(c), "approve", c.representative)
    assert (report.state, report.reviewed_by, report.released_by) == (
        S.FROZEN, c.representative, None,
    )  # fmt: skip
    signature = Signature.objects.get(root_kind="report")
    assert signature.meaning != signature.meaning_en
    assert "reviewed" in signature.meaning_en


def test_what_is_important_goes_to_the_general_manager_as_well(c):
    report = take(submitted(c, important=True), "approve", c.representative)
    assert (report.state, report.content_hash) == (S.APPROVAL, "")
    report = take(report, "release", c.director)
    assert (report.state, report.released_by) == (S.FROZEN, c.director)
    assert [one.by for one in Signature.objects.filter(root_kind="report")] == [
        c.representative, c.director,
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["marketer", "manager", "director", "auditor", "head"])
def test_only_the_management_representative_reviews(c, who):
    with pytest.raises(Forbidden):
        take(submitted(c), "approve", getattr(c, who))


def test_signing_asks_for_the_password(c):
    task = task_of(submitted(c))
    for wrong in ("", "guess"):
        with pytest.raises(ValidationError, match="password"):
            perform(task, "approve", by=c.representative, password=wrong)
    perform(task, "approve", by=c.representative, password=PASSWORD)


def test_nobody_signs_a_report_they_wrote_at(c):
    report = drawn_up(c)
    people.grant(by=None, person=c.representative, department=c.marketing, role="marketing")
    writer = User.objects.get(pk=c.representative.pk)
    report = take(write(report, writer, "改一句"), "submit", c.marketer)
    with pytest.raises(Conflict, match="他人签署"):
        take(report, "approve", c.representative)


def test_the_database_refuses_an_author_who_signs(c):
    report = submitted(c)
    report.reviewed_by = c.marketer
    with pytest.raises(IntegrityError):
        report.save()


def test_a_return_needs_a_reason_and_brings_it_back_to_the_author(c):
    report = submitted(c)
    with pytest.raises(ValidationError):
        take(report, "return_to_draft", c.representative)
    report = take(report, "return_to_draft", c.representative, reason="见批注")
    assert report.state == S.DRAFT
    assert task_of(report).owner == c.marketer


def test_remarks_stand_at_a_paragraph_and_are_answered_before_it_goes_on(c):
    report = submitted(c)
    report = act(report, "remark", c.representative, section="summary", paragraph=0,
                 text="请写明原因")  # fmt: skip
    remark = report.sections.get(key="summary").remarks.get()
    assert (remark.quote, remark.by) == ("指数 92.04 分。", c.representative)
    report = take(report, "return_to_draft", c.representative, reason="见批注")
    with pytest.raises(Conflict, match="尚未答复"):
        take(report, "submit", c.marketer)
    report = act(report, "answer", c.marketer, remark=remark.pk, text="已补充")
    assert take(report, "submit", c.marketer).state == S.REVIEW


@pytest.mark.parametrize("who", ["marketer", "manager", "auditor"])
def test_only_management_remarks(c, who):
    with pytest.raises(Forbidden):
        act(submitted(c), "remark", getattr(c, who), section="summary", paragraph=0, text="x")


def test_the_general_manager_returns_it_and_it_goes_the_whole_way_again(c):
    report = take(submitted(c, important=True), "approve", c.representative)
    report = take(report, "return_to_draft", c.director, reason="补充对策")
    report = take(report, "submit", c.marketer)
    assert (report.state, report.turn) == (S.REVIEW, 2)


def test_every_submission_keeps_what_was_sent(c):
    report = take(submitted(c), "return_to_draft", c.representative, reason="补充")
    take(write(report, c.marketer, "改过的一句。"), "submit", c.marketer)
    kept = SectionVersion.objects.filter(section__key="summary").values_list("turn", "text")
    assert list(kept) == [(1, "指数 {{index.index.points}} 分。"), (2, "改过的一句。")]


def test_a_figure_that_is_gone_stops_the_submission_and_is_named(c):
    report = drawn_up(c)
    report.sections.filter(key="summary").update(text="{{items.gone.score}}")
    with pytest.raises(Conflict) as refused:
        take(report, "submit", c.marketer)
    assert refused.value.details == ["items.gone.score"]


# ---------------------------------------------------------------------------- copies
def test_quality_gets_a_copy_and_takes_note_without_holding_anything_up(c):
    report = take(submitted(c), "approve", c.representative)
    told = Notification.objects.filter(kind="report_copied")
    assert {one.user for one in told} == {c.engineer, c.engineer2, c.manager}
    path.take_note(report=report, by=c.manager)
    noted = report.copies.exclude(noted_at=None)
    assert [one.person for one in noted] == [c.manager]


def test_the_frozen_content_holds_the_narrative_with_its_figures(c):
    report = take(submitted(c), "approve", c.representative)
    whole = content.read(report.content)
    assert whole.section("summary").narrative[0].zh == "指数 92.04 分。"
    assert content.digest(report.content) == report.content_hash
