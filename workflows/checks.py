"""Start-up checks: a flow that contradicts its state machine, or lacks our lock, keeps us down.

A step whose transition is not allowed in a state it can be reached in, or a gateway without a
branch for it, is an error of the code.
"""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from workflows.domain import registry
from workflows.domain.proof import walk


@register()
def flows_agree_with_states(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"{flow.__name__}.{node.name}: {complaint}", id="workflows.E001")
        for flow in registry.flows()
        for node, _state, complaint in walk(flow)
        if complaint
    ]


@register()
def flows_lock_the_root_row(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Viewflow's default is no lock, which hangs a case whose children finish together."""
    from workflows.flows.base import BaseFlow

    return [
        Error(f"{flow.__name__} does not use the engine's lock", id="workflows.E002")
        for flow in registry.flows()
        if not issubclass(flow, BaseFlow) or flow.lock_impl is not BaseFlow.lock_impl
    ]
