"""Every state × transition × role: what is allowed is written once here, all else is refused."""

import pytest

from accounts.enums import Role
from cases.enums import ACTION_ENDED, ENDED, ActionState, CaseState
from cases.models import Case, CorrectiveAction, ExtensionRequest
from tests import factories
from workflows.domain import registry
from workflows.domain.proof import edges_of, legal_pairs, walk
from workflows.domain.transitions import perform
from workflows.errors import Conflict, Forbidden, NotFound

S, A = CaseState, ActionState

# Who completes the step that a state waits with, and by which outcomes. Nobody else, nothing else.
SERVICE = {"agent", "agent2", "lead"}
LEADS = {"lead"}
WORKSHOP = {"handler", "handler2", "head"}
QUALITY = {"engineer", "engineer2", "manager"}
ALLOWED_CASE: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    S.ACKNOWLEDGEMENT: ({"agent", "lead"}, {"acknowledge": {S.TRIAGE}}),
    S.TRIAGE: (
        LEADS,
        {
            "accept": {S.STATEMENT},
            "raise_major": {S.STATEMENT},
            "merge": {S.MERGED},
            "convert": {S.CONVERTED},
            "reject": {S.REJECTED},
        },
    ),
    S.STATEMENT: (
        WORKSHOP,
        {
            "answer": {S.REVIEW, S.ARBITRATION},
            "dispute": {S.ARBITRATION},
            "return_to_triage": {S.TRIAGE},
        },
    ),
    S.ARBITRATION: (
        QUALITY,
        {"rule": {S.REVIEW, S.STATEMENT}, "return_to_statement": {S.STATEMENT}},
    ),
    S.REVIEW: (
        QUALITY,
        {
            "accept_remedy": {S.REPLY},
            "order_actions": {S.ACTION},
            "return_to_statement": {S.STATEMENT},
        },
    ),
    S.VERIFICATION: (QUALITY, {"verify": {S.REPLY}, "return_to_review": {S.REVIEW}}),
    S.REPLY: (SERVICE, {"reply": {S.FEEDBACK}, "return_to_review": {S.REVIEW}}),
    S.FEEDBACK: (
        SERVICE,
        {"satisfied": {S.CLOSING}, "unsatisfied": {S.REVIEW}, "no_answer": {S.CLOSING}},
    ),
    S.CLOSING: (QUALITY, {"close": {S.CLOSED}, "return_to_review": {S.REVIEW}}),
}
# Improvement proposals and integrity checks run a shorter road of the same states.
ALLOWED_FINDING: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    S.REVIEW: (QUALITY, {"order_actions": {S.ACTION}, "dismiss": {S.REJECTED}}),
    S.VERIFICATION: (QUALITY, {"verify_finding": {S.CLOSING}, "return_to_review": {S.REVIEW}}),
    S.CLOSING: (QUALITY, {"close": {S.CLOSED}, "return_to_review": {S.REVIEW}}),
}
ALLOWED_ACTION: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    A.PROPOSED: (QUALITY, {"assign": {A.ASSIGNED}, "cancel": {A.CANCELLED}}),
    A.ASSIGNED: (WORKSHOP, {"accept": {A.ACCEPTED}, "return_to_orderer": {A.RETURNED}}),
    A.RETURNED: (QUALITY, {"assign": {A.ASSIGNED}, "cancel": {A.CANCELLED}}),
    A.ACCEPTED: ({"handler", "handler2", "head"}, {"begin": {A.IN_PROGRESS}}),
    A.IN_PROGRESS: ({"handler", "handler2", "head"}, {"submit": {A.SUBMITTED}}),
    A.SUBMITTED: (QUALITY, {"verify": {A.VERIFIED}, "rework": {A.IN_PROGRESS}}),
    A.VERIFIED: (QUALITY, {"close": {A.CLOSED}}),
}
PEOPLE = [
    "agent", "lead", "handler", "head", "buyer", "buyer_head", "engineer", "manager",
    "marketer", "representative", "director", "auditor", "admin",
]  # fmt: skip
FLOWS = {flow.key: flow for flow in registry.flows()}


