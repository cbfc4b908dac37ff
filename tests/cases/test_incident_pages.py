"""The page of an incident: every panel for who may read it, opinions hidden until they may be
read, each step with its own title."""

from datetime import timedelta

import pytest

from accounts.domain import people
from accounts.enums import Role
from cases.domain import timeline
from cases.enums import CaseState as S
from cases.models import Attachment, Case
from tests.cases.pages import browser, fresh, page, sent, someone
from tests.factories import PASSWORD, bring, do, flag, picture, step_of, take, task_of
from tests.incidents import ORDER, bring_incident, file_opinions, incident, measure, plan, respond
from workflows.domain.context import at, now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db
PEOPLE = ("agent", "handler", "buyer", "engineer", "manager", "representative", "auditor")
SAID = {"cause": "保持架断裂的隐情", "responsibility": "装配一方", "measure": "加装监控"}


@pytest.fixture
def laboratory(company):
    """A third department that is asked, with somebody who speaks for it."""
    company.lab = people.add_department(
        by=None, code="LAB", name="检测中心", name_en="Laboratory", parent=company.root
    )
    company.tester = people.add_person(by=None, username="tester", name="许诺")
    people.grant(by=None, person=company.tester, department=company.lab, role=Role.HANDLER)
    return company


def convened(c, *departments):
    """A joint review of three departments, nobody has filed yet."""
    case = bring_incident(c, S.CONVENING)
    chosen = list(departments) or [c.workshop, c.purchasing, c.lab]
    due = now() + timedelta(days=3)
    return do(case, "convene", c.engineer, departments=chosen, due=due, question="为何抱死")


def speak(c, case, department, who, **changes):
    opinion = case.opinions.get(department=department)
    return take(step_of(opinion), "file", who, **{**SAID, **changes})


# ---------------------------------------------------------------------------- every state
@pytest.mark.parametrize("state", ORDER)
def test_everybody_concerned_reads_the_page_in_both_languages(company, state):
    case = bring_incident(company, state)
    for name in PEOPLE:
        for language in ("en", "zh-hans"):
            answer = browser(getattr(company, name), language).get(case.get_absolute_url())
            seen = name != "buyer" or state not in {S.INVESTIGATION, S.CONVENING}
            seen = seen and (
                name != "handler" or case.parties.filter(department=company.workshop).exists()
            )
            assert answer.status_code == (200 if seen else 404), (name, language)


@pytest.mark.parametrize(("state", "who", "field"), [
    (S.INVESTIGATION, "agent", 'name="verified"'),
    (S.CONVENING, "engineer", 'name="departments"'),
    (S.ARBITRATION, "engineer", 'name="shares_percent"'),
    (S.MEASURES, "handler", 'name="measures-0-title"'),
    (S.COMPLETENESS, "engineer", "/pass_measures/"),
    (S.APPROVAL, "manager", "/approve_measures/"),
    (S.CLOSING, "engineer2", 'name="lessons"'),
    (S.COUNTERSIGNATURE, "representative", 'name="password"'),
])  # fmt: skip
def test_the_form_of_the_step_stands_on_the_page(company, state, who, field):
    case = bring_incident(company, state)
    respond(company, case)
    html = page(someone(company, who), case)
    assert field in html
    assert f"/tasks/{task_of(case).pk}/" in html


# ---------------------------------------------------------------------------- beside the steps
def test_a_response_has_its_own_title_and_form_and_no_link_to_an_action(company):
    case = incident(company)
    html = page(someone(company, "agent"), case)
    assert "Immediate response: Acknowledge to the customer" in html
    assert 'name="report"' in html
    assert f"/actions/{case.number}/" not in html
    task = step_of(case.responses.get(kind="acknowledgement"))
    assert f'id="step-{task.pk}"' in html
    answer = someone(company, "agent").post(
        f"/cases/{case.number}/tasks/{task.pk}/report_done/",
        sent(case.responses.get(kind="acknowledgement"), report="已告知客户。"),
    )
    assert answer.status_code == 302
    html = page(someone(company, "agent"), case)
    assert html.index("After-sales on site") < html.index("已告知客户。")


