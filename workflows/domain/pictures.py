"""The process picture: a flow as BPMN 2.0, and what has happened on it for one process.

Layout is viewflow's; the file is our own, so that names are translated and escaped and the
colours stay out of it: other tools get a clean diagram, ours paints it by `steps_of`.
"""

from datetime import timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree

from django.db.models import OuterRef, Subquery
from django.utils import timezone, translation
from viewflow.workflow import chart

from workflows.domain.context import now
from workflows.models import Process, Task, Transition

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
for prefix, uri in (("bpmn", BPMN), ("bpmndi", BPMNDI), ("dc", DC), ("di", DI)):
    ElementTree.register_namespace(prefix, uri)


def bpmn(flow_class: Any) -> str:
    """The flow's diagram as a BPMN 2.0 file, with names in the reader's language."""
    return drawn(flow_class, translation.get_language() or "en")


@cache
def drawn(flow_class: Any, language: str) -> str:
    """Drawn once per flow and language: a flow does not change while the process runs."""
    grid = chart.calc_layout_data(flow_class, edge_start_gap_size=0, edge_end_gap_size=0)
    root = ElementTree.Element(f"{{{BPMN}}}definitions", {"targetNamespace": "urn:redress"})
    identity = f"id_process_{flow_class.key}"
    process = ElementTree.SubElement(
        root,
        f"{{{BPMN}}}process",
        {"id": identity, "name": str(flow_class.process_title), "isExecutable": "false"},
    )
    diagram = ElementTree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", {"id": "id_diagram"})
    plane = ElementTree.SubElement(
        diagram, f"{{{BPMNDI}}}BPMNPlane", {"id": "id_plane", "bpmnElement": identity}
    )
    for cell in grid.cells:
        draw_node(process, plane, cell, grid.edges)
    for edge in grid.edges:
        draw_edge(process, plane, edge)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def draw_node(process: Any, plane: Any, cell: Any, edges: Any) -> None:
    node, shape = cell.node, cell.shape
    attributes = {"id": node_id(node), "name": str(node.task_title)}
    attributes |= {key: str(value) for key, value in node.bpmn_attrs().items()}
    element = ElementTree.SubElement(process, f"{{{BPMN}}}{node.bpmn_element}", attributes)
    for edge in edges:
        if edge.dst is node:
            ElementTree.SubElement(element, f"{{{BPMN}}}incoming").text = edge_id(edge)
    for edge in edges:
        if edge.src is node:
            ElementTree.SubElement(element, f"{{{BPMN}}}outgoing").text = edge_id(edge)
    if hasattr(node, "child_flow"):
        ElementTree.SubElement(element, f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    box = ElementTree.SubElement(
        plane,
        f"{{{BPMNDI}}}BPMNShape",
        {"id": f"id_shape_{node.name}", "bpmnElement": node_id(node)},
    )
    bounds = {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
    ElementTree.SubElement(box, f"{{{DC}}}Bounds", {key: str(v) for key, v in bounds.items()})


def draw_edge(process: Any, plane: Any, edge: Any) -> None:
    attributes = {
        "id": edge_id(edge),
        "sourceRef": node_id(edge.src),
        "targetRef": node_id(edge.dst),
    }
    if edge.label:
        attributes["name"] = str(edge.label)
    ElementTree.SubElement(process, f"{{{BPMN}}}sequenceFlow", attributes)
    line = ElementTree.SubElement(
        plane,
        f"{{{BPMNDI}}}BPMNEdge",
        {"id": f"id_shape_{edge_id(edge)}", "bpmnElement": edge_id(edge)},
    )
    for x, y in edge.segments:
        ElementTree.SubElement(line, f"{{{DI}}}waypoint", {"x": str(x), "y": str(y)})


def node_id(node: Any) -> str:
    return f"id_node_{node.name}"


def edge_id(edge: Any) -> str:
    return f"id_edge_{edge.src.name}__{edge.dst.name}"


def steps_of(process: Process) -> dict[str, dict[str, Any]]:
    """What the picture shows of each node of a process: one statement.

    {node name: {state: done|current|overdue|future, title, who, since, until, took, due}};
    moments as local text, `took` as a number of seconds. A gateway leaves no row: it is passed
    when one of the steps behind it has been reached.
    """
    started = Transition.objects.filter(process=OuterRef("process")).order_by("pk")
    tasks = (
        Task.objects.filter(process=process)
        .select_related("owner", "finished_by", "department")
        .annotate(started_by=Subquery(started.values("node")[:1]))
    )
    latest = {task.flow_task.name: task for task in tasks.order_by("pk") if task.flow_task}
    moment = now()
    steps = {name: of_task(task, moment) for name, task in latest.items()}
    start = next((task.started_by for task in latest.values()), "")
    for node in process.flow_class.instance.nodes():
        if node.name not in steps:
            # The first row of a process was written by the start that it began at.
            through = node.name == start or passed(node, steps)
            state = "done" if through else "future"
            steps[node.name] = {"state": state, "title": str(node.task_title)}
    return steps


def passed(node: Any, steps: dict[str, dict[str, Any]]) -> bool:
    """Whether a gateway was passed: the step before it is done, one behind it was reached."""
    before = {edge.src.name for edge in node._incoming()}
    behind = {edge.dst.name for edge in node._outgoing()}
    done = {name for name in before if steps.get(name, {}).get("state") == "done"}
    reached = {name for name in behind if steps.get(name, {}).get("state", "future") != "future"}
    return bool(done and reached)


def of_task(task: Task, moment: Any) -> dict[str, Any]:
    state = "done"
    if task.finished is None:
        state = "overdue" if task.due and task.due < moment else "current"
    elif task.status == "CANCELED":
        state = "future"
    who = task.finished_by or task.owner or task.department
    took = (task.finished or moment) - task.created
    return {
        "state": state,
        "title": str(task.flow_task.task_title),
        "who": str(who) if who else "",
        "since": local(task.created),
        "until": local(task.finished),
        "due": local(task.due),
        "took": span(took),
    }


def local(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def span(length: timedelta) -> str:
    """A length of time as people read it: 2 d 3 h, 3 h 20 min."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return translation.gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    return translation.gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
