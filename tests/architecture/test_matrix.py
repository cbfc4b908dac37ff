"""Every state × step × person: what is allowed is written in matrix.py, all else is refused."""

import pytest

from accounts.enums import Role
from cases.models import Case
from tests import factories, incidents
from tests.architecture.matrix import (
    COMPLAINT,
    FINDING,
    FLOWS,
    INCIDENT,
    PEOPLE,
    STEPS,
    outcome_edges,
)
from workflows.domain import offers
from workflows.domain.proof import walk
from workflows.domain.transitions import perform
from workflows.errors import Conflict, Forbidden, NotFound


@pytest.mark.parametrize("flow", STEPS)
def test_each_state_has_exactly_the_outcomes_that_are_written_here(flow):
    found = {state: targets for (_node, state), targets in outcome_edges(FLOWS[flow]).items()}
    assert found == {state: outcomes for state, (_people, outcomes) in STEPS[flow].items()}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_flow_and_state_machine_agree_on_every_path(flow):
    complaints = [(node.name, state, why) for node, state, why in walk(flow) if why]
    assert complaints == []


def bring(company, flow, state):
    """A case of the flow that waits in the state."""
    if flow == "incident":
        return incidents.bring_incident(company, state)
    if flow == "improvement":
        return factories.bring_finding(company, state)
    if flow == "feedback":
        return factories.log(company, kind="inquiry")
    if state == "countersignature":
        case = factories.flag(company, factories.bring(company, "closing"))
        return factories.do(case, "close", company.manager)
    return factories.bring(company, state)


def check_people(company, task, allowed):
    """The step is offered to its people and to nobody else, and the door says the same."""
    subject = task.flow_task.flow_class.process_class.locked(task.process_id).subject
    for name in PEOPLE:
        person = getattr(company, name)
        offered = offers.of_step(task, subject, person).choices
        assert bool(offered) == (name in allowed), name
        if name in allowed and task.owner_id in {None, person.pk}:
            continue
        for outcome in task.flow_task.outcomes:
            with pytest.raises(Conflict if name in allowed else Forbidden):
                perform(task, outcome, by=person)


CASES = [
    (flow, state)
    for flow, steps in [("complaint", COMPLAINT), ("incident", INCIDENT), ("improvement", FINDING)]
    for state in steps
]


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "state"), [*CASES, ("feedback", "answering")])
def test_a_step_is_open_to_its_people_and_to_nobody_else(company, flow, state):
    case = bring(company, flow, state)
    assert case.flow_key == flow
    check_people(company, factories.task_of(case), STEPS[flow][state][0])
    assert Case.objects.get(pk=case.pk).state == state


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "state"), CASES)
def test_an_outcome_of_another_state_is_refused(company, flow, state):
    case = bring(company, flow, state)
    version = case.version
    every = {
        name for steps in STEPS.values() for _who, outcomes in steps.values() for name in outcomes
    }
    for outcome in every - set(STEPS[flow][state][1]):
        with pytest.raises(NotFound):
            perform(factories.task_of(case), outcome, by=company.manager)
    assert Case.objects.get(pk=case.pk).version == version


def test_every_role_stands_in_the_matrix():
    known = {
        Role.SERVICE_AGENT, Role.SERVICE_LEAD, Role.HANDLER, Role.HEAD, Role.QUALITY_ENGINEER,
        Role.QUALITY_MANAGER, Role.MARKETING, Role.MANAGEMENT_REPRESENTATIVE,
        Role.GENERAL_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR,
    }  # fmt: skip
    assert set(Role) == known
