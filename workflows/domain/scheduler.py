"""Background work as one function: the same for the embedded thread and for Celery."""

import logging
import os
import socket
import threading
from collections.abc import Callable
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


_chores: dict[str, tuple[timedelta, Callable[[], int]]] = {}


def chore(name: str, *, every: timedelta) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register regular work of an app: a function that returns how much it did. It may run at
    any time and twice; what it opens or sends it keys, so that it counts once."""

    def register(work: Callable[[], int]) -> Callable[[], int]:
        _chores[name] = every, work
        return work

    return register


def do_chores() -> int:
    """Do what is due. A lease of each chore's own length says that it is not due yet."""
    done = 0
    for name, (every, work) in _chores.items():
        try:
            if take_turn(f"chore:{name}", every):
                done += work()
        except Exception:
            logger.exception("chore %s failed", name)
    return done


def take_turn(name: str, every: timedelta) -> bool:
    """Whether this process does it now; for the time `every` nobody else will."""
    moment = timezone.now()
    with transaction.atomic():
        fresh = Lease(name=name[:40], holder="", until=moment)
        Lease.objects.bulk_create([fresh], ignore_conflicts=True)
        free = Lease.objects.filter(name=name[:40], until__lte=moment)
        return bool(free.update(until=moment + every))


def tick() -> dict[str, int]:
    """One round: escalate what is overdue, do the apps' chores, carry out what waits. Returns
    how much was done."""
    return {"escalated": escalate_overdue(), "chores": do_chores(), "sent": outbox.drain()}


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
