"""Celery's clothes for the background work; the work itself is in the domain."""

from celery import shared_task

from workflows.domain import scheduler


@shared_task(name="workflows.tasks.tick", ignore_result=True)
def tick() -> None:
    """One round, by whichever worker gets it; the lease keeps two beats harmless."""
    if scheduler.lease():
        scheduler.tick()
