"""Answering on a phone in a real browser: one question a screen, and without any script too."""

import pytest

from surveys.models import Invitee, Response
from tests import factories
from tests.surveys.factories import campaign, invite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sqlite_only,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def asked(transactional_db):
    company = factories.company()
    return invite(company, campaign(company))


@pytest.fixture
def reader(chromium, live_server):
    """A page of somebody who is not signed in: `reader("en-GB", script=True)`."""
    contexts = []

    def open_page(language="en-GB", *, script=True, viewport=PHONE):
        context = chromium.new_context(
            viewport=viewport, base_url=live_server.url, locale=language,
            java_script_enabled=script, has_touch=True,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.errors, page.foreign = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.errors.append(line.text))
        page.on(
            "request",
            lambda sent: sent.url.startswith(live_server.url) or page.foreign.append(sent.url),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()


def face(page, key, level):
    return page.locator(f"#q-{key} input[value='{level}']")


def test_a_phone_goes_question_by_question_to_the_thanks(reader, asked):
    page = reader()
    page.goto(f"/a/{asked[1]}/")
    assert Invitee.objects.get().opened_at is None
    assert page.locator("fieldset:visible").count() == 1
    face(page, "function", 5).tap()
    page.locator("#q-appearance").wait_for()
    assert page.locator("[data-place]").inner_text() == "2 / 4"
    face(page, "appearance", 2).tap()
    page.locator("#t-appearance").wait_for()
    page.get_by_role("button", name="Next").tap()
    assert page.locator("#q-appearance").is_visible()
    page.locator("#t-appearance").fill("刮花")
    page.get_by_role("button", name="Next").tap()
    face(page, "timeliness", 1).tap()
    page.locator("#t-timeliness").fill("晚了")
    page.get_by_role("button", name="Next").tap()
    face(page, "notice", "-").tap()
    page.locator("#q-wishes").wait_for()
    assert Invitee.objects.get().opened_at
    page.reload()
    assert page.locator("#q-wishes").is_visible()
    page.get_by_role("button", name="Back").tap()
    assert page.locator("#q-notice").is_visible()
    page.get_by_role("button", name="Next").tap()
    page.get_by_role("button", name="Send the answers").tap()
    page.wait_for_url("**/thanks/")
    assert "Thank you" in page.inner_text("h1")
    stored = Response.objects.get()
    assert (stored.levels, stored.texts) == ("521-", {"appearance": "刮花", "timeliness": "晚了"})
    assert stored.device
    assert page.errors == [] and page.foreign == []


def test_an_answer_taken_back_hides_what_hung_on_it(reader, asked):
    page = reader(viewport={"width": 1200, "height": 900})
    page.goto(f"/a/{asked[1]}/")
    face(page, "timeliness", 1).click()
    face(page, "notice", 1).click()
    face(page, "timeliness", 5).click()
    assert not page.locator("#q-notice").is_visible()
    page.get_by_role("button", name="Send the answers").click()
    page.wait_for_url("**/thanks/")
    assert Response.objects.get().levels == "  5 "
    assert page.errors == []


def test_without_script_it_is_one_long_page(reader, asked):
    page = reader("zh-CN", script=False)
    page.goto(f"/a/{asked[1]}/")
    assert page.locator("fieldset:visible").count() == 6
    face(page, "function", 5).tap()
    page.locator("button[data-later]").tap()
    page.wait_for_url("**/?saved=1")
    page.locator("button[lang=en]").tap()
    page.wait_for_url("**/?language=en")
    assert face(page, "function", 5).is_checked()
    page.locator("button[data-send]").tap()
    page.wait_for_url("**/thanks/")
    assert Response.objects.get().levels == "5   "


def test_staff_type_a_form_with_the_number_keys_alone(open_as, asked):
    company = asked[0].campaign.created_by
    page = open_as(company, language="en")
    page.goto(f"/satisfaction/campaigns/{asked[0].campaign.number}/enter/?q=0001")
    page.locator("#a-function").wait_for()
    page.keyboard.type("540")
    assert page.evaluate("document.activeElement.name") == "t-wishes"
    page.keyboard.type("更快")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Form 0001 is entered.").wait_for()
    stored = Response.objects.get()
    assert (stored.levels, stored.texts, stored.channel) == ("54- ", {"wishes": "更快"}, "paper")
    assert page.errors == []
