"""What runs beside a case, every state × step × person: actions, extensions, immediate responses,
opinions, the appeal, motions on flags."""

from datetime import timedelta

import pytest

from tests import factories, incidents
from tests.architecture.matrix import (
    ACTION,
    AGENTS,
    MANAGEMENT,
    PURCHASING,
    QUALITY,
    STEPS,
    WORKSHOP,
)
from tests.architecture.test_matrix import check_people
from tests.factories import do, step_of, take, task_of
from workflows.domain.context import now
from workflows.domain.transitions import intervene, perform
from workflows.errors import Forbidden
from workflows.models import Clock

pytestmark = pytest.mark.django_db


def proposed(c, case):
    intervene(case, "propose_action", by=c.engineer, kind="preventive", title="横向展开")
    return case.actions.order_by("-pk")[0]


def bring_action(c, state):
    """An action in the state; of an incident, for only there an effect is watched by itself."""
    if state == "watched":
        case = incidents.incident(c)
        case.cause = c.cause
        case = incidents.bring_incident(c, "action", case)
        action = incidents.carry_out(c, case.actions.get(kind="corrective"))
        return do(action, "watch", c.engineer2, cause=c.cause)
    case = factories.order(c, factories.bring(c, "review"))
    if state == "proposed":
        return proposed(c, case)
    action = case.actions.get()
    if state == "returned":
        return do(action, "return_to_orderer", c.handler, reason="非我部门")
    return factories.walk_action(c, action, state)


@pytest.mark.parametrize("state", ACTION)
def test_a_step_of_an_action_is_open_to_its_people_and_to_nobody_else(company, state):
    action = bring_action(company, state)
    assert action.state == state
    task = step_of_action(action)
    check_people(company, task, ACTION[state][0])


def step_of_action(action):
    from workflows.models import Task

    return Task.objects.get(finished=None, process__caseprocess__action=action)


def test_no_person_takes_the_step_that_the_system_takes(company):
    action = bring_action(company, "watched")
    task = step_of_action(action)
    assert task.flow_task.automatic
    assert task.owner is None
    for outcome in task.flow_task.outcomes:
        with pytest.raises(Forbidden):
            perform(task, outcome, by=company.engineer2)


def test_the_system_takes_no_step_of_a_person(company):
    case = incidents.incident(company)
    for task in [task_of(case), *map(step_of, case.responses.all())]:
        for outcome in task.flow_task.outcomes:
            with pytest.raises(Forbidden):
                perform(task, outcome, by=None)


def test_an_extension_is_decided_by_quality_alone(company):
    c = company
    action = bring_action(c, "accepted")
    later = now() + timedelta(days=40)
    intervene(action, "request_extension", by=c.handler, due=later, grounds="等待设备。")
    check_people(c, step_of(action.extensions.get()), STEPS["extension"]["requested"][0])


def test_more_time_for_a_clock_is_decided_by_quality_alone(company):
    c = company
    case = factories.bring(c, "statement")
    clock = Clock.objects.get(root_id=case.pk, name="reply")
    later = clock.due + timedelta(days=40)
    intervene(case, "extend_clock", by=c.handler, clock=clock, due=later, grounds="等待检测。")
    people = STEPS["clock_extension"]["requested"][0]
    check_people(c, step_of(case.clock_extensions.get()), people)


@pytest.mark.parametrize(
    ("kind", "people"), [("containment", QUALITY), ("on_site", AGENTS), ("acknowledgement", AGENTS)]
)
def test_a_response_is_open_to_its_pool_and_to_nobody_else(company, kind, people):
    case = incidents.incident(company)
    check_people(company, step_of(case.responses.get(kind=kind)), people)


def test_a_department_asked_for_a_response_answers_and_nobody_else(company):
    c = company
    case = incidents.incident(c)
    asked = {"kind": "containment", "department": c.workshop, "instruction": "封存"}
    intervene(case, "order_response", by=c.engineer, **asked)
    check_people(c, step_of(case.responses.order_by("-pk")[0]), WORKSHOP)


def test_an_opinion_is_filed_by_the_department_asked_and_by_nobody_else(company):
    c = company
    case = incidents.bring_incident(c, "joint_review")
    check_people(c, step_of(case.opinions.get(department=c.workshop)), WORKSHOP)
    check_people(c, step_of(case.opinions.get(department=c.purchasing)), PURCHASING)


def test_a_party_heard_files_its_statement_and_nobody_else(company):
    c = company
    case = factories.bring(c, "arbitration")
    later = now() + timedelta(days=2)
    intervene(case, "hear", by=c.engineer, department=c.purchasing, due=later)
    check_people(c, step_of(case.opinions.get()), PURCHASING)


@pytest.mark.parametrize(
    ("ruling", "deciding"), [("engineer", {"manager"}), ("manager", {"representative"})]
)
def test_an_appeal_is_decided_by_who_did_not_rule(company, ruling, deciding):
    c = company
    case = incidents.bring_incident(c, "arbitration")
    shares = [(c.workshop, 70), (c.purchasing, 30)]
    case = do(case, "rule", getattr(c, ruling), ruling="装配为主。", shares=shares)
    intervene(case, "appeal", by=c.buyer, grounds="来料合格。")
    check_people(c, step_of(case.appeals.get()), deciding)


@pytest.mark.parametrize("state", ["proposed", "seconded"])
def test_a_motion_on_a_flag_is_carried_by_quality_and_management_alone(company, state):
    c = company
    case = factories.bring(c, "review")
    intervene(case, "propose_flag", by=c.agent, flag="media_exposed", evidence="省台报道。")
    motion = case.flag_motions.get()
    if state == "seconded":
        take(step_of(motion), "confirm_first", c.engineer)
    check_people(c, step_of(motion), QUALITY | MANAGEMENT)
