"""The nodes of our flows. Each fires exactly one transition, or looks at nothing but the state.

They keep viewflow's graph, its activations and its picture; who may, locking, history and the
record are the engine's (workflows/domain). No node is driven by viewflow's own views.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Self, cast

from django.utils.text import format_lazy
from viewflow import this
from viewflow.workflow import STATUS, nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.nodes.mixins import NextNodeMixin
from viewflow.workflow.status import PROCESS
from viewflow.workflow.token import Token

from accounts.enums import Role
from workflows.domain import deadlines, processes, record, signatures
from workflows.domain.acts import Command, Outcome, nothing
from workflows.domain.record import Deed
from workflows.models import EngineModel, Process, Task


class Titled:
    """A node with a name people read; viewflow's own word for it is Annotation."""

    Annotation: Callable[..., Any]

    def Titled(self, title: Any) -> Self:  # noqa: N802 (viewflow's fluent style)
        return cast(Self, self.Annotation(title=title))


def has_deed(activation: "NodeActivation") -> bool:
    return activation.deed is not None


class NodeActivation(Activation):
    """Common to our nodes: the deed that sets the node off, and one INSERT to wait."""

    # Set by the door; a node cannot complete without it.
    deed: Deed = cast(Deed, None)

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> Self:
        deed = prev_activation.deed
        before = prev_activation.task if prev_activation.task.pk else None
        task = new_task(flow_task, prev_activation.process, deed, came_from=before)
        activation = cls(task)
        activation.arrive(deed)
        return activation

    def arrive(self, deed: Deed) -> None:
        """Persist the new task; what else happens on arrival is the node's business."""
        self.task.save()

    @Activation.status.super()
    def activate(self) -> None:
        """Nothing happens of itself."""

    def finish(self, deed: Deed, outcome: str = "") -> None:
        """Mark the task done by this deed."""
        self.task.finished, self.task.finished_by = deed.at, deed.by
        self.task.outcome, self.task.reason = outcome, deed.reason

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        following = self.flow_task._next
        if following is not None:
            yield following._create(self, self.task.token)


def new_task(node: Any, process: Process, deed: Deed, *, came_from: Task | None) -> Task:
    return Task(
        flow_task=node,
        process=process,
        token=Token("start"),
        created=deed.at,
        came_from=came_from,
        sender=deed.by,
        starter_id=process.starter_id,
        **process.card(),
    )


class StepActivation(NodeActivation):
    """A step of a person. Completing is possible only with a deed, through the door."""

    def arrive(self, deed: Deed) -> None:
        node, task, process = self.flow_task, self.task, self.process
        task.department_id = node._at(process)
        task.role = node._role_of(process) if node._role_of else node._role
        task.owner_id = self.known_owner(deed)
        task.status = STATUS.ASSIGNED if task.owner_id else STATUS.NEW
        task.assigned = deed.at if task.owner_id else None
        task.due = node._due(process) if node._due else None
        if task.due is None:
            deadlines.give_due(task, flow=self.flow_class.key, node=node.name, at=deed.at)
        if task.due is not None and not node.automatic:
            task.next_at = deed.at
        super().arrive(deed)

    def known_owner(self, deed: Deed) -> int | None:
        """Who gets the step without claiming: named by the flow, or who did it before."""
        if self.flow_task._to is not None:
            return self.flow_task._to(self.process)
        if deed.data.get("back"):
            before = Task.objects.filter(
                process=self.process, flow_task=self.flow_task, finished_by__is_active=True
            ).order_by("-pk")
            return before.values_list("finished_by", flat=True).first()
        return None

    def win(self, deed: Deed) -> bool:
        """Close the task for this deed unless somebody was faster: one conditional UPDATE."""
        task, self.deed = self.task, deed
        open_still = Task.objects.filter(pk=task.pk, finished=None, owner_id=task.owner_id)
        task.owner = deed.on_behalf_of or deed.by
        self.finish(deed, deed.act)
        return bool(
            open_still.update(
                status=STATUS.DONE,
                owner=task.owner,
                started=deed.at,
                finished=deed.at,
                finished_by=deed.by,
                outcome=task.outcome,
                reason=task.reason,
            )
        )

    @Activation.status.transition(
        source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE, conditions=[has_deed]
    )
    def complete(self) -> None:
        """Move the subject by the outcome's one transition and write it down."""
        outcome = self.flow_task.outcomes[self.deed.act]
        subject = self.process.subject
        states = record.move(subject, outcome.fires, self.deed)
        row = record.write(
            subject,
            self.deed,
            states,
            process=self.process,
            task=self.task,
            node=self.flow_task.name,
        )
        if outcome.signs:
            signatures.write(row, outcome.signs)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.CANCELED)
    def cancel(self) -> None:
        self.task.save()


