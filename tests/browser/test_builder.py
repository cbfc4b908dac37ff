"""The builder of questionnaires in a browser: rows without a reload, the phone, drafts kept."""

import pytest

from surveys.models import Questionnaire
from tests import factories
from tests.surveys.test_questionnaires import drawn

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
NEW = "/satisfaction/questionnaires/new/"


@pytest.fixture
def company(transactional_db):
    return factories.company()


def test_a_questionnaire_is_written_with_the_phone_beside_it(company, open_as):
    page = open_as(company.marketer, language="en")
    page.goto(NEW)
    page.fill("#b-code", "ours")
    page.fill("#b-title", "我们的问卷")
    page.fill("#b-items-0-name", "产品质量")
    page.fill("#b-items-0-subitems-0-name", "功能是否满足要求")
    page.click("text=Add a sub-item")
    second = page.locator("#b-items-0-subitems-1-name")
    second.fill("外观")
    assert page.input_value("#b-items-0-subitems-0-name") == "功能是否满足要求"
    page.fill("#b-items-0-subitems-1-weight", "3")
    shares = page.locator("#b-items-0 .b-rows [data-share]").all_inner_texts()
    assert shares == ["25 %", "75 %"]

    page.click("[data-look][value=en]")
    phone = page.frame_locator(".phone")
    phone.locator("text=功能是否满足要求").wait_for()
    assert page.locator(".phone").bounding_box()["width"] == 390

    page.click(".builder-foot button[value=save]")
    page.wait_for_url("**/WJ-*/")
    draft = Questionnaire.objects.get(code="ours")
    assert len(draft.document["items"][0]["subitems"]) == 2
    assert page.errors == []


def test_what_was_typed_and_left_is_offered_again(company, open_as):
    draft = drawn(company)
    page = open_as(company.marketer, language="en")
    page.goto(f"{draft.get_absolute_url()}edit/")
    page.fill("#b-title", "未保存的标题")
    page.click("text=Add a question in words")
    page.fill("#b-open-1-name", "为什么")
    page.wait_for_timeout(600)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(draft.get_absolute_url())
    page.goto(f"{draft.get_absolute_url()}edit/")
    page.click(".draft-offer button >> nth=0")
    page.locator("#b-open-1-name").wait_for()
    assert page.input_value("#b-title") == "未保存的标题"
    assert page.input_value("#b-open-1-name") == "为什么"

    page.click(".builder-foot button[value=save]")
    page.wait_for_url("**/WJ-*/")
    page.goto(f"{draft.get_absolute_url()}edit/")
    assert page.locator(".draft-offer").count() == 0
    assert page.errors == []


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_on_the_pages_is_wider_than_the_screen(company, open_as, width, language):
    draft = drawn(company)
    page = open_as(company.marketer, language=language, width=width)
    one = draft.get_absolute_url()
    for path in ("/satisfaction/questionnaires/", one, f"{one}edit/", f"{one}preview/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert page.errors == []
