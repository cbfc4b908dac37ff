"""The whole journey through the domain commands."""

import pytest

from cases.enums import CaseState
from cases.models import Case
from tests import factories
from tests.factories import bring, do, log, task_of, walk_action
from workflows.domain.transitions import intervene
from workflows.models import Process, Task, Transition

pytestmark = pytest.mark.django_db


def test_a_complaint_runs_from_the_call_to_closure(company):
    case = bring(company, CaseState.CLOSED)
    assert case.state == CaseState.CLOSED
    assert case.closed_at is not None
    assert not Task.objects.filter(root_number=case.number, finished=None).exists()
    assert not Process.objects.filter(finished=None).exists()
    rows = Transition.objects.filter(subject_kind="case", subject_id=case.pk)
    states = [(row.from_state, row.to_state) for row in rows]
    assert all(before[1] == after[0] for before, after in zip(states, states[1:], strict=False))
    assert [row.version for row in rows] == list(range(1, case.version + 1))
    assert case.history.count() == case.version


def test_a_disputed_complaint_with_two_actions_one_reworked_is_closed(company):
    c = company
    case = bring(c, CaseState.ARBITRATION)
    case = do(case, "rule", c.manager, department=c.purchasing, ruling="来料硬度不足，采购部负责。")
    assert case.state == CaseState.STATEMENT
    case = do(case, "answer", c.buyer, facts="属实", cause_text="供方热处理", remedy="退货")
    case = factories.order(c, case, count=2)
    first, second = case.actions.order_by("pk")
    walk_action(c, first)
    assert Case.objects.get(pk=case.pk).state == CaseState.ACTION
    second = walk_action(c, second, "submitted")
    second = do(second, "rework", c.engineer, reason="缺少培训记录")
    assert second.rework_count == 1
    assert task_of(second).owner == c.handler
    walk_action(c, second)
    case = Case.objects.get(pk=case.pk)
    assert case.state == CaseState.VERIFICATION
    case = do(case, "verify", c.engineer)
    case = do(case, "reply", c.agent, text="已处理", channel=c.channel)
    case = do(case, "unsatisfied", c.agent, answer_text="仍有异响")
    assert case.state == CaseState.REVIEW
    case = bring(c, CaseState.CLOSED, case)
    assert case.state == CaseState.CLOSED


def test_a_closed_case_is_reopened_and_keeps_its_number(company):
    case = bring(company, CaseState.CLOSED)
    again = intervene(case, "reopen", by=company.lead, reason="再次异响")
    assert (again.number, again.state) == (case.number, CaseState.TRIAGE)
    assert task_of(again).flow_task.name == "triage"


def test_withdrawing_ends_everything_of_the_case(company):
    case = bring(company, CaseState.ACTION)
    intervene(case, "withdraw", by=company.agent, reason="客户撤回")
    assert not Task.objects.filter(root_number=case.number, finished=None).exists()
    assert [action.state for action in case.actions.all()] == ["cancelled"]
    assert not Process.objects.filter(finished=None).exists()


def test_cancelling_the_last_action_lets_the_case_go_on(company):
    case = bring(company, CaseState.ACTION)
    intervene(case.actions.get(), "cancel", by=company.engineer, reason="已由供方解决")
    assert Case.objects.get(pk=case.pk).state == CaseState.VERIFICATION


def test_an_extension_moves_the_due_moment_and_keeps_the_original(company):
    from datetime import timedelta

    case = bring(company, CaseState.ACTION)
    action = walk_action(company, case.actions.get(), "in_progress")
    later = action.due + timedelta(days=7)
    intervene(action, "request_extension", by=company.handler, due=later, grounds="等待工装")
    extension = action.extensions.get()
    do(extension, "grant", company.engineer)
    action.refresh_from_db()
    assert action.due == later
    assert action.original_due < later
    assert task_of(action).due == later


def test_numbers_have_no_gaps(company):
    numbers = [log(company).number for _turn in range(3)]
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]
