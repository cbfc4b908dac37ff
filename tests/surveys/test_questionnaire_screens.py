"""Pages of questionnaires: who may, what they show, what they refuse, and that nothing is lost."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from surveys.domain import questionnaire_files, ready
from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire
from tests.cases.pages import browser, statements
from tests.factories import do, task_of
from tests.surveys import factories
from tests.surveys.test_questionnaires import approved, drawn, fresh, revised
from workflows.domain.context import now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db
ROOT = "/satisfaction/questionnaires/"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def marketer(company):
    return browser(company.marketer)


def url(questionnaire, page=""):
    return questionnaire.get_absolute_url() + page


def text(answer):
    return answer.content.decode()


# ---------------------------------------------------------------------------- who may
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["marketer", "engineer", "manager", "director", "head", "auditor"])
def test_readers_find_every_page(company, who, language):
    client, draft = browser(getattr(company, who), language), drawn(company)
    ready.ensure_questionnaires()
    for page in (ROOT, f"{ROOT}?view=past", url(draft), url(draft, "preview/"),
                 url(draft, "export/")):  # fmt: skip
        assert client.get(page).status_code == 200, page
    writes = who in {"marketer", "engineer", "manager"}
    for page in (f"{ROOT}new/", f"{ROOT}upload/", url(draft, "edit/")):
        assert client.get(page).status_code == (200 if writes else 404), page
    assert (f"{ROOT}new/" in text(client.get(ROOT))) == writes


@pytest.mark.parametrize("who", ["agent", "handler", "admin"])
def test_others_find_nothing(company, who):
    client, draft = browser(getattr(company, who)), drawn(company)
    for page in (ROOT, f"{ROOT}new/", f"{ROOT}upload/", f"{ROOT}phone/", url(draft),
                 url(draft, "edit/"), url(draft, "preview/"), url(draft, "export/"),
                 url(draft, f"tasks/{task_of(draft).pk}/submit/"),
                 url(draft, "acts/revise/")):  # fmt: skip
        assert client.get(page).status_code in {404, 405}, page
        assert client.post(page).status_code in {404, 405}, page
    assert fresh(draft).version == draft.version


@pytest.mark.parametrize("page", ["WJ-2026-9999/", "WJ-2026-9999/edit/", "x/export/", "x/preview/"])
def test_what_is_not_there_is_404(company, marketer, page):
    assert marketer.get(ROOT + page).status_code == 404


def test_a_step_of_something_else_is_404(company, marketer):
    one, other = drawn(company), drawn(company, code="other")
    page = url(one, f"tasks/{task_of(other).pk}/submit/")
    assert marketer.post(page, {"version": one.version}).status_code == 404
    assert marketer.post(url(one, f"tasks/{'9' * 20}/submit/")).status_code == 404
    assert marketer.post(url(one, "acts/nonsense/")).status_code == 404


# ---------------------------------------------------------------------------- list and page
def test_the_list_shows_what_is_worked_on_and_in_use_and_the_past_on_demand(company, marketer):
    first = approved(company)
    second = revised(company, first)
    dropped = do(drawn(company, code="other"), "drop", company.marketer, reason="x")

    page = text(marketer.get(ROOT))
    assert first.number in page and second.number in page and dropped.number not in page
    assert dropped.number in text(marketer.get(f"{ROOT}?view=past"))
    assert second.number not in text(marketer.get(f"{ROOT}?view=use"))
    for nonsense in ("?view=kings", "?after=x", "?after=" + "9" * 30, "?view=use&after=-1"):
        assert marketer.get(ROOT + nonsense).status_code == 200


def test_the_list_goes_on_by_pages(company, marketer):
    ready.ensure_questionnaires()
    for number in range(50):
        factories.questionnaire(company, number=f"WJ-2020-{number:04}", code=f"c{number}")
    answer = marketer.get(ROOT)
    assert len(answer.context["rows"]) == 50
    following = marketer.get(ROOT + answer.context["page"]["next_url"])
    assert len(following.context["rows"]) == 3
    assert following.context["page"]["next_url"] is None


def test_the_page_shows_weights_in_per_cent_conditions_revisions_and_campaigns(company, marketer):
    first = approved(company)
    campaign = factories.campaign(company, questionnaire=first)
    second = revised(company, first)
    document = dict(second.document)
    document["items"][1]["weight"] = "20"
    document["items"][1]["subitems"].append(
        {"key": "notice", "name": "提前告知", "show_if": {"key": "q1", "at_most": 2}}
    )
    intervene(second, "edit", by=company.marketer, title="t", title_en="", document=document)

    page = text(marketer.get(url(second)))
    assert "75 %" in page and "25 %" in page and "37.5 %" in page
    assert "Only if “功能” was answered" in page
    assert "Against revision 1" in page and "提前告知" in page
    assert url(first) in page
    assert campaign.number in text(marketer.get(url(first)))
    assert campaign.number not in page


def test_steps_and_acts_are_taken_on_the_page(company, marketer):
    draft = drawn(company)
    page = url(draft, f"tasks/{task_of(draft).pk}/submit/")
    assert marketer.post(page, {"version": draft.version}).status_code == 302
    draft = fresh(draft)
    assert draft.state == S.APPROVAL

    boss = browser(company.manager)
    task = url(draft, f"tasks/{task_of(draft).pk}/")
    answer = boss.post(task + "return_to_draft/", {"version": draft.version, "reason": " "})
    assert answer.status_code == 422 and "field-error" in text(answer)
    assert boss.post(task + "approve/", {"version": draft.version}).status_code == 302
    done = fresh(draft)
    assert done.state == S.APPROVED

    answer = marketer.post(url(done, "acts/revise/"), {"version": done.version})
    second = Questionnaire.objects.get(revision=2)
    assert answer.url == url(second, "edit/")
    answer = marketer.post(url(done, "acts/revise/"), {"version": fresh(done).version})
    assert answer.status_code == 409 and second.number in text(answer)


def test_approving_is_grey_with_its_reason_for_the_author(company):
    draft = do(drawn(company, by=company.manager), "submit", company.manager)
    boss = browser(company.manager)
    page = text(boss.get(url(draft)))
    assert "You wrote at this questionnaire yourself" in page
    assert f"tasks/{task_of(draft).pk}/approve/" not in page
    answer = boss.post(
        url(draft, f"tasks/{task_of(draft).pk}/approve/"), {"version": draft.version}
    )
    assert answer.status_code == 409


def test_the_builder_of_what_is_approved_leads_back_to_its_page(company, marketer):
    done = approved(company)
    assert marketer.get(url(done, "edit/")).url == url(done)
    assert url(done, "edit/") not in text(marketer.get(url(done)))


# ---------------------------------------------------------------------------- files
def test_a_file_is_given_out_and_taken_in_again_without_a_change(company, marketer):
    done = approved(company)
    answer = marketer.get(url(done, "export/"))
    assert 'filename="survey-r1.toml"' in answer["Content-Disposition"]
    written = questionnaire_files.read(answer.content)
    assert written.document == done.document

    file = SimpleUploadedFile("q.toml", answer.content)
    assert marketer.post(f"{ROOT}upload/", {"file": file}).url == url(done)
    changed = answer.content.replace("功能".encode(), "用途".encode())
    file = SimpleUploadedFile("q.toml", changed)
    second = marketer.post(f"{ROOT}upload/", {"file": file})
    draft = Questionnaire.objects.get(revision=2)
    assert (second.url, draft.state) == (url(draft), S.DRAFT)
    file = SimpleUploadedFile("q.toml", changed.replace("用途".encode(), "效用".encode()))
    answer = marketer.post(f"{ROOT}upload/", {"file": file})
    assert answer.status_code == 409 and draft.number in text(answer)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"code = 5", "Line 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"", "empty"),
        (b"a = [", "TOML"),
        (b"#" * 1_000_001, "large"),
    ],
)
def test_a_wrong_file_is_told_at_its_field(company, marketer, content, words):
    answer = marketer.post(f"{ROOT}upload/", {"file": SimpleUploadedFile("q.toml", content)})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["file"])
    assert not Questionnaire.objects.exists()


def test_no_file_at_all_is_told_too(company, marketer):
    assert marketer.post(f"{ROOT}upload/").status_code == 422


# ---------------------------------------------------------------------------- the preview
def test_the_preview_stands_in_a_frame_of_our_own_and_shows_the_questions(company, marketer):
    draft = drawn(company)
    answer = marketer.get(url(draft, "preview/"))
    page = text(answer)
    assert "功能" in page and 'name="a-q1"' in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert marketer.get(url(draft))["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("language", ["en", "zh-hans", "xx", ""])
def test_the_preview_speaks_both_languages(company, marketer, language):
    draft = drawn(company, title_en="Our survey")
    page = text(marketer.get(url(draft, f"preview/?language={language}")))
    assert ("Our survey" in page) == (language != "zh-hans")


# ---------------------------------------------------------------------------- what it costs
def test_pages_have_as_many_statements_with_one_as_with_fifty(company, marketer):
    first = approved(company)
    draft = revised(company, first)
    factories.campaign(company, questionnaire=first)
    pages = [ROOT, f"{ROOT}?view=past", url(first), url(draft), url(draft, "edit/"),
             url(draft, "preview/"), url(draft, "export/"), f"{ROOT}new/"]  # fmt: skip
    one = [statements(marketer, "get", page)[1] for page in pages]
    for number in range(50):
        factories.questionnaire(
            company, number=f"WJ-2020-{number:04}", code="survey", revision=number + 10,
            state="retired", approved_at=now() - timedelta(days=number),
        )  # fmt: skip
        factories.questionnaire(company, number=f"WJ-2021-{number:04}", code=f"c{number}")
        factories.campaign(company, questionnaire=first)
        draft = intervene(
            draft, "edit", by=company.marketer, title=f"t{number}", title_en="",
            document=draft.document,
        )  # fmt: skip
    assert [statements(marketer, "get", page)[1] for page in pages] == one
    assert max(one) <= 12, dict(zip(pages, one, strict=True))


def test_a_step_costs_as_much_as_a_step_does(company, marketer):
    draft = drawn(company)
    page = url(draft, f"tasks/{task_of(draft).pk}/submit/")
    _answer, count = statements(marketer, "post", page, {"version": draft.version})
    assert count <= 14


def test_no_page_asks_for_script_or_style_of_its_own(company, marketer):
    draft = drawn(company)
    for page in (ROOT, url(draft), url(draft, "edit/"), url(draft, "preview/")):
        found = text(marketer.get(page))
        assert not re.search(r"<script(?![^>]*(src|json))|<style|\sstyle=|\son[a-z]+=", found), page
