"""Reports on screen: list, page, writing, remarks, changes, restating; bad input; statements."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.domain.reports import files, writing
from surveys.enums import ReportState as S
from surveys.models import AnalysisReport
from tests.cases.pages import fresh, page, sent, someone, statements
from tests.factories import PASSWORD, log, task_of
from tests.surveys import reporting
from tests.surveys.indexing import PERIOD, answer, put
from tests.surveys.reporting import act, again, conclude, drawn_up, frozen, submitted, take, write

pytestmark = pytest.mark.django_db
LIST = "/reports/"


@pytest.fixture
def c(company):
    reporting.data(company)
    return company


def step(report, outcome):
    return f"{report.get_absolute_url()}tasks/{task_of(report).pk}/{outcome}/"


def writing_url(report, key="summary"):
    return f"{report.get_absolute_url()}write/{key}/"


def written(report, text, **more):
    return sent(report, section="summary", text=text, **more)


# ---------------------------------------------------------------------------- who
def test_readers_see_reports_and_nobody_else_does(c):
    report = submitted(c)
    for name in ("marketer", "engineer", "manager", "head", "director", "auditor"):
        client = someone(c, name)
        assert report.number in client.get(LIST).content.decode()
        assert client.get(report.get_absolute_url()).status_code == 200
    for name in ("agent", "lead", "handler", "admin"):
        client = someone(c, name)
        for url in (LIST, report.get_absolute_url(), writing_url(report)):
            assert client.get(url).status_code == 404
        assert client.post(step(report, "approve")).status_code == 404
        assert client.post(f"{LIST}new/", {"period": PERIOD.code}).status_code == 404


def test_a_report_that_is_not_there_is_not_found(c):
    client = someone(c, "marketer")
    for url in ("FX-1999-0001/", "FX-1999-0001/write/summary/", "FX-1999-0001/files/1/"):
        assert client.get(f"{LIST}{url}").status_code == 404


# ---------------------------------------------------------------------------- drawing up, writing
def test_marketing_draws_a_report_up_on_screen(c):
    client = someone(c, "marketer")
    answered = client.post(f"{LIST}new/", {"period": PERIOD.code})
    report = AnalysisReport.objects.get()
    assert answered["Location"] == report.get_absolute_url()
    assert "92.04" in page(client, report)


@pytest.mark.parametrize("period", ["", "2026-H3", "2999-H1", "'; --", "x" * 500])
def test_a_period_that_is_none_is_an_answer_and_no_error(c, period):
    answered = someone(c, "marketer").post(f"{LIST}new/", {"period": period})
    assert answered.status_code in (422, 404, 409)


def test_a_section_is_written_with_figures_offered_beside_it(c):
    report = drawn_up(c)
    client = someone(c, "marketer")
    text = client.get(writing_url(report)).content.decode()
    assert 'data-field="{{index.index.points}}"' in text
    answered = client.post(writing_url(report), written(report, "共 {{index.index.points}} 分"))
    assert answered.status_code == 302
    assert '共 <a class="live"' in page(client, report)


def test_an_unknown_figure_stands_at_the_field_and_the_text_is_kept(c):
    report = drawn_up(c)
    answered = someone(c, "marketer").post(
        writing_url(report), written(report, "写了 {{no.no.no}}")
    )
    text = answered.content.decode()
    assert answered.status_code == 422
    assert "There is no figure “no.no.no”." in text
    assert "写了 {{no.no.no}}" in text


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(c):
    report = drawn_up(c)
    stale = written(report, "我的话")
    write(report, c.marketer, "同事的话")
    answered = someone(c, "marketer").post(writing_url(report), stale)
    assert answered.status_code == 409
    assert "我的话" in answered.content.decode()


def test_the_preview_shows_what_is_typed_and_stores_nothing(c):
    report = drawn_up(c)
    url = f"{report.get_absolute_url()}preview/"
    text = someone(c, "marketer").post(url, {"text": "{{index.index.points}} <b> {{x}}"})
    assert "92.04" in text.content.decode()
    assert "&lt;b&gt;" in text.content.decode()
    assert "No such figure:" in text.content.decode()
    assert fresh(report).version == report.version


def test_what_is_typed_is_never_markup(c):
    report = write(drawn_up(c), c.marketer, "<script>alert(1)</script>")
    report = conclude(c, report, text="<img src=x onerror=alert(1)>")
    text = page(someone(c, "manager"), report)
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text


def test_conclusions_are_added_and_taken_out_on_screen(c):
    report = drawn_up(c)
    client = someone(c, "marketer")
    due = timezone.localdate() + timedelta(days=30)
    url = f"{report.get_absolute_url()}acts/conclude/"
    bad = client.post(url, sent(report, text="缩短交付", kind="improvement", due="gestern"))
    assert bad.status_code == 422
    assert "缩短交付" in bad.content.decode()
    good = sent(report, text="缩短交付", kind="improvement", department=c.workshop.pk, due=due)
    assert client.post(url, good).status_code == 302
    report = again(report)
    one = report.conclusions.get()
    url = f"{report.get_absolute_url()}acts/drop_conclusion/"
    assert client.post(url, sent(report, conclusion=one.key)).status_code == 302
    assert not report.conclusions.exists()


# ---------------------------------------------------------------------------- the way
def test_remarks_returns_and_changes_are_seen_on_the_page(c):
    report = submitted(c)
    reviewer = someone(c, "representative")
    url = f"{report.get_absolute_url()}acts/remark/"
    given = sent(report, section="summary", paragraph=0, text="请写明原因")
    assert reviewer.post(url, given).status_code == 302
    report = again(report)
    answered = reviewer.post(step(report, "return_to_draft"), sent(report, reason="见批注"))
    assert answered.status_code == 302
    author, report = someone(c, "marketer"), again(report)
    assert "请写明原因" in page(author, report)
    remark = report.sections.get(key="summary").remarks.get()
    url = f"{report.get_absolute_url()}acts/answer/"
    assert author.post(url, sent(report, remark=remark.pk, text="已补充")).status_code == 302
    report = write(again(report), c.marketer, "指数 {{index.index.points}} 分，原因见下。")
    assert "<ins>，原因见下</ins>" in page(author, report)
    report = take(report, "submit", c.marketer)
    text = page(reviewer, report)
    assert "<ins>，原因见下</ins>" in text
    assert "已补充" in text


@pytest.mark.parametrize(
    "given", [{}, {"section": "nowhere"}, {"paragraph": "x"}, {"paragraph": -1}, {"text": ""}]
)
def test_a_remark_in_the_wrong_place_is_refused_with_what_was_typed(c, given):
    report = submitted(c)
    right = {"section": "summary", "paragraph": 0, "text": "请写明原因"}
    data = sent(report, **({**right, **given} if given else {}))
    url = f"{report.get_absolute_url()}acts/remark/"
    assert someone(c, "representative").post(url, data).status_code == 422


def test_signing_on_screen_asks_for_the_password_and_shows_who_signed(c):
    report = submitted(c)
    client = someone(c, "representative")
    refused = client.post(step(report, "approve"), sent(report, password="wrong"))
    assert refused.status_code == 422
    given = sent(report, password=PASSWORD)
    assert client.post(step(report, "approve"), given).status_code == 302
    report = again(report)
    text = page(client, report)
    assert report.state == S.FROZEN
    assert report.content_hash in text
    assert "I have reviewed this report" in text


def test_quality_takes_note_of_its_copy(c):
    report = frozen(c)
    client = someone(c, "manager")
    assert "not noted yet" in page(client, report)
    assert client.post(f"{report.get_absolute_url()}note/").status_code == 302
    assert report.copies.exclude(noted_at=None).count() == 1


def test_changed_facts_are_told_beside_the_frozen_report_and_restated(c):
    report = frozen(c)
    client = someone(c, "marketer")
    assert "Facts have changed" not in page(client, report)
    answer(c.campaigns["sales_visit"], "1")
    text = page(client, report)
    assert "Facts have changed" in text
    assert "<del>92.04</del>" in text
    url = f"{report.get_absolute_url()}restate/"
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "补录"}).status_code == 302
    second = AnalysisReport.objects.get(restates=report)
    assert "<del>92.04</del>" in page(client, second)
    assert second.number in page(client, report)
    assert client.post(url, {"reason": "补录"}).status_code == 409


def test_a_stored_document_is_given_byte_by_byte(c, monkeypatch):
    monkeypatch.setattr(files, "RENDERERS", {})
    files.register("text", "txt", "text/plain", lambda whole: whole.sealed.encode())
    report = frozen(c)
    files.catch_up()
    one = report.files.first()
    got = someone(c, "auditor").get(f"{report.get_absolute_url()}files/{one.pk}/")
    assert got.content == bytes(one.data)
    assert "attachment" in got["Content-Disposition"]


# ---------------------------------------------------------------------------- statements
def test_pages_take_the_same_number_of_statements_for_one_row_and_for_fifty(c):
    report = submitted(c)
    client = someone(c, "representative")
    client.get(LIST), client.get(report.get_absolute_url())
    few = [statements(client, "get", url)[1] for url in (LIST, report.get_absolute_url())]
    for turn in range(3):
        report = act(report, "remark", c.representative, section="summary", paragraph=0,
                     text=f"第 {turn} 条")  # fmt: skip
    for _turn in range(8):
        log(c)
        put(c, "sales_survey", ["5"] * 6)
    for turn in range(12):
        AnalysisReport.objects.create(
            number=f"FX-1990-{turn}", period=f"19{turn + 50}", created_by=c.marketer,
            created_at=report.created_at, state=S.DROPPED,
        )  # fmt: skip
    client.get(report.get_absolute_url())
    urls = (f"{LIST}?view=dropped", report.get_absolute_url())
    many = [statements(client, "get", url)[1] for url in urls]
    assert many[0] <= few[0]
    assert many[1] <= few[1] + 1
    assert writing.figures_of(report)
