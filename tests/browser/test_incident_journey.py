"""A major incident in a real Chromium, from the call to two signatures, by those who take part."""

from datetime import timedelta

import pytest

from accounts.domain import people
from accounts.enums import Role
from cases.domain import effectiveness
from cases.enums import CaseState as S
from cases.models import Case, CorrectiveAction
from tests import factories
from tests.browser.test_journey import pick, words
from tests.factories import PASSWORD, PNG, bring, do, log, step_of
from tests.incidents import bring_incident, carry_out
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.models import Signature

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db(transaction=True)]
PROOF = [{"name": "proof.png", "mimeType": "image/png", "buffer": PNG}]
SAID = {"cause": "压装力不足", "responsibility": "装配为主", "measure": "加装监控"}
UNFOLD = """form => {
  for (let fold = form.closest('details'); fold; fold = fold.parentElement.closest('details'))
    fold.open = true;
}"""


@pytest.fixture
def company(transactional_db):
    """The small company, with a third department that is asked."""
    c = factories.company()
    c.lab = people.add_department(
        by=None, code="LAB", name="检测中心", name_en="Laboratory", parent=c.root
    )
    c.tester = people.add_person(by=None, username="tester", name="许诺")
    people.grant(by=None, person=c.tester, department=c.lab, role=Role.HANDLER)
    return c


class Walk:
    """Takes steps and acts as a person would: unfolds the form, fills it, signs, sends it."""

    def __init__(self, open_as, language, width):
        self.open_as, self.language, self.width = open_as, language, width

    def page(self, person, path):
        page = self.open_as(person, language=self.language, width=self.width)
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path
        return page

    def take(self, person, path, outcome, fill=None, files=None, choose=None, tick=()):
        page = self.page(person, path)
        self.send(page, f"/{outcome}/", fill or {}, files, choose or {}, tick)
        assert page.errors == []
        page.close()

    def send(self, page, address, fill, files=None, choose=None, tick=()):
        form = page.locator(f"form[action*='{address}']").first
        form.evaluate(UNFOLD)
        for name, value in fill.items():
            form.locator(f"[name='{name}']").first.fill(value)
        for name, value in (choose or {}).items():
            pick(form, name, str(value))
        for name, value in tick:
            form.locator(f"[name='{name}'][value='{value}']").check(force=True)
        if files:
            form.locator("input[type=file]").first.set_input_files(files)
        if form.locator("[name=password]").count():
            form.locator("[name=password]").fill(PASSWORD)
        with page.expect_navigation():
            form.locator("button[type=submit]").last.click()

    def beside(self, person, case, part, outcome, fill, files=None):
        """A step beside the case: its form is on the page of the case."""
        step = f"tasks/{step_of(part).pk}/{outcome}"
        self.take(person, case.get_absolute_url(), step, fill=fill, files=files)


def test_an_incident_runs_from_the_call_to_two_signatures_in_chinese(company, open_as, live_server):
    journey(company, Walk(open_as, "zh-hans", 1440))


def test_an_incident_runs_from_the_call_to_two_signatures_on_a_phone(company, open_as, live_server):
    journey(company, Walk(open_as, "en", 390))


def journey(c, walk):
    case = logged(c, walk)
    contained(c, walk, case)
    investigated_and_reviewed(c, walk, case)
    ruled_and_appealed(c, walk, case)
    planned(c, walk, case)
    short, long = case.actions.order_by("pk")
    done_at_once(c, walk, short)
    watched(c, walk, long)
    flagged(c, walk, case)
    finished(c, walk, case)
    case.refresh_from_db()
    assert case.state == S.CLOSED
    acts = Signature.objects.filter(root_id=case.pk).values_list("transition__act", flat=True)
    assert list(acts)[-2:] == ["close", "countersign"]


