"""Celery drives the same work in production that `manage.py serve` drives by itself.

The clock (beat) sends one message per lane and round, and a worker works the lane. What is to be
done stands in the database, so a lost, doubled or late message changes nothing but the moment.
Nothing is ever published from a request.
"""

import os
from typing import Any

from celery import Celery
from kombu import Queue

from workflows.lanes import INNER, LANES, OUTER, Lane

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Kept on a majority of RabbitMQ's nodes, and a message that kills its workers is dropped at last.
QUORUM = {"x-queue-type": "quorum", "x-delivery-limit": 5}


def message_of(lane: Lane) -> dict[str, Any]:
    """The beat's entry of a lane. A round that nobody began in time is worthless, the next one
    does its work: workers drop it, and RabbitMQ does not even keep it."""
    late = max(10.0, 5 * lane.every)
    return {
        "task": "workflows.tasks.work_round",
        "args": [lane.name],
        "schedule": lane.every,
        "options": {
            "queue": lane.queue,
            "expires": late,
            "expiration": late,
            "confirm_timeout": 5,
        },
    }


def transport_options(url: str) -> dict[str, Any]:
    """What each broker needs to notice that the other side is gone."""
    if url.startswith(("redis", "rediss")):
        return {
            # Longer than a round may last; a killed worker's round comes again after it.
            "visibility_timeout": 120,
            "socket_connect_timeout": 5,
            "socket_timeout": 30,
            "socket_keepalive": True,
        }
    return {"confirm_publish": True}


app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # JSON only: a message can never be code.
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_ignore_result=True,
    result_expires=None,
    # Done when it is taken: the next round comes in a second and finds what a killed worker left
    # in the database. Acknowledging after the work ends the worker when the broker was away.
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    task_queues=[Queue(name, queue_arguments=QUORUM) for name in (INNER, OUTER)],
    task_default_queue=INNER,
    task_soft_time_limit=60,
    task_time_limit=90,
    worker_soft_shutdown_timeout=30,
    # A round goes on while the broker is away: its work is in the database, not in the message.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_heartbeat=10,
    # Once more, because the first try after the broker was away finds a dead connection; no more,
    # because the next message is a second away.
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    # One table, in code, kept in memory: a second truth would have to be looked after.
    beat_scheduler="config.beat:Beat",
    beat_max_loop_interval=1,
    beat_schedule={lane.name: message_of(lane) for lane in LANES},
)
app.conf.broker_transport_options = transport_options(app.conf.broker_url)
app.autodiscover_tasks()
