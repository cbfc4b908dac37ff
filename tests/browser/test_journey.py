"""The whole journey in a real Chromium, by the people who take the steps."""

import pytest
from django.utils import translation

from cases.enums import CaseState
from cases.models import Case
from tests import factories
from tests.factories import PNG

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db):
    return factories.company()


def words(text: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(text)


def pick(form, name: str, value: str) -> None:
    """Choose one of several, whether they are drawn as a select or as buttons."""
    select = form.locator(f"select[name='{name}']")
    if select.count():
        select.first.evaluate(
            "(select, value) => { select.value = value;"
            " select.dispatchEvent(new Event('change', {bubbles: true})); }",
            value,
        )
    else:
        form.locator(f"input[name='{name}'][value='{value}']").check(force=True)


class Walk:
    """One person's page and the step forms on it."""

    def __init__(self, open_as, language, width):
        self.open_as, self.language, self.width = open_as, language, width

    def take(self, person, path, outcome, fill=None, files=None, choose=None):
        """Open the page, unfold the outcome, fill its form, send it."""
        page = self.open_as(person, language=self.language, width=self.width)
        page.goto(path)
        form = page.locator(f"form[action*='/{outcome}/']").first
        if not form.is_visible():
            form.locator("xpath=ancestor::details[1]/summary").click()
        for name, value in (fill or {}).items():
            form.locator(f"[name='{name}']").first.fill(value)
        for name, value in (choose or {}).items():
            pick(form, name, str(value))
        if files:
            form.locator("input[type=file]").first.set_input_files(files)
        with page.expect_navigation():
            form.locator("button[type=submit], button:not([type])").last.click()
        assert page.errors == []
        page.close()


@pytest.mark.parametrize(
    ("language", "width"), [("zh-hans", 1440), ("en", 390)], ids=["chinese-desk", "english-phone"]
)
def test_a_complaint_runs_from_the_call_to_closure(company, open_as, live_server, language, width):
    c = company
    desk = open_as(c.agent, language=language, width=width)
    desk.goto("/cases/new/")
    desk.locator("#id_new_phone").type("5566", delay=30)
    desk.locator("[data-choose]").first.click()
    desk.locator("#id_description").fill("设备运行两周后轴承异响，停机半天。")
    desk.locator("#id_channel").evaluate(
        "(select, value) => { select.value = value; }", str(c.channel.pk)
    )
    with desk.expect_navigation():
        desk.locator("[data-log] button.btn-primary").click()
    case = Case.objects.get()
    assert desk.url.endswith(f"/cases/{case.number}/")
    assert words("Acknowledge", language) in desk.content()
    assert desk.errors == []
    walk, path = Walk(open_as, language, width), case.get_absolute_url()
    channel = {"channel": c.channel.pk}
    walk.take(c.agent, path, "acknowledge", choose=channel)
    walk.take(c.lead, path, "accept", choose={"department": c.workshop.pk})
    said = {"facts": "属实。", "cause_text": "压装力不足。", "remedy": "更换轴承。"}
    walk.take(c.handler, path, "answer", fill=said)
    order = {"actions-0-kind": "corrective", "actions-0-department": c.workshop.pk}
    walk.take(
        c.engineer, path, "order_actions", fill={"actions-0-title": "修订作业指导书"}, choose=order
    )
    action = case.actions.get()
    there = action.get_absolute_url()
    walk.take(c.handler, there, "accept")
    walk.take(
        c.handler, there, "begin", fill={"whys": "压装力不足", "plan": "修订并培训"},
        choose={"cause_factor": "method"},
    )  # fmt: skip
    proof = [{"name": "after.png", "mimeType": "image/png", "buffer": PNG}]
    walk.take(c.handler, there, "submit", fill={"result": "已修订。"}, files=proof)
    walk.take(c.engineer2, there, "verify", fill={"verification": "抽检合格。"})
    walk.take(c.engineer, there, "close")
    walk.take(c.engineer, path, "verify")
    walk.take(c.agent, path, "reply", fill={"text": "已更换。"}, choose=channel)
    walk.take(c.agent, path, "satisfied")
    walk.take(c.manager, path, "close")
    assert Case.objects.get().state == CaseState.CLOSED


def test_the_process_picture_is_drawn_without_a_warning(company, open_as, live_server):
    case = factories.bring(company, CaseState.REVIEW)
    page = open_as(company.engineer, language="en")
    warnings = []
    page.on("console", lambda message: message.type == "warning" and warnings.append(message.text))
    page.goto(f"/cases/{case.number}/process/")
    page.locator(".djs-shape[data-element-id='id_node_review']").wait_for()
    assert page.locator(".djs-shape[data-element-id='id_node_statement']").count() == 1
    assert page.errors == []
    assert warnings == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_is_wider_than_its_screen(company, open_as, live_server, language, width):
    case = factories.bring(company, CaseState.ACTION)
    page = open_as(company.manager, language=language, width=width)
    paths = ["/inbox/", "/inbox/?tab=pool", "/cases/", "/cases/new/", "/actions/", "/customers/"]
    paths += [case.get_absolute_url(), case.actions.get().get_absolute_url()]
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path
    assert page.errors == []
