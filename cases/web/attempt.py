"""Running a command for a form; see workflows/web/attempt.py."""

from workflows.web.attempt import DONE, attempt

__all__ = ["DONE", "attempt"]