def test_only_who_is_asked_gets_the_form_of_an_opinion_open_at_the_top(laboratory):
    case = convened(laboratory)
    respond(laboratory, case)
    html = page(someone(laboratory, "handler"), case)
    assert "Joint review: opinion of Assembly" in html
    assert html.count('name="responsibility"') == 1
    head = html.split('id="beside-steps-title"')[1].split("</summary>")[0]
    assert " open" in head
    assert 'name="responsibility"' not in page(someone(laboratory, "agent"), case)
    engineer = page(someone(laboratory, "engineer"), case)
    assert "beside-steps-title" not in engineer
    assert "Laboratory" in engineer


def test_an_appeal_is_decided_on_the_page_of_the_case(company):
    case = bring_incident(company, S.MEASURES)
    intervene(case, "appeal", by=company.buyer, grounds="来料合格", uploads=[picture("coc.png")])
    html = page(someone(company, "manager"), case)
    assert "Appeal of Purchasing" in html
    assert 'name="decision"' in html
    assert 'name="shares_department"' in html
    assert "coc.png" in html


# ---------------------------------------------------------------------------- opinions
def test_nobody_reads_the_others_opinion_before_filing_an_own_one(laboratory):
    c = laboratory
    case = convened(c)
    speak(c, case, c.workshop, c.handler, uploads=[picture("secret.png")])
    file = Attachment.objects.get(name="secret.png")
    for name in ("buyer", "agent"):
        client = someone(c, name)
        for query in ("", "?kind=statements", "?kind=files", "?kind=changes", "?kind=steps"):
            html = page(client, case, query)
            assert SAID["cause"] not in html, (name, query)
            assert "secret.png" not in html, (name, query)
            assert file.key not in html, (name, query)
        assert "1 opinion is filed and not shown" in page(client, case)
        for query in ("", "?thumb=1", "?inline=1"):
            assert client.get(f"/files/{file.key}/{query}").status_code == 404
    for name in ("handler", "engineer", "auditor", "manager"):
        client = someone(c, name)
        html = page(client, case)
        assert SAID["cause"] in html, name
        assert file.key in html, name
        assert client.get(f"/files/{file.key}/").status_code == 200


def test_who_has_filed_reads_the_others_and_everybody_does_at_the_end(laboratory):
    c = laboratory
    case = convened(c)
    speak(c, case, c.workshop, c.handler, uploads=[picture("secret.png")])
    speak(c, case, c.purchasing, c.buyer, cause="来料硬度偏低")
    url = f"/files/{Attachment.objects.get(name='secret.png').key}/"
    assert SAID["cause"] in page(someone(c, "buyer"), case)
    assert someone(c, "buyer").get(url).status_code == 200
    for name in ("tester", "agent"):
        assert SAID["cause"] not in page(someone(c, name), case)
        assert someone(c, name).get(url).status_code == 404
    with at(now() + timedelta(days=3, minutes=1)):
        intervene(case, "conclude", by=c.manager, reason="逾期")
    for name in ("tester", "agent"):
        html = page(someone(c, name), case)
        assert SAID["cause"] in html
        assert "来料硬度偏低" in html
        assert "Not filed" in html
        assert someone(c, name).get(url).status_code == 200


def test_a_party_heard_in_an_arbitration_is_read_by_the_others_after_the_ruling(laboratory):
    c = laboratory
    case = bring_incident(c, S.ARBITRATION)
    case = intervene(case, "hear", by=c.engineer, department=c.lab, due=now() + timedelta(days=1))
    heard = case.opinions.get(department=c.lab)
    take(step_of(heard), "file", c.tester, **{**SAID, "cause": "检测数据另有说明"})
    assert "检测数据另有说明" in page(someone(c, "engineer"), case)
    assert "检测数据另有说明" not in page(someone(c, "buyer"), case)
    shares = [(c.workshop, 70), (c.purchasing, 30)]
    do(fresh(case), "rule", c.engineer, ruling="装配为主。", shares=shares)
    assert "检测数据另有说明" in page(someone(c, "buyer"), case, "?kind=statements")


