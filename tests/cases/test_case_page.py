"""The case page: who sees which form, what it costs, what it never shows."""

from datetime import timedelta

import pytest

from accounts.domain import people
from accounts.enums import Role
from cases.domain import special
from cases.enums import CaseState
from cases.models import Case
from tests.cases.pages import browser, fresh, page, someone, statements
from tests.factories import bring, dispute, do, draft, log, order, picture, task_of, walk_action
from workflows.domain import context
from workflows.domain.assignment import claim
from workflows.domain.transitions import intervene
from workflows.models import Task, Transition

pytestmark = pytest.mark.django_db
S = CaseState

# Who acts in a state, and a field of the form that must stand on the page.
FORMS = [
    (S.ACKNOWLEDGEMENT, "agent", 'name="text"'),
    (S.TRIAGE, "lead", 'name="survivor"'),
    (S.STATEMENT, "handler", 'name="cause_text"'),
    (S.ARBITRATION, "engineer", 'name="ruling"'),
    (S.REVIEW, "engineer", 'name="actions-0-title"'),
    (S.VERIFICATION, "engineer", "/verify/"),
    (S.REPLY, "agent", 'name="text"'),
    (S.FEEDBACK, "agent", 'name="answer_text"'),
    (S.CLOSING, "manager", "/close/"),
]


@pytest.mark.parametrize(("state", "who", "field"), FORMS)
def test_the_form_of_the_current_step_stands_on_the_page(company, state, who, field):
    case = bring(company, state)
    html = page(someone(company, who), case)
    assert field in html
    assert f"/tasks/{task_of(case).pk}/" in html
    assert f'name="version" value="{case.version}"' in html


@pytest.mark.parametrize(("state", "who", "field"), FORMS)
def test_who_cannot_act_reads_whom_the_step_waits_for(company, state, who, field):
    case = bring(company, state)
    html = page(someone(company, "auditor"), case)
    assert f"/tasks/{task_of(case).pk}/" not in html
    assert "Waits for" in html
    assert "More" not in html  # no act either
    assert 'name="text"' not in html  # no comment box


def test_a_step_that_a_colleague_has_claimed_is_grey_with_the_reason(company):
    case = bring(company, S.REVIEW)
    claim(task_of(case), by=company.engineer2)
    html = page(someone(company, "engineer"), case)
    assert f"Claimed by {company.engineer2.name}" in html
    assert "/accept_remedy/" not in html
    assert "btn-refused" in html


def test_closing_is_grey_for_who_handled_the_case(company):
    people.grant(
        by=None, person=company.manager, department=company.service, role=Role.SERVICE_AGENT
    )
    case = bring(company, S.REPLY)
    do(case, "reply", company.manager, text="已更换。", channel=company.channel)
    case = do(case, "satisfied", company.agent)
    html = page(someone(company, "manager"), case)
    assert "You handled this case yourself" in html
    assert "/close/" not in html
    assert "/return_to_review/" in html
    assert "/close/" in page(someone(company, "engineer"), case)


def test_actions_show_their_form_to_who_may_act_and_whom_they_wait_for_to_others(company):
    case = order(company, bring(company, S.REVIEW), count=2)
    first, second = case.actions.order_by("pk")
    walk_action(company, first, "submitted")
    html = page(someone(company, "engineer2"), case)
    assert 'name="verification"' in html
    assert f"/tasks/{task_of(second).pk}/" not in html
    html = page(someone(company, "handler"), case)
    assert f"/tasks/{task_of(second).pk}/accept/" in html
    assert 'name="verification"' not in html


def test_statements_stand_side_by_side_where_quality_decides(company):
    case = bring(company, S.STATEMENT)
    dispute(company, case)
    html = page(someone(company, "engineer"), case)
    assert "desk-side" in html
    assert "压装记录正常。" in html
    assert "Disputes responsibility" in html


def test_a_merged_case_leads_to_the_one_that_goes_on(company):
    case = bring(company, S.MERGED)
    assert case.merged_into.get_absolute_url() in page(someone(company, "agent"), case)


def test_a_merged_case_does_not_name_a_survivor_that_the_reader_cannot_see(company):
    secret = bring(company, S.TRIAGE, log(company, title="Hidden affair"))
    case = bring(company, S.STATEMENT)
    case = do(case, "return_to_triage", company.handler, reason="not ours")
    case = do(case, "merge", company.lead, survivor=secret)
    html = page(someone(company, "handler"), case)
    assert secret.number not in html
    assert "Hidden affair" not in html
    assert "another case" in html


def test_reopening_late_is_grey_and_offers_a_case_that_follows(company):
    case = bring(company, S.CLOSED)
    assert "?act=reopen" in page(someone(company, "lead"), case)
    with context.at(case.closed_at + timedelta(days=91)):
        html = page(someone(company, "lead"), case)
    assert "?act=reopen" not in html
    assert "The time to reopen this case is over" in html


@pytest.mark.parametrize("act", ["edit", "withdraw", "propose_action", "propose_flag"])
def test_an_act_opens_its_form_on_the_page_without_script(company, act):
    case = bring(company, S.REVIEW)
    client = someone(company, "engineer")
    assert f"/acts/{act}/" not in page(client, case)
    html = page(client, case, f"?act={act}")
    assert f'action="/cases/{case.number}/acts/{act}/"' in html
    assert client.get(f"/cases/{case.number}/acts/{act}/").status_code == 302


def test_facts_to_correct_come_with_their_present_values(company):
    case = log(company, batch="B-77", contact_name="李工")
    html = page(someone(company, "agent"), case, "?act=edit")
    assert 'value="B-77"' in html
    assert 'value="李工"' in html


