"""Whatever declares something is signed: refused without and with a wrong password, and then
nothing is written."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests import factories, incidents
from tests.architecture.matrix import FLOWS
from tests.architecture.test_matrix import bring
from tests.factories import step_of, take, task_of
from tests.surveys import reporting, reviewing
from workflows.domain.context import now
from workflows.domain.transitions import intervene, perform
from workflows.models import Signature, Transition

# Flow: what is signed, and by whom in the examples. Written by hand.
SIGNED = {
    "complaint": {"rule": "engineer", "countersign": "representative", "raise_severity": "lead"},
    "incident": {
        "rule": "engineer",
        "close": "engineer2",
        "countersign": "representative",
        "lower_severity": "manager",
    },
    "appeal": {"uphold": "manager", "revise": "manager"},
    "flag": {"confirm_first": "engineer", "confirm_second": "manager"},
    "report": {"approve": "representative", "release": "director"},
    "management_review": {"sign": "representative", "approve": "director"},
}
STATE = {
    "rule": "arbitration",
    "close": "closing",
    "countersign": "countersignature",
    "raise_severity": "review",
    "lower_severity": "measures",
    "sign": "signing",
    "approve": "approval",
}
GIVEN = {
    "rule": lambda c: {"ruling": "装配负责。", "department": c.workshop},
    "close": lambda c: {"lessons": "监控。", "similar": "无。", "documents": "更新。"},
    "uphold": lambda c: {"decision": "维持。"},
    "revise": lambda c: {"decision": "改判。", "department": c.purchasing},
}
CASES = [(flow, name) for flow, names in SIGNED.items() for name in names]


@pytest.mark.parametrize("flow", FLOWS)
def test_every_signature_stands_in_the_matrix(flow):
    nodes = FLOWS[flow].instance.nodes()
    outcomes = [one for node in nodes for one in getattr(node, "outcomes", {}).values()]
    signed = {one.name for one in [*outcomes, *FLOWS[flow].acts] if one.signs}
    assert signed == set(SIGNED.get(flow, {}))


def appealed(c):
    case = incidents.bring_incident(c, "measures")
    intervene(case, "appeal", by=c.buyer, grounds="来料合格。")
    return case.appeals.get()


def moved(c, name):
    case = factories.bring(c, "review")
    intervene(case, "propose_flag", by=c.agent, flag="media_exposed", evidence="省台报道。")
    motion = case.flag_motions.get()
    if name == "confirm_second":
        take(step_of(motion), "confirm_first", c.engineer)
    return motion


def reported(c, name):
    reporting.data(c)
    report = reporting.submitted(c, important=True)
    return report if name == "approve" else reporting.take(report, "approve", c.representative)


def door(c, flow, name):
    """The deed that is to be signed, wanting only its password."""
    by, given = getattr(c, SIGNED[flow][name]), GIVEN.get(name, lambda c: {})(c)
    if flow in {"appeal", "flag"}:
        subject = appealed(c) if flow == "appeal" else moved(c, name)
        return lambda **signed: perform(step_of(subject), name, by=by, **given, **signed)
    if flow == "report":
        report = reported(c, name)
        return lambda **signed: perform(task_of(report), name, by=by, **signed)
    if flow == "management_review":
        review = reviewing.bring(c, STATE[name])
        return lambda **signed: perform(task_of(review), name, by=by, **signed)
    case = bring(c, flow, STATE[name])
    if flow == "incident":
        incidents.respond(c, case)
    if name in {act.name for act in FLOWS[flow].acts}:
        return lambda **signed: intervene(case, name, by=by, reason="批量", **given, **signed)
    return lambda **signed: perform(task_of(case), name, by=by, **given, **signed)


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "name"), CASES)
def test_a_signature_wants_the_right_password_and_without_it_nothing_is_written(
    company, flow, name
):
    deed = door(company, flow, name)
    rows, signatures = Transition.objects.count(), Signature.objects.count()
    for signed in ({}, {"password": ""}, {"password": "wrong-horse-battery-9"}):
        with pytest.raises(ValidationError) as refused:
            deed(**signed)
        assert set(refused.value.message_dict) == {"password"}
    assert (Transition.objects.count(), Signature.objects.count()) == (rows, signatures)
    deed(password=factories.PASSWORD)
    assert Signature.objects.count() == signatures + 1
    signature = Signature.objects.order_by("-pk")[0]
    assert signature.by == getattr(company, SIGNED[flow][name])
    assert signature.meaning and signature.meaning_en
    assert now() - signature.at < timedelta(minutes=5)
