"""Background work in lanes: the same functions for the threads of `manage.py serve` and for Celery.

What is to be done stands in the database and is claimed there, row by row; any number of
processes may work in one lane at once, and none has to. A lane never waits for another.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from workflows.domain import delivery, outbox
from workflows.domain.escalation import escalate_overdue
from workflows.lanes import LANES, Lane
from workflows.models import Lease, Round

Work = Callable[[], int]
logger = logging.getLogger(__name__)
# A round begins nothing new after so long; what is left over is the next round's.
ROUND_SECONDS = 5.0
# How often a process writes down that a lane is alive.
NOTE_SECONDS = 5.0

_works: dict[str, Work] = {
    "effects": partial(outbox.drain, 20, slow=False),
    "mail": partial(outbox.drain, 1, slow=True),
    "clocks": escalate_overdue,
    **{f"deliver:{name}": partial(delivery.deliver, name) for name in delivery.CHANNELS},
}
_chores: dict[str, tuple[timedelta, Work]] = {}
_noted: dict[str, float] = {}


def works(name: str, work: Work) -> None:
    """Give a lane its work: a function that does a little of what waits and returns how much."""
    _works[name] = work


def lanes() -> Iterator[Lane]:
    """The lanes that have work, in the order of the table."""
    return (lane for lane in LANES if lane.name in _works)


# ---------------------------------------------------------------------------- chores
def chore(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    """Register regular work of an app: a function that returns how much it did. It may run at
    any time and twice; what it opens or sends it keys, so that it counts once."""

    def register(work: Work) -> Work:
        _chores[name] = every, work
        return work

    return register


def do_chores() -> int:
    """Do what is due. A turn of each chore's own length says that it is not due yet."""
    done = 0
    for name, (every, work) in _chores.items():
        try:
            if take_turn(f"chore:{name}", every):
                done += work()
        except Exception:
            logger.exception("chore %s failed", name)
    return done


works("chores", do_chores)


def take_turn(name: str, every: timedelta) -> bool:
    """Whether this process does it now; for the time `every` nobody else will."""
    moment = timezone.now()
    if Lease.objects.filter(name=name[:40], until__gt=moment).exists():
        return False
    with transaction.atomic():
        fresh = Lease(name=name[:40], holder="", until=moment)
        Lease.objects.bulk_create([fresh], ignore_conflicts=True)
        free = Lease.objects.filter(name=name[:40], until__lte=moment)
        return bool(free.update(until=moment + every))


# ---------------------------------------------------------------------------- rounds
def tick() -> dict[str, int]:
    """One round in every lane, one after the other; how much was done in each."""
    return {lane.name: work_round(lane.name) for lane in lanes()}


def work_round(name: str, stop: threading.Event | None = None) -> int:
    """Work in a lane until nothing is left, the round's time is over, or `stop` is set.

    A failure ends the round and is written down; the next one tries again. Returns how much
    was done. A lane without work (of a clock that is newer than this worker) is passed over.
    """
    work, begun, done, error = _works.get(name), time.monotonic(), 0, ""
    if work is None:
        return 0
    try:
        while more := work():
            done += more
            if time.monotonic() - begun > ROUND_SECONDS or (stop and stop.is_set()):
                break
    except Exception as failure:
        logger.exception("a round in the lane %s failed", name)
        error = repr(failure)
    note_round(name, seconds=time.monotonic() - begun, error=error)
    return done


def note_round(name: str, *, seconds: float = 0, error: str = "") -> None:
    """Leave a sign of life for who looks after the system; never often, and never in the way."""
    if not error and time.monotonic() - _noted.get(name, -NOTE_SECONDS) < NOTE_SECONDS:
        return
    _noted[name] = time.monotonic()
    told = {"at": timezone.now(), "seconds": seconds, "error": error[:500]}
    try:
        if not Round.objects.filter(name=name).update(**told):
            Round.objects.bulk_create([Round(name=name, **told)], ignore_conflicts=True)
    except Exception:
        logger.exception("the lane %s could not be noted", name)


# ---------------------------------------------------------------------------- embedded
def run(stop: threading.Event, *, every: float) -> list[threading.Thread]:
    """Start a thread for each lane; they end soon after `stop` is set. Returns them."""
    threads = [
        threading.Thread(target=keep, args=(lane, stop, every), name=lane.name, daemon=True)
        for lane in lanes()
    ]
    for thread in threads:
        thread.start()
    return threads


def keep(lane: Lane, stop: threading.Event, every: float) -> None:
    """Round after round of one lane, on a connection of its own."""
    try:
        while not stop.is_set():
            work_round(lane.name, stop)
            close_old_connections()
            stop.wait(max(every, lane.every))
    finally:
        connection.close()