def test_the_file_of_an_earlier_review_stays_open_while_the_next_one_is_secret(laboratory):
    c = laboratory
    case = convened(c, c.workshop)
    speak(c, case, c.workshop, c.handler, uploads=[picture("first.png")])
    case = do(fresh(case), "return_to_review_board", c.engineer, reason="再议")
    due = now() + timedelta(days=3)
    case = do(case, "convene", c.engineer, departments=[c.workshop, c.lab], due=due)
    opinion = case.opinions.get(department=c.workshop, state="requested")
    take(step_of(opinion), "file", c.handler, **SAID, uploads=[picture("second.png")])
    client = someone(c, "tester")
    keys = dict(Attachment.objects.values_list("name", "key"))
    assert client.get(f"/files/{keys['first.png']}/").status_code == 200
    assert client.get(f"/files/{keys['second.png']}/").status_code == 404
    html = page(client, case)
    assert "first.png" in html
    assert "second.png" not in html


def test_late_and_missing_opinions_and_the_quorum_are_marked(laboratory):
    c = laboratory
    case = convened(c)
    speak(c, case, c.workshop, c.handler)
    with at(now() + timedelta(days=3, minutes=1)):
        speak(c, case, c.purchasing, c.buyer)
        intervene(
            case, "record_minutes", by=c.engineer, held_at=now(), participants="王芳、陈刚",
            minutes="会议认定两方均有责任。", uploads=[picture("signed.png")],
        )  # fmt: skip
        html = page(someone(c, "engineer"), case)
    assert "2 of 3 opinions filed, 2 needed" in html
    assert ">late<" in html
    for words in ("王芳、陈刚", "会议认定两方均有责任。", "signed.png"):
        assert words in html


# ---------------------------------------------------------------------------- the other panels
def test_the_investigation_shows_what_was_found_and_earlier_records_folded(company):
    case = incident(company)
    said = {"facts": "两台停机", "verified": "拆检", "quantity": 38, "batch": "B-7",
            "places": "华东仓", "persons": "班组长"}  # fmt: skip
    case = do(case, "investigate", company.agent, **said, uploads=[picture("wreck.png")])
    case = do(case, "return_to_investigation", company.engineer, reason="补充")
    do(case, "investigate", company.agent, facts="又两台停机", verified="复检")
    html = page(someone(company, "engineer"), case)
    for words in ("两台停机", "38", "B-7", "华东仓", "班组长", "拆检", "wreck.png"):
        assert words in html
    assert html.index("又两台停机") < html.index("Earlier record by")


def test_the_ruling_shows_shares_reasons_appeal_and_the_document(company):
    c = company
    case = bring_incident(c, S.MEASURES)
    intervene(case, "appeal", by=c.buyer, grounds="来料合格")
    shares = [(c.workshop, 90), (c.purchasing, 10)]
    take(step_of(case.appeals.get()), "revise", c.manager, decision="证据成立", shares=shares)
    html = page(someone(c, "handler"), case)
    latest = case.arbitrations.order_by("-pk")[0]
    for words in ("Assembly <strong>90 %", "Purchasing <strong>30 %", "replaced after an appeal",
                  "来料合格", "证据成立", f"/rulings/{latest.pk}.pdf"):  # fmt: skip
        assert words in html
    assert 'aria-label="Assembly 90 %, Purchasing 10 %"' in html


def test_gaps_of_a_plan_are_told_to_who_checks_it_and_revisions_say_what_changed(company):
    c = company
    case = bring_incident(c, S.MEASURES)
    vague = measure(c, title="加强培训", description="", insisted=True)
    case = do(case, "draft_measures", c.handler, measures=[vague, measure(c)])
    html = page(someone(c, "engineer"), case)
    assert "Nothing mends the pieces affected (correction)." in html
    assert "vague wording kept" in html
    assert "Nothing mends" not in page(someone(c, "handler"), case)
    case = do(case, "return_measures", c.engineer, reason="不全")
    do(case, "draft_measures", c.handler, measures=plan(c))
    html = page(someone(c, "engineer"), case)
    assert "Revision 2" in html
    assert "Revision 1 by" in html
    assert "3 measures differ from the revision before" in html
    assert "<del>加强培训</del>" in html
    assert "Nothing mends" not in html


