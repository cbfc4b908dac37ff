"""The 5-Why tree in a real Chromium: typed with keys, kept by drafts, redrawn after an error."""

import pytest

from cases.enums import CaseState
from tests import factories
from tests.factories import bring, order, walk_action

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db):
    return factories.company()


@pytest.fixture
def action(company):
    action = order(company, bring(company, CaseState.REVIEW)).actions.get()
    return walk_action(company, action, "accepted")


def rows(page, name="whys"):
    """The rows that show, as level and sentence."""
    found = page.locator(f"[data-whys='{name}'] .why-line:visible")
    return [
        (int(row.get_attribute("data-depth")) + 1, row.locator("[data-why-sentence]").input_value())
        for row in found.all()
    ]


def begin_form(page):
    return page.locator("form[action*='/begin/']")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_tree_is_typed_with_keys_and_both_trees_are_kept(
    company, action, open_as, live_server, width
):
    page = open_as(company.handler, language="en", width=width)
    page.goto(action.get_absolute_url())
    first = page.locator("[data-whys='whys'] [data-why-sentence]").first
    first.click()
    keys = page.keyboard
    keys.type("轴承抱死")
    keys.press("Enter")
    keys.type("压装力不足")
    keys.press("Enter")
    keys.type("传感器漂移")
    keys.press("Enter")
    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    keys.type("无力位移监控")
    assert rows(page)[:4] == [
        (1, "轴承抱死"), (2, "压装力不足"), (3, "传感器漂移"), (2, "无力位移监控"),
    ]  # fmt: skip
    keys.press("Tab")
    assert rows(page)[3] == (3, "无力位移监控")
    keys.press("Shift+Tab")
    keys.press("Enter")
    keys.press("Backspace")
    assert len([one for one in rows(page) if one[1]]) == 4
    assert page.evaluate("document.activeElement.value") == "无力位移监控"
    # Esc, then Tab: on to the next field, and the tree stays as it is.
    keys.press("Escape")
    keys.press("Tab")
    assert rows(page)[3] == (2, "无力位移监控")
    page.locator("[data-whys='escape_whys'] [data-why-sentence]").first.fill("终检不测压装力")
    page.locator("[name='cause_factor'][value='machine']").check(force=True)
    page.locator("[name='plan']").fill("加装力位移监控")
    with page.expect_navigation():
        begin_form(page).locator("button[type=submit]").last.click()
    action.refresh_from_db()
    assert action.whys == [
        [0, "轴承抱死"], [1, "压装力不足"], [2, "传感器漂移"], [1, "无力位移监控"],
    ]  # fmt: skip
    assert action.escape_whys == [[0, "终检不测压装力"]]
    assert page.locator(".why-root").count() == 3
    assert page.errors == []


def test_what_was_typed_is_there_after_an_error_and_as_a_draft(
    company, action, open_as, live_server
):
    page = open_as(company.handler, language="en")
    page.goto(action.get_absolute_url())
    page.locator("[data-whys='whys'] [data-why-sentence]").first.click()
    for turn in range(6):
        page.keyboard.type(f"原因 {turn}")
        page.keyboard.press("Enter")
        if turn in {1, 3}:
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Shift+Tab")
    typed = [one for one in rows(page) if one[1]]
    assert len(typed) == 6
    page.wait_for_timeout(600)
    page.reload()
    page.locator(".draft-offer button").first.click()
    assert [one for one in rows(page) if one[1]] == typed
    page.locator("[name='plan']").fill("对员工加强培训")
    page.locator("[name='cause_factor'][value='man']").check(force=True)
    with page.expect_navigation():
        begin_form(page).locator("button[type=submit]").last.click()
    assert [one for one in rows(page) if one[1]] == typed
    box = page.locator("[name='insisted']")
    assert box.is_visible()
    box.check()
    with page.expect_navigation():
        begin_form(page).locator("button[type=submit]").last.click()
    action.refresh_from_db()
    assert [(depth + 1, sentence) for depth, sentence in action.whys] == typed
    assert action.insisted


def test_without_script_the_tree_is_a_list_with_levels(company, action, open_as, live_server):
    page = open_as(company.handler, language="en")
    page.route("**/whys.js", lambda route: route.abort())
    page.goto(action.get_absolute_url())
    fields = page.locator("[data-whys='whys'] .why-line")
    assert fields.count() == 5
    for place, (level, text) in enumerate([("1", "a"), ("2", "b"), ("2", "c"), ("", "d")]):
        fields.nth(place).locator("[data-why-sentence]").fill(text)
        fields.nth(place).locator("[data-why-level]").fill(level)
    page.locator("[name='plan']").fill("加装力位移监控")
    page.locator("[name='cause_factor'][value='machine']").check(force=True)
    with page.expect_navigation():
        begin_form(page).locator("button[type=submit]").last.click()
    action.refresh_from_db()
    assert action.whys == [[0, "a"], [1, "b"], [1, "c"], [2, "d"]]
