"""How the engine says no. Each class stands for one answer (QUALITY.md 2 and 4).

The message is a translatable sentence for the person; `status` is the HTTP answer.
"""

from collections.abc import Sequence
from typing import Any


class EngineError(Exception):
    status = 500

    def __init__(self, message: Any, *, details: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = list(details)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(EngineError):
    """Unknown, foreign or invisible: one answer for the three, so that nothing leaks."""

    status = 404


class Forbidden(EngineError):
    """The person may see it, but the step belongs to somebody else's role."""

    status = 403


class Conflict(EngineError):
    """Not now: the state, a rule, or somebody who was faster stands against it."""

    status = 409


class Stale(Conflict):
    """The form was opened on an older version; `details` holds what changed since."""


class Busy(EngineError):
    """The row is locked for too long; trying again is right."""

    status = 503


class OutsideEngine(RuntimeError):
    """A state was about to change behind the engine's back: a defect, never a user's mistake."""
