"""Beginning and ending processes."""

from typing import Any

from viewflow.workflow import STATUS
from viewflow.workflow.status import PROCESS

from workflows.domain import record, registry
from workflows.domain.record import Deed
from workflows.enums import Event
from workflows.models import EngineModel, Process, Task


def begin(
    flow_key: str,
    start: str,
    subject: EngineModel,
    deed: Deed,
    *,
    parent: Task | None = None,
    round_no: int = 1,
) -> Process:
    """Start a flow on a subject; the start node fires its transition and saves the subject."""
    node = registry.flow(flow_key).instance.node(start)
    activation = node.activation_class.begin(node, subject, deed, parent=parent, round_no=round_no)
    return activation.process


def open_processes(root: EngineModel) -> list[Any]:
    """The running processes of a root with their subjects, children after parents."""
    process_class = registry.flow(root.flow_key).process_class
    running = process_class._default_manager.filter(
        finished=None, **{process_class.ROOT_FIELD: root}
    )
    return list(running.select_related(*process_class.SUBJECT_FIELDS).order_by("pk"))


def end_all(root: EngineModel, deed: Deed) -> None:
    """Close every open process of the root: tasks cancelled, children's subjects cascaded.

    The root must be locked. A child's subject leaves by the transition its flow names as
    `on_cascade`, so that no state is left hanging.
    """
    running = open_processes(root)
    cancel(running, deed)
    for process in running:
        setattr(process, process.ROOT_FIELD, root)
        if process.subject is not root:
            cascade(process, deed)


def end_subject(subject: EngineModel, deed: Deed) -> None:
    """Close the open processes of one subject below the root, and of what hangs on it.

    The subject itself has moved to its end already. A step that waits for its children is told.
    """
    kind, root = subject.SUBJECT_KIND, subject.root
    running = [
        process
        for process in open_processes(root)
        if getattr(process, f"{kind}_id", None) == subject.pk
    ]
    cancel(running, deed)
    for process in running:
        setattr(process, process.ROOT_FIELD, root)
        if kind != process.subject.SUBJECT_KIND:
            cascade(process, deed)
        elif process.parent_task_id is not None:
            process.parent_task.flow_task.child_finished(process, deed)


def end_own(root: EngineModel, deed: Deed) -> None:
    """Close the root's own process because another flow goes on with it.

    What may outlive it loses its parent and keeps running; other children end with it.
    """
    running = open_processes(root)
    staying = [process for process in running if process.flow_class.outlives]
    ending = [process for process in running if not process.flow_class.outlives]
    Process.objects.filter(pk__in=[process.pk for process in staying]).update(parent_task=None)
    cancel(ending, deed)
    for process in ending:
        setattr(process, process.ROOT_FIELD, root)
        if process.subject is not root:
            cascade(process, deed)


def end_children(waiting: Task, root: EngineModel, deed: Deed) -> None:
    """End the open children of a step that waits for them: it is complete without them."""
    running = [process for process in open_processes(root) if process.parent_task_id == waiting.pk]
    cancel(running, deed)
    for process in running:
        setattr(process, process.ROOT_FIELD, root)
        cascade(process, deed)
    waiting.flow_task.go_on(waiting, root, deed)


def adopt(waiting: Task, root: EngineModel, flow_class: Any) -> None:
    """Let a step wait for children that lost their parent, as if it had begun them itself."""
    orphans = [
        process.pk
        for process in open_processes(root)
        if process.parent_task_id is None and process.flow_class is flow_class
    ]
    Process.objects.filter(pk__in=orphans).update(parent_task=waiting)


def cancel(running: list[Any], deed: Deed) -> None:
    """Mark processes and their open tasks as cancelled."""
    keys = [process.pk for process in running]
    Task.objects.filter(process__in=keys, finished=None).update(
        status=STATUS.CANCELED, finished=deed.at
    )
    Process.objects.filter(pk__in=keys).update(status=PROCESS.CANCELED, finished=deed.at)


def cascade(process: Process, deed: Deed) -> None:
    """Move a child's subject to its end because what it belongs to has ended."""
    follow = Deed(by=deed.by, act=Event.CASCADE, reason=deed.reason, at=deed.at)
    subject = process.subject
    states = record.move(subject, process.flow_class.on_cascade, follow)
    record.write(subject, follow, states, process=process)
