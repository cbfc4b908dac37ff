"""Acts beside the steps: every state × act × person; the allowed set is written once, here."""

import pytest

from cases.enums import ActionState as A, CaseState as S
from cases.models import Case
from tests import factories
from tests.architecture.matrix import (
    AGENTS,
    FLOWS,
    LEADS,
    PEOPLE,
    PURCHASING,
    QUALITY,
    STEPS,
    WORKSHOP,
)
from tests.architecture.test_matrix import bring
from tests.architecture.test_matrix_beside import bring_action
from workflows.domain import offers
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden

WRITERS = set(PEOPLE) - {"auditor", "admin"}
COMPLAINT_STATES = {
    S.ACKNOWLEDGEMENT, S.TRIAGE, S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION, S.VERIFICATION,
    S.REPLY, S.FEEDBACK, S.CLOSING, S.COUNTERSIGNATURE,
}  # fmt: skip
INCIDENT_STATES = {
    S.INVESTIGATION, S.CONVENING, S.JOINT_REVIEW, S.ARBITRATION, S.MEASURES, S.COMPLETENESS,
    S.APPROVAL, S.ACTION, S.VERIFICATION, S.REPLY, S.FEEDBACK, S.CLOSING, S.COUNTERSIGNATURE,
}  # fmt: skip
ENDED = [S.CLOSED, S.REJECTED, S.MERGED, S.CONVERTED, S.WITHDRAWN]
DISCUSSED = {S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION, S.VERIFICATION}
SOLVABLE = {
    S.ACKNOWLEDGEMENT, S.TRIAGE, S.STATEMENT, S.REVIEW, S.INVESTIGATION, S.CONVENING,
    S.JOINT_REVIEW, S.ARBITRATION, S.MEASURES, S.COMPLETENESS, S.APPROVAL, S.ACTION,
    S.VERIFICATION, S.REPLY,
}  # fmt: skip
AFTER_RULING = {
    S.MEASURES, S.COMPLETENESS, S.APPROVAL, S.ACTION, S.VERIFICATION, S.REPLY, S.FEEDBACK,
    S.CLOSING,
}  # fmt: skip

# act: [(who, in which states)]. In the examples the workshop answers for the case.
Acts = dict[str, list[tuple[set[str], set[str]]]]


def clocks(opened: set[str]) -> list[tuple[set[str], set[str]]]:
    """Who works on a case asks for time; a department from its statement or its measures on."""
    without = {S.ACKNOWLEDGEMENT, S.TRIAGE, S.INVESTIGATION, S.CONVENING, S.JOINT_REVIEW}
    if S.MEASURES in opened:
        # Who answers for an incident is ruled first.
        without |= {S.ARBITRATION}
    return [(AGENTS | QUALITY, opened), (WORKSHOP, opened - without)]


def common(opened: set[str]) -> Acts:
    """What complaints and incidents share."""
    return {
        "edit": [(AGENTS | QUALITY, opened)],
        "withdraw": [(AGENTS | QUALITY, opened)],
        "add_action": [(QUALITY, {S.ACTION})],
        # Before a department answers for the case, the service centre asks for time.
        "pause_clocks": clocks(opened - {S.FEEDBACK}),
        "resume_clocks": clocks(opened),
        "extend_clock": clocks(opened),
        "serve": [(QUALITY, opened)],
        "hear": [(QUALITY, {S.ARBITRATION})],
        "propose_flag": [(WRITERS, opened | {S.CLOSED})],
        "propose_revocation": [(WRITERS, opened | {S.CLOSED})],
        "link": [(AGENTS | QUALITY, opened | {S.CLOSED})],
        "unlink": [(AGENTS | QUALITY, opened | {S.CLOSED})],
        "solve_together": [(LEADS | QUALITY, opened & SOLVABLE)],
        "split": [(AGENTS | QUALITY, opened & {S.TRIAGE, S.INVESTIGATION, S.CONVENING})],
        "reopen": [(LEADS | QUALITY, {S.CLOSED})],
    }