def outcome_edges(flow):
    """{(node, state): {outcome: targets}} of every step, as the code has it."""
    edges = edges_of(flow.subject_model)
    steps = {}
    for node_name, state in legal_pairs(flow):
        node = flow.instance.node(node_name)
        if hasattr(node, "outcomes"):
            steps[node_name, state] = {
                outcome.name: set(edges[outcome.fires][state]) for outcome in node.outcomes.values()
            }
    return steps


@pytest.mark.parametrize(
    ("flow", "allowed"),
    [
        ("complaint", ALLOWED_CASE),
        ("improvement", ALLOWED_FINDING),
        ("corrective_action", ALLOWED_ACTION),
    ],
)
def test_each_state_has_exactly_the_outcomes_that_are_written_here(flow, allowed):
    found = {state: targets for (_node, state), targets in outcome_edges(FLOWS[flow]).items()}
    assert found == {state: outcomes for state, (_people, outcomes) in allowed.items()}


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_flow_and_state_machine_agree_on_every_path(flow):
    complaints = [(node.name, state, why) for node, state, why in walk(flow) if why]
    assert complaints == []


@pytest.mark.parametrize(
    ("model", "ends"),
    [
        (Case, {str(state) for state in ENDED}),
        (CorrectiveAction, {str(state) for state in ACTION_ENDED}),
        (ExtensionRequest, {"granted", "refused", "lapsed"}),
    ],
)
def test_no_state_is_without_a_way_to_an_end(model, ends):
    moves: dict[str, set[str]] = {}
    for edge in edges_of(model).values():
        for source, targets in edge.items():
            moves.setdefault(source, set()).update(targets)
    reach = set(ends)
    while grown := {s for s, targets in moves.items() if targets & reach} - reach:
        reach |= grown
    states = {str(value) for value, _label in model._meta.get_field("state").choices}
    assert states - reach == set()


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(ALLOWED_CASE))
def test_a_step_is_open_to_its_roles_and_to_nobody_else(company, state):
    allowed, _outcomes = ALLOWED_CASE[state]
    case = factories.bring(company, state)
    task = factories.task_of(case)
    for name in PEOPLE:
        person = getattr(company, name)
        outcome = next(iter(task.flow_task.outcomes))
        if name in allowed and task.owner_id not in {None, person.pk}:
            expected: type[Exception] = Conflict
        elif name in allowed:
            continue
        else:
            expected = Forbidden
        with pytest.raises(expected):
            perform(factories.task_of(case), outcome, by=person)
    assert Case.objects.get(pk=case.pk).state == state


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(ALLOWED_CASE))
def test_an_outcome_of_another_state_is_refused(company, state):
    case = factories.bring(company, state)
    _people, outcomes = ALLOWED_CASE[state]
    every = {name for _who, some in ALLOWED_CASE.values() for name in some}
    owner = {"handler": company.handler}.get("") or company.manager
    for outcome in every - set(outcomes):
        with pytest.raises(NotFound):
            perform(factories.task_of(case), outcome, by=owner)


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(ALLOWED_FINDING))
def test_a_step_of_a_finding_is_open_to_quality_and_to_nobody_else(company, state):
    case = factories.bring_finding(company, state)
    outcome = next(iter(factories.task_of(case).flow_task.outcomes))
    for name in set(PEOPLE) - ALLOWED_FINDING[state][0]:
        with pytest.raises(Forbidden):
            perform(factories.task_of(case), outcome, by=getattr(company, name))
    assert Case.objects.get(pk=case.pk).state == state


def test_every_role_stands_in_the_matrix():
    known = {
        Role.SERVICE_AGENT, Role.SERVICE_LEAD, Role.HANDLER, Role.HEAD, Role.QUALITY_ENGINEER,
        Role.QUALITY_MANAGER, Role.MARKETING, Role.MANAGEMENT_REPRESENTATIVE,
        Role.GENERAL_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR,
    }  # fmt: skip
    assert set(Role) == known
