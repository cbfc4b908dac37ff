"""A step that the system takes itself: it watches until a moment, or until something happens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.enums import Role
from workflows.flows.nodes import Step
from workflows.models import Process


def nowhere(process: Process) -> None:
    """It waits in no department's pool."""


class Watch(Step):
    """Waits until `due` of its process, or for what an app finds; its outcomes are taken by
    `perform(..., by=None)` alone. It is in nobody's inbox and is never escalated."""

    task_type = "WATCH"
    bpmn_element = "receiveTask"
    automatic = True

    def __init__(self, *, due: Callable[[Process], datetime | None] | Any) -> None:
        super().__init__(Role.QUALITY_ENGINEER, at=nowhere, due=due, role_of=lambda process: "")