def test_a_motion_on_a_flag_waits_for_a_second_person_for_all_to_see(company):
    c = company
    case = bring_incident(c, S.CONVENING)
    intervene(
        case, "propose_flag", by=c.agent, flag="media_exposed", evidence="省台报道",
        uploads=[picture("press.png")],
    )  # fmt: skip
    motion = case.flag_motions.get()
    assert "waits for a first person" in page(someone(c, "agent"), case)
    assert "Flag: Media exposure" in page(someone(c, "engineer"), case)
    take(step_of(motion), "confirm_first", c.engineer)
    html = page(someone(c, "engineer"), case)
    assert "waits for a second person" in html
    assert "You have confirmed it already" in html
    assert "press.png" in html
    take(step_of(motion), "confirm_second", c.manager)
    html = page(someone(c, "agent"), case)
    assert "Confirmed by two people" in html
    assert c.manager.name in html


def test_a_motion_at_a_closed_complaint_can_still_be_confirmed(company):
    case = bring(company, S.CLOSED)
    intervene(case, "propose_flag", by=company.agent, flag="media_exposed", evidence="报道")
    html = page(someone(company, "manager"), case)
    task = step_of(case.flag_motions.get())
    assert f"/tasks/{task.pk}/confirm_first/" in html


def test_lessons_and_signatures_stand_in_the_readers_language(company):
    c = company
    case = bring_incident(c, S.COUNTERSIGNATURE)
    do(case, "countersign", c.representative)
    html = page(someone(c, "handler"), case)
    for words in ("关键压装工序要有力位移监控。", "更新 PFMEA 与控制计划。", c.representative.name,
                  "agree to its closing for management", "Management representative"):  # fmt: skip
        assert words in html


def test_a_ruling_that_does_not_add_up_comes_back_with_its_rows(company):
    c = company
    case = bring_incident(c, S.ARBITRATION)
    data = sent(
        case, ruling="装配为主", password=PASSWORD,
        shares_department=[c.workshop.pk, c.purchasing.pk], shares_percent=[70, 20],
    )  # fmt: skip
    url = f"/cases/{case.number}/tasks/{task_of(case).pk}/rule/"
    answer = someone(c, "engineer").post(url, data)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "add up to 90 %" in html
    assert 'value="70"' in html
    assert PASSWORD not in html
    data["shares_percent"] = [70, 30]
    assert someone(c, "engineer").post(url, data).status_code == 302
    assert Case.objects.get(pk=case.pk).state == S.MEASURES


# ---------------------------------------------------------------------------- the timeline
def test_everything_an_incident_gathers_stands_in_its_timeline_with_signatures(company):
    c = company
    case = bring_incident(c, S.CONVENING)
    respond(c, case)
    case = flag(c, bring_incident(c, S.JOINT_REVIEW, fresh(case)))
    file_opinions(c, case)
    case = bring_incident(c, S.MEASURES, fresh(case))
    intervene(case, "appeal", by=c.buyer, grounds="来料合格")
    take(step_of(case.appeals.get()), "uphold", c.manager, decision="维持裁定")
    case = bring_incident(c, S.CLOSED, fresh(case))
    told = timeline.read(case, viewer=c.engineer, size=500)
    words = " ".join(text for entry in told.entries for _label, text in entry.sections)
    for expected in ("已完成。", "拆检轴承，保持架断裂。", "压装力不足。", "省台报道。", "来料合格",
                     "维持裁定", "关键压装工序要有力位移监控。"):  # fmt: skip
        assert expected in words
    signed = [entry.title for entry in told.entries if entry.signed]
    assert len(signed) == 6
    deeds = [entry for entry in told.entries if entry.kind not in {"transition", "event"}]
    assert deeds == []