COMPLAINT: Acts = common(COMPLAINT_STATES) | {
    "propose_action": [(WORKSHOP | QUALITY, DISCUSSED)],
    # No ruling on the plain road, so nobody has anything to appeal against.
    "appeal": [(set(), set())],
    "raise_severity": [(LEADS | QUALITY, COMPLAINT_STATES - {S.TRIAGE, S.COUNTERSIGNATURE})],
}
INCIDENT: Acts = common(INCIDENT_STATES) | {
    "propose_action": [
        (QUALITY, INCIDENT_STATES - {S.REPLY, S.FEEDBACK, S.CLOSING, S.COUNTERSIGNATURE}),
        (WORKSHOP, {S.MEASURES, S.COMPLETENESS, S.APPROVAL, S.ACTION, S.VERIFICATION}),
    ],
    "appeal": [(WORKSHOP | PURCHASING, AFTER_RULING)],
    "order_response": [(AGENTS | QUALITY, INCIDENT_STATES)],
    "invite": [(QUALITY, {S.JOINT_REVIEW})],
    "conclude": [(QUALITY, {S.JOINT_REVIEW})],
    "record_minutes": [(QUALITY, {S.JOINT_REVIEW, S.ARBITRATION})],
    "lower_severity": [
        (
            {"manager"},
            {
                S.INVESTIGATION, S.CONVENING, S.JOINT_REVIEW, S.ARBITRATION, S.MEASURES,
                S.COMPLETENESS, S.APPROVAL, S.ACTION,
            },
        )
    ],
}  # fmt: skip
FINDING: Acts = {
    "edit": [(QUALITY, {S.REVIEW, S.ACTION, S.VERIFICATION, S.CLOSING})],
    "withdraw": [(QUALITY, {S.REVIEW, S.ACTION, S.VERIFICATION, S.CLOSING})],
    "add_action": [(QUALITY, {S.ACTION})],
}
FEEDBACK: Acts = {
    "edit": [(AGENTS | QUALITY, {S.ANSWERING})],
    "withdraw": [(AGENTS | QUALITY, {S.ANSWERING})],
}
UNDER_WAY = {A.ACCEPTED, A.IN_PROGRESS}
ACTION: Acts = {
    "request_extension": [(WORKSHOP, UNDER_WAY)],
    "pause_clocks": [(WORKSHOP | QUALITY, UNDER_WAY | {A.ASSIGNED, A.SUBMITTED})],
    "resume_clocks": [(WORKSHOP | QUALITY, UNDER_WAY | {A.ASSIGNED, A.SUBMITTED})],
    "list_places": [(WORKSHOP | QUALITY, UNDER_WAY)],
    "check_place": [(WORKSHOP | QUALITY, UNDER_WAY)],
    "cancel": [
        (
            QUALITY,
            {
                A.PROPOSED, A.ASSIGNED, A.RETURNED, A.ACCEPTED, A.IN_PROGRESS, A.SUBMITTED,
                A.WATCHED, A.VERIFIED,
            },
        )
    ],
}  # fmt: skip
ACTS: dict[str, Acts] = {
    "complaint": COMPLAINT,
    "incident": INCIDENT,
    "improvement": FINDING,
    "feedback": FEEDBACK,
    "corrective_action": ACTION,
}
STATES = [
    *[("complaint", state) for state in [*sorted(COMPLAINT_STATES), *ENDED]],
    *[("incident", state) for state in [*sorted(INCIDENT_STATES), S.CLOSED]],
    *[("improvement", s) for s in [S.REVIEW, S.ACTION, S.VERIFICATION, S.CLOSING, S.REJECTED]],
    ("feedback", S.ANSWERING),
]


@pytest.mark.parametrize("flow", STEPS)
def test_every_act_of_a_flow_stands_in_the_matrix(flow):
    assert {act.name for act in FLOWS[flow].acts} == set(ACTS.get(flow, {}))


def allowed(flow, name, state):
    """The acts that somebody may do in a state, as written above."""
    return {
        act
        for act, cells in ACTS[flow].items()
        if any(name in who and state in states for who, states in cells)
    }


def check_acts(company, flow, subject):
    """Each act is offered to its people in its states; the door refuses it to everybody else."""
    state, version = str(subject.state), subject.version
    for name in PEOPLE:
        person, may = getattr(company, name), allowed(flow, name, state)
        assert {choice.name for choice in offers.of_acts(subject, person)} == may, name
        for act, cells in ACTS[flow].items():
            if act in may:
                continue
            # Where nobody may, the state may say no before the role does.
            here = any(state in states for _who, states in cells)
            with pytest.raises(Forbidden if here else (Conflict, Forbidden)):
                intervene(subject, act, by=person, reason="试", password=factories.PASSWORD)
    subject.refresh_from_db()
    assert (str(subject.state), subject.version) == (state, version)


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "state"), STATES)
def test_an_act_is_for_its_people_in_its_states_and_for_nobody_else(company, flow, state):
    check_acts(company, flow, Case.objects.get(pk=bring(company, flow, state).pk))


@pytest.mark.django_db
@pytest.mark.parametrize("state", [*sorted(ACTION["cancel"][0][1]), A.CLOSED])
def test_an_act_on_an_action_is_for_its_people_in_its_states_and_for_nobody_else(company, state):
    action = bring_action(company, state)
    check_acts(company, "corrective_action", type(action).objects.get(pk=action.pk))


@pytest.mark.django_db
def test_only_who_bears_a_ruling_appeals_against_it(company):
    c = company
    case = factories.dispute(c, factories.bring(c, S.STATEMENT))
    case = factories.do(case, "rule", c.engineer, ruling="采购负责。", department=c.purchasing)
    case = Case.objects.get(pk=case.pk)
    appealing = {
        name
        for name in PEOPLE
        if "appeal" in {one.name for one in offers.of_acts(case, getattr(c, name))}
    }
    assert appealing == PURCHASING
