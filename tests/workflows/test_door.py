"""The one door: what it guards, what it writes, what it tells."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.domain import people
from cases.enums import CaseState
from cases.models import Case
from tests import factories
from tests.factories import bring, do, log, task_of
from workflows.domain import context
from workflows.domain.assignment import claim, release, transfer
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict, Forbidden, NotFound, OutsideEngine, Stale
from workflows.models import Outbox, Process, Task, Transition

pytestmark = pytest.mark.django_db


def test_a_transition_outside_the_engine_raises(company):
    case = log(company)
    with pytest.raises(OutsideEngine):
        case.acknowledge()


def test_a_state_cannot_be_written_by_assignment_or_bulk_update(company):
    case = log(company)
    with pytest.raises(AttributeError):
        case.state = CaseState.CLOSED
    with pytest.raises(OutsideEngine):
        Case.objects.update(state=CaseState.CLOSED)
    with pytest.raises(OutsideEngine):
        Case.objects.bulk_update([case], ["state"])
    case.refresh_from_db()
    assert case.state == CaseState.ACKNOWLEDGEMENT


def test_the_record_is_append_only(company):
    row = Transition.objects.filter(subject_id=log(company).pk).first()
    for change in (row.save, row.delete, Transition.objects.all().delete):
        with pytest.raises(OutsideEngine):
            change()
    with pytest.raises(OutsideEngine):
        Transition.objects.update(reason="")


def test_a_failing_step_writes_nothing(company):
    case = bring(company, CaseState.STATEMENT)
    before = (case.version, Transition.objects.count(), Outbox.objects.count())
    with pytest.raises(ValidationError) as caught:
        do(case, "answer", company.handler, facts="", cause_text="", remedy="")
    assert set(caught.value.message_dict) == {"facts", "cause_text", "remedy"}
    case.refresh_from_db()
    assert (case.version, Transition.objects.count(), Outbox.objects.count()) == before
    assert task_of(case).owner is None


def test_the_second_to_complete_is_told_who_was_first(company):
    case = bring(company, CaseState.REVIEW)
    mine, theirs = task_of(case), task_of(case)
    perform(mine, "accept_remedy", by=company.engineer)
    with pytest.raises(Conflict, match="王芳"):
        perform(theirs, "accept_remedy", by=company.manager)


def test_a_stale_form_is_told_what_changed(company):
    case = bring(company, CaseState.TRIAGE)
    opened_at = case.version
    intervene(case, "edit", by=company.agent, title="轴承异响并发热")
    with pytest.raises(Stale) as caught:
        do(case, "accept", company.lead, version=opened_at, department=company.workshop)
    [change] = caught.value.details
    assert (change.before, change.after, change.by) == (
        "轴承异响",
        "轴承异响并发热",
        company.agent,
    )


def test_a_return_goes_to_who_did_the_step_before(company):
    case = bring(company, CaseState.REVIEW)
    do(case, "return_to_statement", company.engineer, reason="原因不清")
    assert task_of(case).owner == company.handler


def test_a_return_needs_its_reason(company):
    case = bring(company, CaseState.REVIEW)
    with pytest.raises(ValidationError):
        do(case, "return_to_statement", company.engineer, reason="  ")


def test_an_unknown_outcome_is_not_found(company):
    with pytest.raises(NotFound):
        do(log(company), "explode", company.agent)


def test_nobody_closes_a_case_they_handled(company):
    c = company
    people.grant(by=None, person=c.manager, department=c.workshop, role="handler")
    case = bring(c, CaseState.STATEMENT)
    case = do(case, "answer", c.manager, facts="实", cause_text="因", remedy="措")
    case = bring(c, CaseState.CLOSING, case)
    with pytest.raises(Conflict, match="yourself|本人"):
        do(case, "close", c.manager)
    assert do(case, "close", c.engineer).state == CaseState.CLOSED


def test_nobody_verifies_their_own_action(company):
    c = company
    people.grant(by=None, person=c.handler, department=c.quality, role="quality_engineer")
    case = bring(c, CaseState.ACTION)
    action = factories.walk_action(c, case.actions.get(), "submitted")
    with pytest.raises(Conflict):
        do(action, "verify", c.handler, verification="好")


def test_a_released_task_returns_to_the_pool(company):
    task = task_of(bring(company, CaseState.REVIEW))
    claim(task, by=company.engineer)
    with pytest.raises(Forbidden):
        release(Task.objects.get(pk=task.pk), by=company.engineer2)
    release(task, by=company.engineer)
    assert Task.objects.get(pk=task.pk).owner is None


def test_a_task_is_handed_to_a_person_who_may_take_it_and_to_nobody_else(company):
    task = task_of(bring(company, CaseState.STATEMENT))
    claim(task, by=company.handler)
    with pytest.raises(Conflict):
        transfer(task, to=company.buyer, by=company.handler)
    transfer(task, to=company.handler2, by=company.handler, reason="出差")
    assert Task.objects.get(pk=task.pk).owner == company.handler2
    row = Transition.objects.get(act="transfer")
    assert (row.reason, row.data) == ("出差", {"to": "吴磊"})


def test_a_substitute_acts_on_behalf_of_the_absent_owner(company):
    c = company
    case = bring(c, CaseState.STATEMENT)
    claim(task_of(case), by=c.handler)
    today = timezone.localdate()
    people.plan_leave(by=c.admin, person=c.handler, substitute=c.buyer, starts=today, ends=today)
    do(case, "answer", c.buyer, facts="实", cause_text="因", remedy="措")
    row = Transition.objects.get(subject_id=case.pk, act="answer")
    assert (row.by, row.on_behalf_of) == (c.buyer, c.handler)


def test_a_case_closed_longer_ago_than_the_policy_says_is_not_reopened(company):
    case = bring(company, CaseState.CLOSED)
    with context.at(context.now() + timedelta(days=89)):
        assert case.reopen_until > context.now()
    with context.at(context.now() + timedelta(days=91)), pytest.raises(Conflict):
        intervene(case, "reopen", by=company.lead, reason="复发")


def test_a_case_raised_at_triage_goes_on_in_the_incident_process(company):
    case = bring(company, CaseState.TRIAGE)
    case = do(case, "raise_major", company.lead, department=company.workshop)
    assert (case.state, case.severity) == (CaseState.INVESTIGATION, "major")
    ended, running = Process.objects.filter(caseprocess__case=case, caseprocess__response=None)
    assert (ended.flow_class.key, ended.finished is None) == ("complaint", False)
    assert (running.flow_class.key, running.finished) == ("incident", None)
    assert case.responses.count() == 2, "the customer was told already"


def test_once_ruled_responsibility_is_not_disputed_again(company):
    c = company
    case = bring(c, CaseState.ARBITRATION)
    case = do(case, "rule", c.engineer, department=c.workshop, ruling="维持")
    assert case.state == CaseState.STATEMENT
    with pytest.raises(Conflict):
        do(case, "dispute", c.handler, facts="实", grounds="不服")


@pytest.mark.parametrize("count", [1, 3])
def test_a_step_takes_as_few_statements_with_many_cases_as_with_one(
    company, count, django_assert_max_num_queries
):
    for _turn in range(count):
        case = bring(company, CaseState.REVIEW)
    task = task_of(case)
    company.engineer.authority  # noqa: B018 (the web has read it before)
    # Eight of its own, and the savepoint that a test's transaction adds.
    with django_assert_max_num_queries(10):
        perform(task, "accept_remedy", by=company.engineer)


def test_logging_takes_few_statements(company, django_assert_max_num_queries):
    company.agent.authority  # noqa: B018
    with django_assert_max_num_queries(16):
        log(company)


def test_a_substitute_sees_the_case_and_finds_the_step_in_the_inbox(company):
    from workflows.domain import worklist

    c = company
    case = bring(c, CaseState.STATEMENT)
    claim(task_of(case), by=c.handler)
    assert not Case.objects.visible_to(c.buyer).exists()
    today = timezone.localdate()
    people.plan_leave(by=c.admin, person=c.handler, substitute=c.buyer, starts=today, ends=today)
    substitute = type(c.buyer).objects.get(pk=c.buyer.pk)
    assert case in Case.objects.visible_to(substitute)
    rows, _next = worklist.page(substitute, "mine")
    assert [row["subject_number"] for row in rows] == [case.number]
    assert worklist.page(substitute, "pool")[0] == []