class Step(Titled, NextNodeMixin, Node):
    """A user task: who it waits for, and its outcomes, each with its transition.

    `role` in the department that `at` names from the process (None: anywhere), or the role that
    `role_of` names from it; people of the roles in `also` may take it wherever they are. `to` may
    name the owner at once, `due` the due moment where the deadline policy is not to decide.
    """

    activation_class = StepActivation
    task_type = "HUMAN"
    shape = nodes.View.shape
    bpmn_element = "userTask"
    # A step that the system takes itself; no person may.
    automatic = False

    def __init__(
        self,
        role: Role,
        *,
        at: Callable[[Process], int | None] | Any,
        role_of: Callable[[Process], str] | Any = None,
        also: tuple[Role, ...] = (),
        to: Callable[[Process], int | None] | Any = None,
        due: Callable[[Process], datetime | None] | Any = None,
    ) -> None:
        super().__init__()
        self._role, self._at, self._to, self._due = str(role), at, to, due
        self._role_of, self._also = role_of, also
        self.outcomes: dict[str, Outcome] = {}

    def _resolve(self, cls: Any) -> None:
        super()._resolve(cls)
        self._at, self._to = this.resolve(cls, self._at), this.resolve(cls, self._to)
        self._due, self._role_of = this.resolve(cls, self._due), this.resolve(cls, self._role_of)

    def Outcome(  # noqa: N802
        self,
        name: str,
        title: Any,
        command: Command = nothing,
        *,
        fires: str = "",
        reason: bool = False,
        back: bool = False,
        hint: Any = "",
        signs: Any = "",
    ) -> Self:
        """Add a way to complete the step; `fires` is its transition (default: its name)."""
        self.outcomes = {
            **self.outcomes,
            name: Outcome(name, title, fires or name, command, reason or back, back, hint, signs),
        }
        return self

    def Back(self, name: str, title: Any, command: Command = nothing) -> Self:  # noqa: N802
        """A return to an earlier step, always with a reason; whoever did it gets it again."""
        return self.Outcome(name, title, command, back=True)


class StartActivation(NodeActivation):
    """Begins a process: subject, process and first step come into being in one transaction."""

    @classmethod
    def begin(
        cls, node: Any, subject: EngineModel, deed: Deed, *, parent: Task | None, round_no: int
    ) -> Self:
        states = record.move(subject, node.fires, deed)
        process = node.flow_class.process_class(
            flow_class=node.flow_class,
            parent_task=parent,
            starter=deed.by,
            round=round_no,
            created=deed.at,
            **subject.links(),
        )
        process.save()
        # Like a gateway a start leaves no row: the process row itself says that it happened.
        activation = cls(new_task(node, process, deed, came_from=None))
        activation.deed = deed
        activation.task.status = STATUS.DONE
        record.write(subject, deed, states, process=process, node=node.name)
        activation.activate_next()
        return activation


class Start(Titled, NextNodeMixin, Node):
    """Where a flow begins: by a command of the domain, firing one transition."""

    activation_class = StartActivation
    task_type = "START"
    shape = nodes.StartHandle.shape
    bpmn_element = "startEvent"

    def __init__(self, fires: str) -> None:
        super().__init__()
        self.fires = fires


class StateSwitch(Titled, NextNodeMixin, Node):
    """An exclusive gateway that may look at nothing but the state, so it cannot contradict it.

    It leaves no row of its own: arriving at it is arriving at the branch of the state.
    """

    task_type = "SWITCH"
    shape = nodes.Switch.shape
    bpmn_element = "exclusiveGateway"

    def __init__(self, question: Any) -> None:
        super().__init__()
        self.task_title = question
        self.branches: dict[str, Any] = {}

    def State(self, *states: str, then: Any) -> Self:  # noqa: N802
        self.branches = {**self.branches, **dict.fromkeys(map(str, states), then)}
        return self

    def _resolve(self, cls: Any) -> None:
        self.branches = {state: this.resolve(cls, node) for state, node in self.branches.items()}

    def _outgoing(self) -> Iterator[Edge]:
        by_target: dict[Any, list[str]] = {}
        for state, node in self.branches.items():
            by_target.setdefault(node, []).append(state)
        for node, states in by_target.items():
            labels = self.flow_class.state_labels()
            # Lazy: viewflow keeps the edges of a flow for the life of the process.
            words = [labels.get(state, state) for state in states]
            label = format_lazy(" / ".join(["{}"] * len(words)), *words)
            yield Edge(src=self, dst=node, edge_class="cond_true", label=label)

    def _create(self, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Any:
        branch = self.branches[str(prev_activation.process.subject.state)]
        return branch._create(prev_activation, token)


class EndActivation(NodeActivation):
    """Finishes the process; the last child to end completes the step that waits for it.

    With the process of the root ends what still runs beside it: nobody waits for that any more.
    """

    def arrive(self, deed: Deed) -> None:
        self.finish(deed)
        self.task.status = STATUS.DONE
        self.task.save()
        process = self.process
        process.status, process.finished = PROCESS.DONE, deed.at
        Process.objects.filter(pk=process.pk).update(status=PROCESS.DONE, finished=deed.at)
        if process.parent_task_id is not None:
            process.parent_task.flow_task.child_finished(process, deed)
        elif process.subject is process.root and self.flow_task.is_last:
            processes.end_all(process.root, deed)


class End(Titled, Node):
    activation_class = EndActivation
    task_type = "END"
    shape = nodes.End.shape
    bpmn_element = "endEvent"
    # Whether nothing follows: a handover ends its process too.
    is_last = True
    _next = None

    def _outgoing(self) -> Iterator[Edge]:
        return iter(())
