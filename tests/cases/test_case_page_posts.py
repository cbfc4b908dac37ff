"""What is sent from the case page: done, refused, too late; nothing typed is ever lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Leave
from cases.enums import ActionState, CaseState
from cases.models import Case, Comment, CorrectiveAction
from tests.cases.pages import browser, fresh, page, sent, someone, statements, step_url
from tests.factories import PASSWORD, bring, do, log, order, picture, task_of, walk_action
from workflows.domain import context
from workflows.domain.assignment import claim
from workflows.domain.transitions import intervene
from workflows.models import Outbox, Task, Transition

pytestmark = pytest.mark.django_db
S = CaseState


def road(c):
    """How each step is sent as a form: (state, outcome, who, fields)."""
    due = f"{timezone.localtime(context.now() + timedelta(days=9)):%Y-%m-%dT%H:%M}"
    rows = {
        "actions-TOTAL_FORMS": "3", "actions-INITIAL_FORMS": "0", "actions-0-title": "培训",
        "actions-0-kind": "corrective", "actions-0-department": c.workshop.pk,
        "actions-0-due": due,
    }  # fmt: skip
    told = {"text": "已收到。", "channel": c.channel.pk}
    return [
        (S.ACKNOWLEDGEMENT, "acknowledge", "agent", told),
        (S.TRIAGE, "accept", "lead", {"department": c.workshop.pk, "category": c.category.pk}),
        (S.TRIAGE, "raise_major", "lead", {"department": c.workshop.pk}),
        (S.TRIAGE, "convert", "lead", {"kind": "inquiry"}),
        (S.TRIAGE, "reject", "lead", {"reason": "非我司产品"}),
        (S.STATEMENT, "answer", "handler", {"facts": "a", "cause_text": "b", "remedy": "c"}),
        (S.STATEMENT, "dispute", "handler", {"facts": "a", "grounds": "b"}),
        (S.STATEMENT, "return_to_triage", "handler", {"reason": "错派"}),
        (S.ARBITRATION, "rule", "engineer",
         {"department": c.purchasing.pk, "ruling": "x", "password": PASSWORD}),
        (S.ARBITRATION, "return_to_statement", "engineer", {"reason": "不清"}),
        (S.REVIEW, "accept_remedy", "engineer", {"cause": c.cause.pk}),
        (S.REVIEW, "order_actions", "engineer", rows),
        (S.VERIFICATION, "verify", "engineer", {}),
        (S.REPLY, "reply", "agent", told),
        (S.FEEDBACK, "satisfied", "agent", {"answer_text": ""}),
        (S.FEEDBACK, "unsatisfied", "agent", {"answer_text": "还是响"}),
        (S.FEEDBACK, "no_answer", "agent", {"reason": "三次未接"}),
        (S.CLOSING, "close", "manager", {}),
    ]  # fmt: skip


@pytest.mark.parametrize("turn", range(18))
def test_a_step_is_taken_by_its_form_within_fourteen_statements(company, turn):
    state, outcome, who, fields = road(company)[turn]
    case = bring(company, state)
    client = someone(company, who)
    url = step_url(case, outcome)
    answer, count = statements(client, "post", url, sent(case, **fields))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert fresh(case).state != state
    # A record of another kind and an action come with numbers, processes and steps of their own,
    # a major case with its three responses and the alert. A dispute opens an arbitration, its
    # return ends the hearings; a ruling is written with its shares, signed, and asks whether the
    # department has stated already. A reply asks once for the cases whose customers are told the
    # same. Closing asks for all that could be open, and ends what runs beside the case.
    extra = {
        "convert": 13, "order_actions": 12, "raise_major": 34, "dispute": 3, "rule": 8, "reply": 1,
        "return_to_statement": 1, "close": 3,
    }.get(outcome, 0)  # fmt: skip
    # Clocks that begin are written in one statement beside the one that reads the rules; those
    # that stop, wait or go on are read once, written once, and a pause that is over is kept.
    clocks = {
        "acknowledge": 2, "accept": 3, "raise_major": 6, "convert": 4, "reject": 1, "answer": 2,
        "dispute": 2, "return_to_triage": 3, "rule": 1, "return_to_statement": 2,
        "order_actions": 1, "verify": 2, "reply": 2, "satisfied": 3, "unsatisfied": 4,
        "no_answer": 3, "close": 2,
    }.get(outcome, 0)  # fmt: skip
    assert count <= 14 + extra + clocks, count
    html = client.get(answer["Location"]).content.decode()
    assert 'data-flash="success"' in html


def test_after_a_step_the_page_says_what_comes_next_and_who_has_it(company):
    case = bring(company, S.ACKNOWLEDGEMENT)
    client = someone(company, "agent")
    fields = {"text": "已收到。", "channel": company.channel.pk}
    answer = client.post(step_url(case, "acknowledge"), sent(case, **fields), follow=True)
    html = re.sub(r"\s+", " ", answer.content.decode())
    assert "Next:" in html
    assert "Triage – pool of Customer service centre (Service lead)" in html


def test_merging_leads_to_the_case_that_goes_on(company):
    survivor, case = log(company), bring(company, S.TRIAGE)
    url = step_url(case, "merge")
    answer = someone(company, "lead").post(url, sent(case, survivor=survivor.number.lower()))
    assert answer["Location"] == survivor.get_absolute_url()


def test_turning_into_another_kind_leads_to_the_new_record(company):
    case = bring(company, S.TRIAGE)
    answer = someone(company, "lead").post(step_url(case, "convert"), sent(case, kind="inquiry"))
    follower = Case.objects.get(follows=case)
    assert answer["Location"] == follower.get_absolute_url()


@pytest.mark.parametrize("number", ["TS-1999-000001", "", "x" * 31, "hidden", "itself"])
def test_a_case_merges_only_into_one_that_the_person_sees(company, number):
    case = bring(company, S.TRIAGE)
    number = {"itself": case.number}.get(number, number)
    answer = someone(company, "lead").post(step_url(case, "merge"), sent(case, survivor=number))
    assert answer.status_code == 400
    assert "data-form-errors" in answer.content.decode()
    assert fresh(case).state == S.TRIAGE


# ---------------------------------------------------------------------------- refused
def test_an_empty_statement_keeps_what_was_typed_and_says_what_is_missing(company):
    case = bring(company, S.STATEMENT)
    fields = {"facts": "Typed <facts>", "cause_text": "", "remedy": ""}
    answer = someone(company, "handler").post(step_url(case, "answer"), sent(case, **fields))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Typed &lt;facts&gt;" in html
    assert html.count("is-invalid") == 2
    assert "data-form-errors" in html
    assert f'href="#s{task_of(case).pk}-answer-remedy"' in html


def test_who_comes_second_is_told_who_won_and_keeps_the_text(company):
    case = bring(company, S.STATEMENT)
    url, data = (
        step_url(case, "answer"),
        sent(case, facts="My long text", cause_text="c", remedy="r"),
    )
    do(case, "answer", company.handler2, facts="a", cause_text="b", remedy="c")
    answer = someone(company, "handler").post(url, data)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"Already completed by {company.handler2.name}" in html
    assert "My long text" in html
    assert Transition.objects.filter(root_id=case.pk, act="answer").count() == 1


def test_a_stale_form_is_told_what_changed_by_whom_and_can_be_sent_again(company):
    case = bring(company, S.TRIAGE)
    data = sent(case, reason="Not ours, says the lead")
    intervene(fresh(case), "edit", by=company.agent, title="轴承异响并发热")
    client = someone(company, "lead")
    answer = client.post(step_url(case, "reject"), data)
    html = answer.content.decode()
    assert answer.status_code == 409
    for word in ("轴承异响并发热", company.agent.name, "Not ours, says the lead"):
        assert word in html
    assert f'name="version" value="{fresh(case).version}"' in html
    again = client.post(step_url(case, "reject"), sent(fresh(case), reason="Not ours"))
    assert again.status_code == 302
    assert fresh(case).state == S.REJECTED


def test_a_rule_that_stands_against_it_answers_409_with_the_reason(company):
    case = bring(company, S.CLOSING)
    claim(task_of(case), by=company.engineer)
    answer = someone(company, "manager").post(step_url(case, "close"), sent(case))
    assert answer.status_code == 409
    assert f"Claimed by {company.engineer.name}" in answer.content.decode()


def test_a_step_of_another_role_answers_403_on_the_same_page(company):
    case = bring(company, S.REVIEW)
    url, data = step_url(case, "return_to_statement"), sent(case, reason="My reason")
    answer = someone(company, "agent").post(url, data)
    assert answer.status_code == 403
    assert "My reason" in answer.content.decode()
    assert fresh(case).state == S.REVIEW


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30, None])
def test_a_form_without_its_version_is_not_taken(company, version):
    case = bring(company, S.TRIAGE)
    data = {"reason": "Keep me"} | ({} if version is None else {"version": version})
    answer = someone(company, "lead").post(step_url(case, "reject"), data)
    assert answer.status_code == 400
    assert "Keep me" in answer.content.decode()
    assert fresh(case).state == S.TRIAGE


def test_a_task_of_another_case_is_not_found(company):
    case, other = bring(company, S.TRIAGE), bring(company, S.TRIAGE)
    url = f"/cases/{other.number}/tasks/{task_of(case).pk}/reject/"
    answer = someone(company, "lead").post(url, sent(case, reason="x"))
    assert answer.status_code == 404
    assert fresh(case).state == S.TRIAGE


def test_a_task_of_an_invisible_case_is_not_found(company):
    case = bring(company, S.STATEMENT)
    url, data = step_url(case, "answer"), sent(case, facts="a", cause_text="b", remedy="c")
    assert someone(company, "buyer").post(url, data).status_code == 404


@pytest.mark.parametrize("outcome", ["nonsense", "cancel", "answer"])
def test_an_outcome_that_the_step_does_not_have_is_not_found(company, outcome):
    case = bring(company, S.TRIAGE)
    url = step_url(case, "reject").replace("reject", outcome)
    assert someone(company, "lead").post(url, sent(case)).status_code == 404
    assert someone(company, "lead").get(url).status_code == 302


def test_what_is_typed_survives_nul_and_control_characters(company):
    case = bring(company, S.TRIAGE)
    answer = someone(company, "lead").post(step_url(case, "reject"), sent(case, reason="a\x00b"))
    assert answer.status_code == 400
    answer = someone(company, "lead").post(
        step_url(case, "accept"), sent(case, department="\x00", category="1e9")
    )
    assert answer.status_code == 400


def test_a_substitute_acts_and_the_timeline_says_for_whom(company):
    case = bring(company, S.REVIEW)
    claim(task_of(case), by=company.engineer)
    today = timezone.localdate(context.now())
    Leave.objects.create(
        user=company.engineer, substitute=company.representative, starts=today, ends=today
    )
    client = someone(company, "representative")
    assert f"You stand in for {company.engineer.name}" in page(client, case)
    answer = client.post(step_url(case, "accept_remedy"), sent(case), follow=True)
    assert answer.status_code == 200
    assert f"for {company.engineer.name}" in answer.content.decode()


# ---------------------------------------------------------------------------- acts, talk
def test_an_act_is_done_by_its_form(company):
    case = bring(company, S.REVIEW)
    client = someone(company, "engineer")
    url = f"/cases/{case.number}/acts/"
    data = {"flag": "media_exposed", "evidence": "Article", "uploads": [picture()]}
    assert client.post(f"{url}propose_flag/", sent(case, **data)).status_code == 302
    case = fresh(case)
    assert not case.media_exposed
    assert case.flag_motions.get().evidence == "Article"
    answer = client.post(f"{url}propose_action/", sent(case, title="x", kind="corrective"))
    assert answer.status_code == 302
    assert case.actions.get().state == ActionState.PROPOSED


def test_a_refused_act_keeps_its_form_open_with_what_was_typed(company):
    case = bring(company, S.REVIEW)
    client = someone(company, "engineer")
    data = sent(case, title="", description="Long story", channel=company.channel.pk)
    answer = client.post(f"/cases/{case.number}/acts/edit/", data)
    assert answer.status_code == 400
    assert "Long story" in answer.content.decode()
    intervene(fresh(case), "edit", by=company.agent, batch="B-9")
    data = sent(case, title="New title", description="d", channel=company.channel.pk)
    answer = client.post(f"/cases/{case.number}/acts/edit/", data)
    assert answer.status_code == 409
    assert "B-9" in answer.content.decode()
    assert "New title" in answer.content.decode()


@pytest.mark.parametrize(("act", "who", "status"), [
    ("nonsense", "engineer", 404), ("withdraw", "handler", 403), ("reopen", "lead", 409),
])  # fmt: skip
def test_an_act_that_is_not_possible_is_refused(company, act, who, status):
    case = bring(company, S.REVIEW)
    data = sent(case, reason="because")
    answer = someone(company, who).post(f"/cases/{case.number}/acts/{act}/", data)
    assert answer.status_code == status
    assert fresh(case).state == S.REVIEW


def test_a_comment_stands_in_the_timeline_and_an_empty_one_is_refused(company):
    case = bring(company, S.REVIEW)
    client = someone(company, "agent")
    url = f"/cases/{case.number}/comments/"
    assert client.post(url, {"text": "Called back"}, follow=True).status_code == 200
    assert "Called back" in page(client, case)
    assert client.post(url, {"text": "  "}).status_code == 400
    assert client.post(url, {"text": "a\x00"}).status_code == 400
    assert client.get(url).status_code == 405
    assert Comment.objects.count() == 1


def test_an_auditor_can_neither_comment_nor_attach(company):
    case = bring(company, S.REVIEW)
    client = someone(company, "auditor")
    answer = client.post(f"/cases/{case.number}/comments/", {"text": "My remark"})
    assert answer.status_code == 403
    assert "My remark" in answer.content.decode()
    answer = client.post(f"/cases/{case.number}/files/", {"uploads": [picture()]})
    assert answer.status_code == 403
    assert not Comment.objects.exists()
    assert not case.files.exists()


def test_steps_of_an_action_are_taken_from_the_case_page(company):
    case = order(company, bring(company, S.REVIEW))
    action = case.actions.get()
    answer = someone(company, "handler").post(step_url(action, "accept"), sent(action, owner=""))
    assert answer["Location"] == case.get_absolute_url()
    assert fresh(action).owner == company.handler


def test_nothing_is_written_when_a_step_is_refused(company):
    case = order(company, bring(company, S.REVIEW))
    action = walk_action(company, case.actions.get(), "in_progress")
    before = (Transition.objects.count(), Outbox.objects.count(), Task.objects.count())
    answer = someone(company, "handler").post(
        step_url(action, "submit"), sent(action, result="Done")
    )
    assert answer.status_code == 400
    assert "Attach at least one file as evidence." in answer.content.decode()
    assert (Transition.objects.count(), Outbox.objects.count(), Task.objects.count()) == before
    assert CorrectiveAction.objects.get().state == ActionState.IN_PROGRESS


def test_posts_need_the_csrf_token(company):
    case = bring(company, S.TRIAGE)
    client = browser(company.lead)
    client.handler.enforce_csrf_checks = True
    answer = client.post(step_url(case, "reject"), sent(case, reason="x"))
    assert answer.status_code == 403
    assert fresh(case).state == S.TRIAGE
