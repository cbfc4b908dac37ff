"""Celery as it is deployed, on queues of this test's own: the broker is everybody's."""

import os

from kombu import Queue

from config.celery import QUORUM, app

PREFIX = os.environ["CHAOS_QUEUE"]
GONE_AFTER_MS = 600_000

app.conf.task_queues = [
    Queue(PREFIX + queue.name, queue_arguments=QUORUM | {"x-expires": GONE_AFTER_MS})
    for queue in app.conf.task_queues
]
app.conf.task_default_queue = app.conf.task_queues[0].name
for entry in app.conf.beat_schedule.values():
    entry["options"]["queue"] = PREFIX + entry["options"]["queue"]
