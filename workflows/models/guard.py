"""A transition may run only inside the engine's door; anywhere else it raises."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django_fsm.signals import pre_transition

from workflows.errors import OutsideEngine

_inside: ContextVar[bool] = ContextVar("inside_engine", default=False)


@contextmanager
def engine() -> Iterator[None]:
    """Open the gate for the transitions fired in this block."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def refuse_outside(sender: type, instance: Any, name: str, **kwargs: Any) -> None:
    from workflows.models.state import EngineModel

    if issubclass(sender, EngineModel) and not _inside.get():
        raise OutsideEngine(f"{sender.__name__}.{name} may only run inside the engine")


def connect() -> None:
    pre_transition.connect(refuse_outside, dispatch_uid="workflows.guard")