def test_flags_that_cannot_be_changed_are_grey(company):
    html = page(someone(company, "engineer"), bring(company, S.REVIEW))
    assert "No flag is set." in html
    assert "?act=propose_flag" in html
    assert "?act=propose_revocation" not in html


# ---------------------------------------------------------------------------- who sees it
@pytest.mark.parametrize("path", ["", "?act=edit", "process/"])
def test_a_case_of_another_department_is_not_there(company, path):
    case = bring(company, S.STATEMENT)
    assert browser(company.buyer).get(case.get_absolute_url() + path).status_code == 404
    assert browser(company.handler).get(case.get_absolute_url() + path).status_code == 200


@pytest.mark.parametrize("number", ["TS-2020-000000", "nothing", "a" * 300, "%00", "..%2F", "'"])
def test_nonsense_numbers_are_not_found(company, number):
    client = browser(company.manager)
    assert client.get(f"/cases/{number}/").status_code == 404
    assert client.get(f"/actions/{number}/").status_code == 404


def test_related_cases_are_only_those_the_reader_may_see(company):
    case = bring(company, S.STATEMENT)
    other = log(company, title="Other matter")
    assert other.number in page(browser(company.manager), case)
    assert other.number not in page(browser(company.handler), case)


# ---------------------------------------------------------------------------- cost
@pytest.mark.parametrize("state", [state for state, *_rest in FORMS] + [S.ACTION, S.CLOSED])
@pytest.mark.parametrize("who", ["agent", "lead", "handler", "engineer", "manager"])
def test_the_page_costs_at_most_thirteen_statements_in_every_state(company, state, who):
    case = bring(company, state)
    if who == "handler" and state in {S.ACKNOWLEDGEMENT, S.TRIAGE}:
        return
    answer, count = statements(someone(company, who), "get", case.get_absolute_url())
    assert answer.status_code == 200
    # The thirteenth reads the clocks, with what their bars are counted by.
    assert count <= 12 + 1, count


def test_fifty_entries_and_ten_actions_cost_no_more_than_one(company):
    case = bring(company, S.REVIEW)
    actions = [draft(company, title=f"措施 {turn}") for turn in range(10)]
    case = do(case, "order_actions", company.engineer, actions=actions)
    for action in list(case.actions.all())[:6]:
        walk_action(company, action, "submitted")
    client = someone(company, "engineer2")
    _answer, before = statements(client, "get", case.get_absolute_url())
    for turn in range(50):
        if turn % 2:
            special.comment(by=company.agent, case=case, text=f"Note {turn}")
        else:
            intervene(fresh(case), "edit", by=company.agent, title=f"轴承异响 {turn}")
    answer, after = statements(client, "get", case.get_absolute_url())
    assert answer.status_code == 200
    assert after == before <= 12 + 1


def test_reading_changes_nothing(company):
    case = bring(company, S.REVIEW)
    client = someone(company, "engineer")
    before = (case.version, Transition.objects.count(), Task.objects.count())
    for query in ("", "?act=edit", "?kind=files", "?before=2020-01-01T00:00:00Z"):
        page(client, case, query)
    assert (fresh(case).version, Transition.objects.count(), Task.objects.count()) == before


# ---------------------------------------------------------------------------- hostile text
BAD = "<script id=canary>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


def test_what_people_type_is_text_and_nothing_else(company):
    company.customer.name = BAD[:100]
    company.customer.save()
    case = log(
        company, title=BAD, description=BAD, remedy_sought=BAD, batch=BAD[:70],
        contact_name=BAD[:70], contact_phone="<b>1</b>",
    )  # fmt: skip
    do(case, "acknowledge", company.agent, text=BAD, channel=company.channel)
    do(case, "accept", company.lead, department=company.workshop)
    do(
        case, "answer", company.handler, facts=BAD, cause_text=BAD, remedy=BAD,
        uploads=[picture("<img src=x>.png")],
    )  # fmt: skip
    special.comment(by=company.agent, case=case, text=BAD)
    intervene(fresh(case), "propose_flag", by=company.engineer, flag="media_exposed", evidence=BAD)
    do(case, "return_to_statement", company.engineer, reason=BAD)
    do(case, "answer", company.handler, facts=BAD, cause_text=BAD, remedy=BAD)
    case = do(
        case, "order_actions", company.engineer,
        actions=[draft(company, title=BAD, description=BAD)],
    )  # fmt: skip
    action = case.actions.get()
    do(action, "accept", company.handler)
    do(action, "begin", company.handler, whys=[BAD], cause_factor="man", plan=BAD)
    intervene(
        fresh(action), "request_extension", by=company.handler, grounds=BAD,
        due=context.now() + timedelta(days=40),
    )  # fmt: skip
    for who in ("engineer", "handler", "agent"):
        client = someone(company, who)
        for html in (
            page(client, case), page(client, case, "?act=edit"), page(client, action),
            page(client, case, "?kind=statements"),
        ):  # fmt: skip
            assert "<script id=canary" not in html
            assert "<img src=x" not in html
            assert "&lt;script id=canary" in html
            assert "{{7*7}}" in html or "?kind" in html


def test_every_case_of_the_road_is_read_in_chinese_too(company):
    for state in (S.TRIAGE, S.ARBITRATION, S.ACTION, S.CLOSED):
        case = bring(company, state)
        answer = browser(company.engineer, "zh-hans").get(case.get_absolute_url())
        assert answer.status_code == 200
        assert 'lang="zh-hans"' in answer.content.decode()
    assert Case.objects.count() == 4
