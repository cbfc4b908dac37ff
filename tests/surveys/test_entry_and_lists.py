"""Staff type forms in, the paper form prints, and the answers behind a figure are found."""

import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.documents import paper
from surveys.domain import periods, responses, tokens
from surveys.models import Response
from tests.cases.pages import browser, statements
from tests.surveys.factories import DOCUMENT, campaign, invite
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
GOOD = {"function": "5", "appearance": "4", "timeliness": "3"}


@pytest.fixture
def period():
    return periods.half_of(now()).code


@pytest.fixture
def asked(company, period):
    return invite(company, campaign(company, period=period))


def enter_url(invitee):
    return f"/satisfaction/campaigns/{invitee.campaign.number}/enter/"


def typed(invitee, **changes):
    moment = timezone.localtime(now() - timedelta(hours=1))
    given = {
        "who": invitee.pk, "channel": "phone", "received_at": f"{moment:%Y-%m-%dT%H:%M}",
        "interviewer": "何静", "minutes": "7",
        "a-function": "5", "a-appearance": "４", "a-timeliness": "0",
    }  # fmt: skip
    return {**given, **changes}


# ---------------------------------------------------------------------------- typing in
@pytest.mark.parametrize("text", ["0001", "华东", "scan"])
def test_the_form_on_the_desk_is_found_by_number_name_or_scanned_code(company, asked, text):
    invitee, token = asked
    text = tokens.link(token) if text == "scan" else text
    page = browser(company.marketer).get(enter_url(invitee), {"q": text}).content.decode()
    assert "data-enter" in page and "Function" in page
    assert invitee.name in page


