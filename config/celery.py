"""Celery drives the same work in production that `manage.py serve` drives by itself.

One periodic task is enough: workflows.tasks.tick wakes deadlines and delivers the outbox. What
is to be done stands in the database, so a lost, doubled or late message changes nothing but the
moment. Nothing is ever published from a request.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TICK_SECONDS = 2.0

app = Celery("redress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # JSON only: a message can never be code.
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_ignore_result=True,
    # A message is done when the work is done; a killed worker's message comes again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_default_queue="redress",
    task_soft_time_limit=60,
    task_time_limit=90,
    worker_soft_shutdown_timeout=30,
    broker_connection_retry_on_startup=True,
    # One table, in code: a second truth in the database would have to be looked after.
    beat_schedule={
        "tick": {
            "task": "workflows.tasks.tick",
            "schedule": TICK_SECONDS,
            # A tick that nobody took in time is worthless: the next one does its work.
            "options": {"expires": 5 * TICK_SECONDS},
        },
    },
)
app.autodiscover_tasks()
