"""The process picture: a file other tools can open, and colours that tell the truth."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import translation

from cases.enums import CaseState
from cases.models import CaseProcess
from tests.cases.pages import browser
from tests.factories import bring, do
from tests.incidents import bring_incident
from workflows.domain import context, pictures, registry

NS = {"b": pictures.BPMN, "d": pictures.BPMNDI, "c": pictures.DC}
FLOWS = registry.flows()


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.key)
def test_the_file_is_whole_bpmn(flow):
    root = ElementTree.fromstring(pictures.bpmn(flow).split("?>", 1)[1])
    process = root.find("b:process", NS)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    nodes = {node.get("id") for node in process if not node.tag.endswith("sequenceFlow")}
    assert len(nodes) == len(list(flow.instance.nodes()))
    for edge in process.findall("b:sequenceFlow", NS):
        assert {edge.get("sourceRef"), edge.get("targetRef")} <= nodes
    shapes = {shape.get("bpmnElement") for shape in root.iter(f"{{{pictures.BPMNDI}}}BPMNShape")}
    assert shapes == nodes


def test_names_are_in_the_readers_language():
    flow = registry.flow("complaint")
    with translation.override("zh-hans"):
        chinese = pictures.bpmn(flow)
    with translation.override("en"):
        english = pictures.bpmn(flow)
    assert "仲裁" in chinese
    assert "Arbitrate" in english
    assert "仲裁" not in english


@pytest.mark.django_db
def test_steps_are_done_current_overdue_and_to_come(company, django_assert_num_queries):
    case = bring(company, CaseState.REVIEW)
    process = CaseProcess.objects.get(case=case)
    with django_assert_num_queries(1):
        steps = pictures.steps_of(process)
    states = {name: step["state"] for name, step in steps.items()}
    assert states["start"] == states["acknowledge"] == states["statement"] == "done"
    assert states["triaged"] == states["stated"] == "done"
    assert states["review"] == "current"
    assert states["closing"] == states["ended"] == states["restart"] == "future"
    assert steps["statement"]["who"] == "陈刚"
    with context.at(context.now() + timedelta(days=30)):
        assert pictures.steps_of(process)["review"]["state"] == "overdue"


def element(flow_key, node):
    root = ElementTree.fromstring(pictures.bpmn(registry.flow(flow_key)).split("?>", 1)[1])
    return root.find(f".//*[@id='id_node_{node}']")


def test_what_is_launched_watched_and_handed_over_has_its_own_shape():
    several = f"{{{pictures.BPMN}}}multiInstanceLoopCharacteristics"
    launched = element("incident", "respond")
    assert launched.tag.endswith("callActivity")
    assert launched.get("calledElement") == "id_process_response"
    assert launched.find(several) is not None
    handed = element("complaint", "incident")
    assert handed.get("calledElement") == "id_process_incident"
    assert handed.find(several) is None
    assert handed.find(f"{{{pictures.BPMN}}}outgoing") is None
    assert element("corrective_action", "window").tag.endswith("receiveTask")


@pytest.mark.django_db
def test_launching_is_done_at_once_and_a_review_waits_for_its_opinions(company):
    case = bring_incident(company, CaseState.JOINT_REVIEW)
    process = CaseProcess.objects.filter(case=case, response=None, opinion=None).get()
    states = {name: step["state"] for name, step in pictures.steps_of(process).items()}
    assert states["start"] == states["respond"] == states["investigate"] == "done"
    assert states["investigated"] == states["convened"] == "done"
    assert states["opinions"] == "current"
    assert states["raised"] == states["arbitration"] == states["closed"] == "future"


@pytest.mark.django_db
def test_a_complaint_that_was_handed_over_leads_to_the_picture_of_the_incident(company):
    case = bring(company, CaseState.TRIAGE)
    case = do(case, "raise_major", company.lead, department=company.workshop)
    complaint, incident = CaseProcess.objects.filter(case=case, response=None).order_by("pk")
    before = {name: step["state"] for name, step in pictures.steps_of(complaint).items()}
    after = {name: step["state"] for name, step in pictures.steps_of(incident).items()}
    assert before["triage"] == before["incident"] == "done"
    assert before["statement"] == "future"
    assert after["raised"] == after["respond"] == "done"
    assert (after["start"], after["investigate"]) == ("future", "current")
    client = browser(company.engineer)
    answer = client.get(f"/cases/{case.number}/process.bpmn")
    assert 'id="id_process_incident"' in answer.content.decode()
