"""The public answer page: statuses, both languages, drafts, and what it keeps to itself."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from surveys.domain import sends
from surveys.models import Invitee, Response, SendAttempt
from tests.cases.pages import statements
from tests.surveys.factories import DOCUMENT, campaign, invite, questionnaire
from workflows.domain import context
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
GOOD = {"a-function": "5", "a-appearance": "4", "a-timeliness": "3"}


@pytest.fixture
def asked(company):
    return invite(company, campaign(company))


@pytest.fixture
def phone():
    return reader("en")


def reader(language, **extra):
    client = Client(HTTP_USER_AGENT="Phone/1", **extra)
    client.cookies["django_language"] = language
    return client


def url(token, rest=""):
    return f"/a/{token}/{rest}"


def mark(answer, name):
    return re.search(rf'name="{name}" value="([^"]+)"', answer.content.decode())[1]


def test_whoever_has_the_link_answers_without_signing_in(phone, asked):
    page = phone.get(url(asked[1]))
    assert page.status_code == 200
    assert "Function" in page.content.decode()
    sent = phone.post(url(asked[1]), {**GOOD, "started": mark(page, "started")})
    assert (sent.status_code, sent["Location"]) == (302, url(asked[1], "thanks/"))
    assert "Thank you" in phone.get(sent["Location"]).content.decode()
    stored = Response.objects.get()
    assert (stored.levels, stored.channel) == ("543 ", "link")
    assert stored.seconds is not None and stored.seconds < 60
    assert len(stored.device) == len(stored.address) == 64
    assert "127.0.0.1" not in str(vars(stored))


def test_a_link_that_was_used_is_over_or_early_says_so_calmly(company, phone, asked):
    early = campaign(company, starts_at=now() + timedelta(hours=1))
    over = campaign(company, ends_at=now() - timedelta(hours=1))
    phone.post(url(asked[1]), GOOD)
    told = {
        asked[1]: (409, "already been answered"),
        invite(company, early)[1]: (403, "not open yet"),
        invite(company, over)[1]: (410, "is over"),
        "AAAAAAAAAAAAAAAAAAAAAA": (404, "no survey behind this link"),
    }
    for token, (status, words) in told.items():
        for answer in (phone.get(url(token)), phone.post(url(token), {"a-function": "1"})):
            assert answer.status_code == status
            assert words in answer.content.decode()
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "sign-in" not in answer.content.decode()
        for part in ("save/", "opened/"):
            assert phone.post(url(token, part), GOOD).status_code == status
    assert Response.objects.get().levels == "543 "


def test_looking_counts_nothing(phone, asked):
    for look in (phone.get, phone.head):
        assert look(url(asked[1])).status_code == 200
        look(url(asked[1], "thanks/"))
        assert look(url(asked[1], "save/")).status_code == 405
        assert look(url(asked[1], "opened/")).status_code == 405
    invitee = Invitee.objects.get()
    assert (invitee.opened_at, invitee.draft) == (None, {})
    assert not Response.objects.exists() and not SendAttempt.objects.exists()
    assert phone.post(url(asked[1], "opened/")).status_code == 204
    assert Invitee.objects.get().opened_at
    assert phone.get(url(asked[1])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"a-function": "11"}, 400, "Choose one of the five levels"),
        ({"a-notice": "5"}, 400, "not asked after the answers above"),
        ({"t-repair": "x"}, 400, "not asked after the answers above"),
        ({"a-price": "5"}, 400, "no such question"),
        ({"a-function": "2"}, 422, "tell us why"),
        ({"a-function": "2", "t-function": "a\x00b"}, 422, "cannot be stored"),
        ({"t-wishes": "x" * 2001}, 422, "At most"),
    ],
)
def test_bad_input_is_told_at_the_question_and_the_rest_is_kept(
    phone, asked, changes, status, words
):
    answer = phone.post(url(asked[1]), {**GOOD, "t-wishes": "更快", **changes})
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert 'name="a-appearance" value="4" checked' in page
    assert "更快" in page or "t-wishes" in changes
    assert Invitee.objects.get().draft["answers"]["appearance"] == "4"
    assert not Response.objects.exists()


def test_a_draft_is_saved_and_gone_on_with(phone, asked):
    page = phone.get(url(asked[1]))
    saved = phone.post(
        url(asked[1], "save/"),
        {"a-function": "4", "t-wishes": "快", "started": mark(page, "started")},
    )
    assert saved["Location"] == url(asked[1], "?saved=1")
    assert "Saved." in phone.get(saved["Location"]).content.decode()
    later = phone.get(url(asked[1])).content.decode()
    assert 'name="a-function" value="4" checked' in later
    assert "快</textarea>" in later
    by_script = phone.post(url(asked[1], "save/"), GOOD, headers={"X-Requested-With": "fetch"})
    assert by_script.status_code == 204
    assert not Response.objects.exists()


def test_time_on_the_page_adds_up_over_visits_and_cannot_be_made_up(company, phone, asked):
    start = now()
    with context.at(start):
        first = mark(phone.get(url(asked[1])), "started")
    with context.at(start + timedelta(seconds=40)):
        phone.post(url(asked[1], "save/"), {"a-function": "5", "started": first})
    with context.at(start + timedelta(hours=5)):
        second = mark(phone.get(url(asked[1])), "started")
    with context.at(start + timedelta(hours=5, seconds=30)):
        phone.post(url(asked[1]), {**GOOD, "started": second})
    assert Response.objects.get().seconds == 70
    other = invite(company, campaign(company))[1]
    phone.post(url(other), {**GOOD, "started": second})
    assert Response.objects.get(seconds=None).levels == "543 "


def test_both_languages_and_the_switch_keep_what_was_answered(asked):
    chinese = reader("zh-hans")
    page = chinese.get(url(asked[1])).content.decode()
    assert 'lang="zh-hans"' in page and "交付及时性" in page and "Timeliness" not in page
    switch = chinese.post(url(asked[1], "save/"), {"a-function": "2", "language": "en"})
    page = chinese.get(switch["Location"]).content.decode()
    assert 'lang="en"' in page and "Timeliness" in page
    assert 'name="a-function" value="2" checked' in page
    assert "Timeliness" in chinese.get(url(asked[1])).content.decode()


def test_the_page_tells_nothing_of_the_customer_but_the_name(company, phone, asked):
    answer = phone.get(url(asked[1]))
    page = answer.content.decode()
    assert "华东机电有限公司" in page
    for secret in ("5566", "上海", "BX-200", "营销中心", asked[0].campaign.title, "direct"):
        assert secret not in page
    assert "noindex" in page and answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", page)
    cookie = answer.cookies["redress_form"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/a/", True, "Lax")


def test_a_post_without_the_csrf_token_is_refused(asked):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(asked[1]), GOOD).status_code == 403
    assert not Response.objects.exists()


def test_five_hundred_forms_a_minute_from_one_address_are_asked_a_sum_and_kept(
    company, phone, asked, monkeypatch
):
    monkeypatch.setattr(sends, "PER_MINUTE", 5)
    answers = [phone.post(url(asked[1]), {"a-function": "9"}) for _turn in range(5)]
    assert {answer.status_code for answer in answers} == {400}
    many = phone.post(url(asked[1]), {**GOOD, "t-wishes": "更快"})
    page = many.content.decode()
    assert many.status_code == 429 and many["Retry-After"] == "60"
    assert "更快" in page and "How much is" in page
    assert not Response.objects.exists()
    one, two = map(int, re.search(r"(\d+) \+ (\d+)", page).groups())
    given = {**GOOD, "t-wishes": "更快", "sum_of": mark(many, "sum_of")}
    assert phone.post(url(asked[1]), {**given, "sum": str(one + two + 1)}).status_code == 429
    other = invite(company, campaign(company))[1]
    assert phone.post(url(other), {**given, "sum": str(one + two)}).status_code == 429
    assert phone.post(url(asked[1]), {**given, "sum": str(one + two)}).status_code == 302
    stored = Response.objects.get()
    assert (stored.signs, stored.texts) == ("crowd", {"wishes": "更快"})
    elsewhere = reader("en", REMOTE_ADDR="10.1.2.3")
    assert elsewhere.post(url(other), GOOD).status_code == 302


def test_after_a_minute_the_address_is_forgotten(phone, asked):
    phone.post(url(asked[1]), {"a-function": "9"})
    with context.at(now() + timedelta(minutes=2)):
        assert sends.forget() == 1
    assert not SendAttempt.objects.exists()


def test_the_trap_asks_a_question_and_drops_nobody(phone, asked):
    caught = phone.post(url(asked[1]), {**GOOD, "website": "http://spam"})
    assert caught.status_code == 422
    one, two = map(int, re.search(r"(\d+) \+ (\d+)", caught.content.decode()).groups())
    given = {**GOOD, "website": "x", "sum_of": mark(caught, "sum_of"), "sum": f"{one + two}"}
    assert phone.post(url(asked[1]), given).status_code == 302
    assert Response.objects.get().signs == "trap"


def test_a_page_costs_the_same_for_one_and_for_fifty_questions(company, phone, asked):
    items = [
        {"key": f"i{n}", "name": "项目", "subitems": [{"key": f"s{n}", "name": "小项"}]}
        for n in range(30)
    ]
    form = questionnaire(company, document={**DOCUMENT, "items": items, "open": []})
    long = invite(company, campaign(company, questionnaire=form))[1]
    _page, small = statements(phone, "get", url(asked[1]))
    _page, large = statements(phone, "get", url(long))
    assert small == large <= 2
    _sent, costs = statements(phone, "post", url(asked[1]), GOOD)
    assert costs <= 8
    _thanks, costs = statements(phone, "get", url(asked[1], "thanks/"))
    assert costs <= 4
