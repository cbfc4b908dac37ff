"""The major incident through the domain commands: from the alert to two signatures."""

from datetime import timedelta

import pytest

from cases.domain import effectiveness
from cases.enums import CaseState
from cases.models import Case
from tests.factories import PASSWORD, bring, do, flag, log, step_of, take, task_of, walk_action
from tests.incidents import (
    ORDER,
    bring_incident,
    carry_out,
    file_opinions,
    incident,
    prove,
    respond,
)
from workflows.domain import invariants, outbox
from workflows.domain.context import at, now
from workflows.domain.transitions import intervene
from workflows.errors import Conflict
from workflows.models import Notification, Signature, Task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ORDER)
def test_an_incident_walks_to_each_of_its_states_and_the_record_is_whole(company, state):
    case = bring_incident(company, state)
    assert case.state == state
    outbox.drain(1000)
    assert list(invariants.violations()) == []


def test_logging_an_incident_opens_all_that_is_done_at_once_and_alerts(company):
    case = incident(company)
    assert case.state == CaseState.INVESTIGATION
    waiting = Task.objects.filter(root_number=case.number, finished=None)
    kinds = sorted(case.responses.values_list("kind", flat=True))
    assert kinds == ["acknowledgement", "containment", "on_site"]
    assert waiting.filter(subject_kind="response").count() == 3
    assert task_of(case).flow_task.name == "investigate"
    outbox.drain(100)
    told = Notification.objects.filter(kind="incident").values_list("user__username", flat=True)
    assert set(told) == {"engineer", "engineer2", "manager", "representative", "director"}


def test_the_whole_journey(company):
    """Ruling 70/30 → appeal refused the second time → rework → recurrence on day 60 reopens →
    clean window → two signatures → closed."""
    begun = now() - timedelta(days=200)
    with at(begun):
        case = ruled_and_appealed(company)
        case = bring_incident(company, CaseState.ACTION, case)
        last, *others = case.actions.order_by("-pk")
        for action in others:
            prove(company, action)
        action = reworked_once(company, last)
        assert action.state == "watched"
    with at(begun + timedelta(days=60)):
        again = recurrence(company)
        action.refresh_from_db()
        assert (action.state, action.recurrence_count) == ("accepted", 1)
        assert action.recurrences.get().case == again
        action = do(carry_out(company, action), "watch", company.engineer2)
    with at(action.watch_until):
        assert effectiveness.pass_windows() == 1
        action.refresh_from_db()
        assert task_of(action).owner == company.engineer2
        assert action.effect["cases"] == 0
        walk_action(company, action)
        case = flag(company, Case.objects.get(pk=case.pk))
        case = bring_incident(company, CaseState.CLOSED, case)
    acts = Signature.objects.filter(root_id=case.pk).values_list("transition__act", flat=True)
    assert list(acts)[-2:] == ["close", "countersign"]


def ruled_and_appealed(c):
    case = incident(c)
    respond(c, case)
    case = bring_incident(c, CaseState.ARBITRATION, case)
    shares = [(c.workshop, 70), (c.purchasing, 30)]
    case = do(case, "rule", c.engineer, ruling="装配为主。", shares=shares)
    assert [share.percent for share in case.arbitrations.get().shares.all()] == [70, 30]
    intervene(case, "appeal", by=c.buyer, grounds="来料合格。")
    take(step_of(case.appeals.get()), "uphold", c.manager, decision="维持。")
    with pytest.raises(Conflict):
        intervene(case, "appeal", by=c.handler, grounds="再诉。")
    return Case.objects.get(pk=case.pk)


def reworked_once(c, action):
    action = do(carry_out(c, action), "rework", c.engineer, reason="缺少验证记录")
    return do(carry_out(c, action), "watch", c.engineer2)


def recurrence(c):
    """Another complaint about the same product, whose cause turns out to be the same."""
    again = bring(c, CaseState.REVIEW, log(c, title="轴承又抱死"))
    again = do(again, "accept_remedy", c.engineer, cause=c.cause)
    outbox.drain(100)
    return again


def test_a_complaint_raised_to_major_keeps_what_it_has_and_can_be_lowered_again(company):
    c = company
    case = bring(c, CaseState.ACTION)
    action = case.actions.get()
    case = intervene(case, "raise_severity", by=c.engineer, reason="批量", password=PASSWORD)
    assert (case.state, case.severity) == (CaseState.INVESTIGATION, "major")
    assert task_of(action).flow_task.name == "accept"
    case = intervene(case, "lower_severity", by=c.manager, reason="单件", password=PASSWORD)
    assert (case.state, case.severity) == (CaseState.TRIAGE, "general")
    assert case.actions.get().state == "assigned"
    outbox.drain(100)
    assert list(invariants.violations()) == []


def test_a_review_is_concluded_with_its_quorum_and_missing_opinions_stay_visible(company):
    c = company
    case = bring_incident(c, CaseState.JOINT_REVIEW)
    with pytest.raises(Conflict):
        intervene(case, "conclude", by=c.engineer, reason="急")
    file_opinions(c, case, c.workshop)
    with at(case.joint_reviews.get().due + timedelta(minutes=1)):
        case = intervene(case, "conclude", by=c.manager, reason="逾期未提交")
    states = sorted(case.opinions.values_list("state", flat=True))
    assert states == ["filed", "missing"]
    assert case.joint_reviews.get().quorum_met is False
    assert Case.objects.get(pk=case.pk).state == CaseState.ARBITRATION


def test_the_plan_knows_which_action_each_of_its_measures_became(company):
    case = bring_incident(company, CaseState.ACTION)
    plan = case.measure_plans.get()
    became = [(row.title, row.action.title) for row in plan.measures.order_by("pk")]
    assert len(became) == case.actions.count() == 3
    assert all(measure == action for measure, action in became)
