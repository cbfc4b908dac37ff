"""The process picture: a file other tools can open, and colours that tell the truth."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import translation

from cases.enums import CaseState
from cases.models import CaseProcess
from tests.factories import bring
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