def logged(c, walk):
    page = walk.page(c.agent, "/cases/new/")
    page.locator("#id_new_phone").type("5566", delay=30)
    page.locator("[data-choose]").first.click()
    form = page.locator("form[data-log]").first
    pick(form, "kind", "incident")
    pick(form, "product", str(c.product.pk))
    pick(form, "channel", str(c.channel.pk))
    page.locator("#id_description").fill("轴承抱死，两台设备停机。")
    with page.expect_navigation():
        page.locator("[data-log] button.btn-primary").click()
    assert page.errors == []
    page.close()
    case = Case.objects.get()
    assert case.state == S.INVESTIGATION
    return case


def contained(c, walk, case):
    for kind, who in (("containment", c.engineer), ("acknowledgement", c.agent)):
        response = case.responses.get(kind=kind)
        walk.beside(who, case, response, "report_done", {"report": "已封存 1200 件。"}, PROOF)
    walk.beside(
        c.agent, case, case.responses.get(kind="on_site"), "decline", {"reason": "已电话指导"}
    )
    assert set(case.responses.values_list("state", flat=True)) == {"done", "not_needed"}


def investigated_and_reviewed(c, walk, case):
    path = case.get_absolute_url()
    found = {"facts": "两台设备停机。", "verified": "拆检轴承。", "quantity": "38"}
    walk.take(c.agent, path, "investigate", fill=found, files=PROOF)
    asked = [("departments", one.pk) for one in (c.workshop, c.purchasing, c.lab)]
    walk.take(c.engineer, path, "convene", tick=asked)
    speakers = ((c.workshop, c.handler), (c.purchasing, c.buyer), (c.lab, c.tester))
    for department, who in speakers:
        opinion = case.opinions.get(department=department)
        walk.beside(who, case, opinion, "file", SAID, PROOF)
    case.refresh_from_db()
    assert case.state == S.ARBITRATION


def ruled_and_appealed(c, walk, case):
    path = case.get_absolute_url()
    page = walk.page(c.engineer, path)
    form = page.locator("form[action*='/rule/']").first
    form.evaluate(UNFOLD)
    for turn, department in enumerate((c.workshop, c.purchasing)):
        form.locator("select[name=shares_department]").nth(turn).select_option(str(department.pk))
    form.locator(".share-slide").first.fill("70")
    percents = form.locator("[name=shares_percent]")
    assert [percents.nth(turn).input_value() for turn in range(2)] == ["70", "30"]
    assert "70 %" in form.locator("[data-part=shares]").inner_text()
    walk.send(page, "/rule/", {"ruling": "装配为主，来料为次。"})
    page.close()
    late = walk.page(c.handler, f"{path}?act=appeal")
    walk.take(c.buyer, f"{path}?act=appeal", "acts/appeal", fill={"grounds": "来料合格。"})
    appeal = case.appeals.get()
    walk.beside(c.manager, case, appeal, "uphold", {"decision": "维持原裁定。"})
    case.refresh_from_db()
    late.locator("#act [name=version]").evaluate(
        "(field, now) => { field.value = now; }", case.version
    )
    late.locator("#act [name=grounds]").fill("再诉。")
    with late.expect_response(lambda answer: "/acts/appeal/" in answer.url) as sent:
        late.locator("#act button[type=submit]").click()
    assert sent.value.status == 409
    refusal = "There has been an appeal already; a second one is not possible."
    assert words(refusal, walk.language) in late.locator("[data-error-message]").inner_text()
    assert "再诉。" in late.content()
    late.close()


def planned(c, walk, case):
    path = case.get_absolute_url()
    case.refresh_from_db()
    case.cause = c.cause
    case.save()
    drafted = {"measures-0-title": "更换已装机轴承"}
    chosen = {"measures-0-kind": "correction", "measures-0-department": c.workshop.pk}
    page = walk.page(c.handler, path)
    page.locator("[data-formset-add]").first.click()
    drafted["measures-1-title"] = "压装机加装力位移监控"
    chosen |= {"measures-1-kind": "corrective", "measures-1-department": c.workshop.pk,
               "measures-1-criterion": "no_recurrence"}  # fmt: skip
    drafted["measures-1-window_days"] = "90"
    walk.send(page, "/draft_measures/", drafted, choose=chosen)
    assert page.errors == []
    page.close()
    walk.take(c.engineer, path, "pass_measures")
    walk.take(c.manager, path, "approve_measures")
    assert case.actions.count() == 2


