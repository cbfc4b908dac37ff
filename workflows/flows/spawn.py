"""N child processes at once, and one step further when the last of them has ended."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from viewflow import this
from viewflow.workflow import STATUS
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Node
from viewflow.workflow.nodes.mixins import NextNodeMixin

from workflows.domain import processes, record
from workflows.domain.record import Deed
from workflows.flows.nodes import NodeActivation, Step, Titled, has_deed
from workflows.models import EngineModel, Process, Task


class SpawnActivation(NodeActivation):
    def arrive(self, deed: Deed) -> None:
        self.task.status, self.task.started = STATUS.STARTED, deed.at
        self.task.save()
        for child in self.flow_task._items(self.process):
            self.add(child, deed)

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
    """A call activity over many: `items` names the subjects, each gets a process of its own."""

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
    ) -> None:
        super().__init__()
        self.child_flow, self.child_start, self.fires = child_flow, child_start, fires
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
        if waiting.subprocesses.filter(finished=None).exists():
            return
        parent = type(child)._default_manager.get(pk=waiting.process_id)
        setattr(parent, parent.ROOT_FIELD, child.root)
        waiting.process = parent
        activation = self.activation_class(waiting)
        activation.deed = deed.then(self.fires)
        activation.complete()
        activation.activate_next()
