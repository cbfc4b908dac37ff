"""Acts beside the steps: every state × act × person; the allowed set is written once, here."""

import pytest

from cases.enums import CaseState
from cases.models import Case
from tests import factories
from workflows.domain import offers, registry
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden

S = CaseState
SERVICE = {"agent", "agent2", "lead"}
LEAD = {"lead"}
QUALITY = {"engineer", "engineer2", "manager"}
WORKSHOP = {"handler", "handler2", "head"}
OPEN = {
    S.ACKNOWLEDGEMENT, S.TRIAGE, S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION,
    S.VERIFICATION, S.REPLY, S.FEEDBACK, S.CLOSING, S.ANSWERING,
}  # fmt: skip
DISCUSSED = {S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION, S.VERIFICATION}
# act: (who, in which states)
ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "edit": (SERVICE | QUALITY, OPEN),
    "withdraw": (SERVICE | QUALITY, OPEN),
    "propose_action": (WORKSHOP | QUALITY, DISCUSSED),
    "add_action": (QUALITY, {S.ACTION}),
    "confirm_flag": (QUALITY, OPEN | {S.CLOSED}),
    "revoke_flag": (QUALITY, OPEN | {S.CLOSED}),
    "reopen": (LEAD | QUALITY, {S.CLOSED}),
}
ALLOWED_FINDING: dict[str, tuple[set[str], set[str]]] = {
    "edit": (QUALITY, OPEN),
    "withdraw": (QUALITY, OPEN),
    "add_action": (QUALITY, {S.ACTION}),
}
PEOPLE = [
    "agent", "agent2", "lead", "handler", "handler2", "head", "buyer", "buyer_head", "engineer",
    "engineer2", "manager", "marketer", "representative", "director", "auditor", "admin",
]  # fmt: skip
STATES = [
    S.ACKNOWLEDGEMENT, S.TRIAGE, S.STATEMENT, S.ARBITRATION, S.REVIEW, S.ACTION, S.VERIFICATION,
    S.REPLY, S.FEEDBACK, S.CLOSING, S.CLOSED, S.REJECTED, S.MERGED, S.CONVERTED, S.WITHDRAWN,
]  # fmt: skip

pytestmark = pytest.mark.django_db


def test_every_act_of_the_complaint_stands_in_the_matrix():
    assert {act.name for act in registry.flow("complaint").acts} == set(ALLOWED)


@pytest.mark.parametrize("state", STATES)
def test_an_act_is_offered_to_its_people_in_its_states_and_to_nobody_else(company, state):
    case = factories.bring(company, state)
    for name in PEOPLE:
        person = getattr(company, name)
        offered = {choice.name for choice in offers.of_acts(case, person)}
        expected = {
            act for act, (who, states) in ALLOWED.items() if name in who and state in states
        }
        assert offered == expected, name


def test_every_act_of_a_finding_stands_in_the_matrix():
    assert {act.name for act in registry.flow("improvement").acts} == set(ALLOWED_FINDING)


@pytest.mark.parametrize("state", [S.REVIEW, S.ACTION, S.VERIFICATION, S.CLOSING, S.REJECTED])
def test_an_act_of_a_finding_is_offered_to_quality_and_to_nobody_else(company, state):
    case = factories.bring_finding(company, state)
    for name in PEOPLE:
        offered = {choice.name for choice in offers.of_acts(case, getattr(company, name))}
        expected = {
            act for act, (who, states) in ALLOWED_FINDING.items() if name in who and state in states
        }
        assert offered == expected, name


@pytest.mark.parametrize("state", STATES)
def test_an_act_that_is_not_offered_is_refused_by_the_door(company, state):
    case = factories.bring(company, state)
    version = case.version
    for name in PEOPLE:
        for act, (who, states) in ALLOWED.items():
            if name in who and state in states:
                continue
            # A department that was never named has no people, so its rule may say no first.
            with pytest.raises((Conflict, Forbidden) if name in who else Forbidden):
                intervene(case, act, by=getattr(company, name), reason="试")
    assert Case.objects.get(pk=case.pk).version == version