def done_at_once(c, walk, action):
    there = action.get_absolute_url()
    walk.take(c.handler, there, "accept")
    action.refresh_from_db()
    action = carry_out(c, action)
    walk.take(c.engineer2, there, "verify", fill={"verification": "38 台已更换。"})
    walk.take(c.engineer, there, "close")


def watched(c, walk, action):
    """Reworked once, watched, reopened by a recurrence on day 60, watched again, verified."""
    there = action.get_absolute_url()
    action = carry_out(c, action)
    walk.take(c.engineer, there, "rework", fill={"reason": "缺少验证记录"})
    action.refresh_from_db()
    carry_out(c, action)
    walk.take(c.engineer2, there, "watch")
    moved(action, began=60, left=30)
    again = bring(c, S.REVIEW, log(c, title="轴承又抱死"))
    do(again, "accept_remedy", c.engineer, cause=c.cause)
    outbox.drain(1000)
    action.refresh_from_db()
    assert (action.state, action.recurrence_count) == ("accepted", 1)
    carry_out(c, action)
    walk.take(c.engineer2, there, "watch")
    # Nothing has come in since: the recurrence of before the second window counts no more.
    Case.objects.filter(pk=again.pk).update(received_at=now() - timedelta(days=120))
    moved(action, began=91, left=-1)
    assert effectiveness.pass_windows() == 1
    walk.take(c.engineer2, there, "verify", fill={"verification": "90 天无复发。"})
    walk.take(c.engineer, there, "close")


def moved(action, *, began, left):
    """Let the window have begun so many days ago, with so many days left."""
    CorrectiveAction.objects.filter(pk=action.pk).update(
        watch_from=now() - timedelta(days=began), watch_until=now() + timedelta(days=left)
    )


def flagged(c, walk, case):
    path = case.get_absolute_url()
    walk.take(
        c.agent, f"{path}?act=propose_flag", "acts/propose_flag", fill={"evidence": "省台报道。"},
        choose={"flag": "media_exposed"}, files=PROOF,
    )  # fmt: skip
    motion = case.flag_motions.get()
    walk.beside(c.engineer, case, motion, "confirm_first", {})
    walk.beside(c.manager, case, motion, "confirm_second", {})
    case.refresh_from_db()
    assert case.media_exposed


def finished(c, walk, case):
    path = case.get_absolute_url()
    walk.take(c.engineer, path, "verify")
    channel = {"channel": c.channel.pk}
    walk.take(c.agent2, path, "reply", fill={"text": "已完成整改。"}, choose=channel)
    walk.take(c.agent, path, "satisfied")
    learned = {
        "lessons": "关键压装要监控。",
        "similar": "近一年无同类。",
        "documents": "更新 PFMEA。",
    }
    walk.take(c.engineer2, path, "close", fill=learned)
    walk.take(c.representative, path, "countersign")


def test_the_process_picture_of_an_incident_is_drawn_without_a_warning(
    company, open_as, live_server
):
    case = bring_incident(company, S.JOINT_REVIEW)
    page = open_as(company.engineer, language="en")
    warnings = []
    page.on("console", lambda message: message.type == "warning" and warnings.append(message.text))
    page.goto(f"/cases/{case.number}/process/")
    page.locator(".djs-shape[data-element-id='id_node_opinions'].mark-current").wait_for()
    for node in ("respond", "investigate", "convene"):
        assert page.locator(f".djs-shape[data-element-id='id_node_{node}'].mark-done").count() == 1
    assert page.errors == []
    assert warnings == []
