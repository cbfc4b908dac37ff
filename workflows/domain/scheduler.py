"""Background work as one function: the same for the embedded thread and for Celery."""

import logging
import os
import socket
import threading
from datetime import timedelta

from django.db import close_old_connections, transaction
from django.db.models import Q
from django.utils import timezone

from workflows.domain import outbox
from workflows.domain.escalation import escalate_overdue
from workflows.models import Lease

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=15)


def lease(name: str = "scheduler") -> bool:
    """Whether this process may do the background work for the next seconds."""
    me, moment = f"{socket.gethostname()}:{os.getpid()}", timezone.now()
    with transaction.atomic():
        free = Lease.objects.filter(name=name).filter(Q(holder=me) | Q(until__lt=moment))
        if free.update(holder=me, until=moment + LEASE):
            return True
        fresh = Lease(name=name, holder=me, until=moment + LEASE)
        Lease.objects.bulk_create([fresh], ignore_conflicts=True)
        return Lease.objects.filter(name=name, holder=me).exists()


def tick() -> dict[str, int]:
    """One round: escalate what is overdue, carry out what waits. Returns how much was done."""
    return {"escalated": escalate_overdue(), "sent": outbox.drain()}


def run(stop: threading.Event, *, every: float) -> None:
    """Tick until `stop` is set; a failing round is logged and the next one tries again."""
    while not stop.is_set():
        try:
            if lease():
                tick()
        except Exception:
            logger.exception("background round failed")
        finally:
            close_old_connections()
        stop.wait(every)
