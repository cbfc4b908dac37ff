"""Celery's clock, which leaves a sign of life in the database."""

from typing import Any

from celery.beat import Scheduler


class Beat(Scheduler):
    """The schedule stands in the code and is due every few seconds: nothing of it is kept in a
    file, so a killed clock leaves nothing behind, and two of them know nothing of each other."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        from django.db import close_old_connections

        from workflows.domain import scheduler

        close_old_connections()
        scheduler.note_round("beat")
        return super().tick(*args, **kwargs)
