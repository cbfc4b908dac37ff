"""N child processes at once: waited for (Spawn), let loose (Launch); or another flow goes on."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from viewflow import this
from viewflow.workflow import STATUS
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.nodes.mixins import NextNodeMixin

from workflows.domain import processes, record, registry
from workflows.domain.acts import Command, nothing
from workflows.domain.record import Deed
from workflows.flows.nodes import EndActivation, NodeActivation, Step, Titled, has_deed
from workflows.models import EngineModel, Process, Task


class SpawnActivation(NodeActivation):
    def arrive(self, deed: Deed) -> None:
        self.task.status, self.task.started = STATUS.STARTED, deed.at
        self.task.save()
        node = self.flow_task
        for child in node._items(self.process):
            self.add(child, deed)
        if node.adopts:
            child_flow = registry.flow(node.child_flow)
            processes.adopt(self.task, self.process.root, child_flow)
        if not self.task.subprocesses.filter(finished=None).exists():
            # Nobody to wait for: with a deed the engine completes it and moves on.
            self.deed = deed.then(node.fires)

    def add(self, child: EngineModel, deed: Deed) -> None:
        """Start one more child process on `child`."""
        node = self.flow_task
        processes.begin(
            node.child_flow, node.child_start, child, deed.then("start"), parent=self.task
        )

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE, conditions=[has_deed])
    def complete(self) -> None:
        self.finish(self.deed)
        self.task.save()
        subject = self.process.subject
        self.flow_task.command(subject, by=self.deed.by, at=self.deed.at)
        states = record.move(subject, self.flow_task.fires, self.deed)
        record.write(
            subject,
            self.deed,
            states,
            process=self.process,
            task=self.task,
            node=self.flow_task.name,
        )


class Spawn(Titled, NextNodeMixin, Node):
    """A call activity over many: `items` names the subjects, each gets a process of its own.

    Completing fires `fires`, after `command` has written what belongs to it. With `adopts` it
    waits for children too that an earlier flow of the case has left running.
    """

    activation_class = SpawnActivation
    task_type = "SUBPROCESS"
    shape = {**Step.shape, "svg": '<rect class="task" width="150" height="100" rx="5" ry="5"/>'}
    bpmn_element = "callActivity"

    def __init__(
        self,
        child_flow: str,
        child_start: str,
        items: Callable[[Process], Iterable[EngineModel]] | Any,
        *,
        fires: str,
        command: Command = nothing,
        adopts: bool = False,
    ) -> None:
        super().__init__()
        self.child_flow, self.child_start, self.fires = child_flow, child_start, fires
        self.command, self.adopts = command, adopts
        self._items = items

    def _resolve(self, cls: Any) -> None:
        super()._resolve(cls)
        self._items = this.resolve(cls, self._items)

    def bpmn_content(self) -> str:
        return "<bpmn:multiInstanceLoopCharacteristics/>"

    def bpmn_attrs(self) -> dict[str, str]:
        return {**super().bpmn_attrs(), "calledElement": f"id_process_{self.child_flow}"}

    def child_finished(self, child: Process, deed: Deed) -> None:
        """Called in the transaction that ends a child: the last one completes the step.

        All of one case queues on its row, so "am I the last" has one answer. The parent works
        on the child's copy of the root: two copies of one row would overwrite each other.
        """
        waiting = cast(Task, child.parent_task)
        if not waiting.subprocesses.filter(finished=None).exists():
            self.go_on(waiting, child.root, deed)

    def go_on(self, waiting: Task, root: EngineModel, deed: Deed) -> None:
        """Complete the step and move on."""
        process_class = self.flow_class.process_class
        parent = process_class._default_manager.get(pk=waiting.process_id)
        setattr(parent, parent.ROOT_FIELD, root)
        waiting.process = parent
        activation = self.activation_class(waiting)
        activation.deed = deed.then(self.fires)
        activation.complete()
        activation.activate_next()


class LaunchActivation(NodeActivation):
    """Starts its children and goes on at once: nobody waits for them here."""

    def arrive(self, deed: Deed) -> None:
        self.deed = deed
        self.finish(deed)
        self.task.status, self.task.started = STATUS.DONE, deed.at
        self.task.save()
        node = self.flow_task
        for child in node._items(self.process):
            processes.begin(node.child_flow, node.child_start, child, deed.then("start"))


class Launch(Spawn):
    """Sets child processes off beside the flow; what must not stay open is a rule's business."""

    activation_class = LaunchActivation
    task_type = "LAUNCH"

    def __init__(
        self,
        child_flow: str,
        child_start: str,
        items: Callable[[Process], Iterable[EngineModel]] | Any,
    ) -> None:
        super().__init__(child_flow, child_start, items, fires="")
        del self.fires


class HandoverActivation(EndActivation):
    """Ends this process; another flow goes on with the same subject."""

    def arrive(self, deed: Deed) -> None:
        super().arrive(deed)
        node, subject = self.flow_task, self.process.subject
        processes.begin(
            node.to_flow, node.to_start, subject, deed.then(node.to_start),
            round_no=self.process.round,
        )  # fmt: skip


class Handover(Titled, Node):
    """The end of one flow and the beginning of another: the start there fires its transition."""

    activation_class = HandoverActivation
    task_type = "HANDOVER"
    shape = Spawn.shape
    bpmn_element = "callActivity"
    is_last = False
    _next = None

    def __init__(self, to_flow: str, to_start: str) -> None:
        super().__init__()
        self.to_flow, self.to_start = to_flow, to_start

    def _outgoing(self) -> Iterator[Any]:
        return iter(())

    def bpmn_attrs(self) -> dict[str, str]:
        return {**super().bpmn_attrs(), "calledElement": f"id_process_{self.to_flow}"}
