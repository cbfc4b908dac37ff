"""Celery's clothes for the background work; the work itself is in the domain."""

from celery import shared_task

from workflows.domain import scheduler


@shared_task(name="workflows.tasks.work_round", ignore_result=True)
def work_round(lane: str) -> None:
    """One round in a lane, by whichever worker gets it; two at once do no harm."""
    scheduler.work_round(lane)