def test_a_form_is_typed_in_digit_by_digit_and_the_next_follows(company, asked):
    client = browser(company.engineer)
    answer = client.post(enter_url(asked[0]), typed(asked[0]))
    assert answer.status_code == 302
    stored = Response.objects.get()
    assert (stored.levels, stored.channel, stored.seconds) == ("54- ", "phone", 420)
    assert (stored.entered_by, stored.interviewer) == (company.engineer, "何静")
    follows = client.get(answer["Location"]).content.decode()
    assert "Form 0001 is entered." in follows
    assert 'name="interviewer" value="何静"' in follows


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"a-function": "9"}, "Choose one of the five levels"),
        ({"a-function": "1"}, "tell us why"),
        ({"a-notice": "3"}, "not asked after the answers above"),
        ({"channel": "link"}, "Select a valid choice"),
        ({"received_at": "2001-01-01T08:00"}, "not open at that moment"),
        ({"received_at": "yesterday"}, "Enter a valid date"),
        ({"minutes": "-1"}, "greater than or equal"),
    ],
)
def test_what_is_wrong_is_told_and_everything_stays_typed(company, asked, changes, words):
    given = typed(asked[0], **{"t-wishes": "更快"}) | changes
    answer = browser(company.marketer).post(enter_url(asked[0]), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "更快" in page and "何静" in page
    assert re.search(r'name="a-appearance" value="4"', page)
    assert not Response.objects.exists()


def test_a_form_that_came_twice_is_refused_with_what_was_typed(company, asked):
    client = browser(company.marketer)
    client.post(enter_url(asked[0]), typed(asked[0]))
    again = client.post(enter_url(asked[0]), typed(asked[0], **{"t-wishes": "更快"}))
    assert again.status_code == 409
    assert "already been answered" in again.content.decode()
    assert "更快" in again.content.decode()
    assert Response.objects.count() == 1


def test_who_may_not_run_surveys_finds_no_page(company, asked):
    for name, status in [("marketer", 200), ("manager", 200), ("auditor", 404), ("handler", 404)]:
        client = browser(getattr(company, name))
        assert client.get(enter_url(asked[0])).status_code == status
    assert browser(company.marketer).post(
        enter_url(asked[0]), typed(asked[0], who="999999")
    ).status_code == 404  # fmt: skip


# ---------------------------------------------------------------------------- paper
def words_of(pdf, tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine")
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["功能", "交付及时性", "很不满意", "您还有什么建议？"]),
        ("en", ["Function", "Timeliness", "Rather", "What else would you suggest?"]),
    ],
)
def test_the_paper_form_asks_every_question(company, asked, tmp_path, language, words):
    number = asked[0].campaign.number
    client = browser(company.auditor, language)
    answer = client.get(f"/satisfaction/campaigns/{number}/paper.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    printed = words_of(answer.content, tmp_path).replace(" ", "")
    for word in [*words, number, "1/1"]:
        assert word.replace(" ", "") in printed, word
    assert browser(company.handler).get(answer.request["PATH_INFO"]).status_code == 404


def test_markup_in_a_question_is_printed_and_not_run(company, asked, tmp_path):
    items = [{"key": "x", "name": '*a* #panic("x") $y$', "subitems": [{"key": "y", "name": "#z"}]}]
    questionnaire = asked[0].campaign.questionnaire
    questionnaire.document = {**DOCUMENT, "items": items, "open": []}
    printed = words_of(paper.of_campaign(asked[0].campaign, language="en"), tmp_path)
    assert '#panic("x")' in printed.replace("“", '"').replace("”", '"')


def test_a_personal_paper_form_bears_the_link_as_a_code_and_the_name(asked, tmp_path):
    invitee, token = asked
    plain = paper.of_campaign(invitee.campaign, language="en")
    mine = paper.of_campaign(invitee.campaign, token=token, invitee=invitee, language="en")
    printed = words_of(mine, tmp_path)
    assert invitee.external_id in printed and "scan this code" in printed
    assert "scan this code" not in words_of(plain, tmp_path)
    assert paper.qr(tokens.link(token)).startswith("<svg")


# ---------------------------------------------------------------------------- lists
@pytest.fixture
def answered(company, period):
    """Six forms from two regions, two of them bad about the function."""
    one = campaign(company, period=period)
    for turn in range(6):
        region = "华东" if turn % 2 else "西南"
        level = "2" if turn < 2 else "5"
        texts = {"function": f"断裂 {turn}"} if turn < 2 else {}
        _who, token = invite(company, one, region=region, name=f"顾客{turn}")
        responses.submit(token=token, answers={**GOOD, "function": level}, texts=texts)
    return one


def test_the_forms_of_a_campaign_are_filtered_by_what_was_answered(company, answered, period):
    client, path = browser(company.auditor), f"/satisfaction/campaigns/{answered.number}/responses/"
    query = {"sub": "function", "level": "2"}
    page = client.get(path, query).content.decode()
    assert [f"顾客{turn}" in page for turn in range(6)] == [True, True, *[False] * 4]
    assert "断裂 0" in page and "Dissatisfied" in page
    page = client.get(path, {**query, "region": "华东"}).content.decode()
    assert "顾客1" in page and "顾客0" not in page
    for other in (
        {"sub": "price"}, {"sub": "notice"}, {"product": "none"}, {"customer_type": "end"},
        {"level": "4"}, {"channel": "paper"}, {"standing": "out"}, {"q": "nobody"},
    ):  # fmt: skip
        page = client.get(path, {**query, **other}).content.decode()
        assert "No form fits." in page, other
    fits = {"product": "BX-200", "channel": "link", "standing": "valid", "q": "顾客0"}
    assert "断裂 0" in client.get(path, {**query, **fits}).content.decode()


def test_nonsense_in_the_address_is_ignored(company, answered):
    client, path = browser(company.marketer), f"/satisfaction/campaigns/{answered.number}/"
    query = {"level": "\x00", "after": "9" * 30, "standing": "?", "sub": "x" * 500}
    assert client.get(f"{path}responses/", query).status_code == 200
    assert client.get("/satisfaction/campaigns/DC-0/responses/").status_code == 404
    assert browser(company.handler).get(f"{path}responses/").status_code == 404


def test_what_looked_like_a_machine_is_shown_to_staff(company, answered):
    client = browser(company.auditor)
    row = Response.objects.order_by("pk").first()
    row.signs = "crowd trap"
    row.save()
    for path in (
        f"/satisfaction/campaigns/{answered.number}/responses/", f"/satisfaction/answers/{row.pk}/"
    ):  # fmt: skip
        page = client.get(path).content.decode()
        assert "from one address within a minute" in page
        assert "that people do not see" in page


def test_one_form_is_shown_as_it_came_in(company, asked):
    responses.enter(
        by=company.marketer, campaign=asked[0].campaign, invitee=asked[0], channel="visit",
        answers={"function": "1", "appearance": "-"}, texts={"function": "断裂", "wishes": "更快"},
        received_at=now() - timedelta(minutes=1), interviewer="何静",
    )  # fmt: skip
    path = f"/satisfaction/answers/{Response.objects.get().pk}/"
    page = browser(company.auditor).get(path).content.decode()
    for word in ("Very dissatisfied", "断裂", "更快", "Not applicable", "No answer", "冯雪",
                 "何静", "Visit"):  # fmt: skip
        assert word in page, word
    assert browser(company.handler).get(path).status_code == 404
    assert "交付及时性" in browser(company.auditor, "zh-hans").get(path).content.decode()


def test_lists_take_as_few_statements_with_many_forms(company, answered, period):
    client = browser(company.marketer)
    paths = [
        f"/satisfaction/campaigns/{answered.number}/responses/?sub=function",
        f"/satisfaction/campaigns/{answered.number}/responses/",
        f"/satisfaction/campaigns/{answered.number}/enter/?q=顾客",
    ]
    few = [statements(client, "get", path)[1] for path in paths]
    for turn in range(60):
        _who, token = invite(company, answered, name=f"顾客 {turn}")
        responses.submit(token=token, answers=GOOD, texts={})
    many = [statements(client, "get", path)[1] for path in paths]
    assert few == many
    assert max(many) <= 8
    first = client.get(paths[1]).content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "顾客5" in client.get(paths[1] + older).content.decode()
