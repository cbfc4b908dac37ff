"""The base of every flow: our process and task rows, our lock, and the acts beside the steps."""

from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import transaction
from viewflow.workflow.base import Flow

from workflows.domain import registry
from workflows.domain.acts import Act
from workflows.flows.nodes import Start
from workflows.models import EngineModel, Task
from workflows.models.state import state_field


@contextmanager
def root_row_lock(flow_class: Any, process_pk: int) -> Any:
    """Viewflow's lock hook: the root row, so that a case and its children queue on one row."""
    with transaction.atomic():
        flow_class.process_class.locked(process_pk)
        yield


class BaseFlow(Flow):
    """A flow says who acts next, and nothing else; states and rows are the domain's."""

    task_class = Task
    lock_impl = staticmethod(root_row_lock)
    # The short word for this flow in policies, numbers of rules and links.
    key: ClassVar[str] = ""
    subject_model: ClassVar[type[EngineModel]]
    acts: ClassVar[tuple[Act, ...]] = ()
    # Whether a process of this flow goes on when its case moves over to another flow.
    outlives: ClassVar[bool] = False
    # The transition by which its subject leaves when what it belongs to ends before it.
    on_cascade: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.key:
            registry.register(cls.key, cls)

    @classmethod
    def act(cls, name: str) -> Act | None:
        return next((act for act in cls.acts if act.name == name), None)

    @classmethod
    def starts(cls) -> list[Start]:
        return [node for node in cls.instance.nodes() if isinstance(node, Start)]

    @classmethod
    def state_labels(cls) -> dict[str, Any]:
        return dict(state_field(cls.subject_model).choices or ())

    @property
    def flow_label(self) -> str:
        return self.key
