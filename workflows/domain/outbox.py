"""Effects after a commit: a row in the business transaction, carried out by a relay.

The relay claims a row, commits, carries the effect out, and marks it: at least once, and
handlers make it count once by the row's key. A failing row waits 2, 4, 8 … seconds and is
dead after eight tries; it never delays another.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from workflows.domain.context import now
from workflows.models import Outbox

Handler = Callable[[Outbox], None]
_handlers: dict[str, list[Handler]] = {}
MOST_ATTEMPTS = 8
CLAIM = timedelta(seconds=60)
logger = logging.getLogger(__name__)


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register a function for a topic; several may listen to one."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, []).append(handler)
        return handler

    return register


def emit(topic: str, key: str, **payload: Any) -> None:
    """Put an effect into the business transaction: one statement, once per key."""
    if not connection.in_atomic_block:
        raise RuntimeError("an effect must join the business transaction")
    moment = now()
    row = Outbox(topic=topic, key=key, payload=payload, created=moment, due=moment)
    Outbox.objects.bulk_create([row], ignore_conflicts=True)


def claim(moment: Any) -> Outbox | None:
    """Take the oldest waiting row for a minute, in a transaction of its own."""
    with transaction.atomic():
        waiting = Outbox.objects.filter(sent=None, dead=None, due__lte=moment).filter(
            Q(claimed_until=None) | Q(claimed_until__lt=moment)
        )
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        row = waiting.order_by("due", "id").first()
        if row is not None:
            row.claimed_until = moment + CLAIM
            row.attempts += 1
            row.save(update_fields=["claimed_until", "attempts"])
        return row


def carry_out(row: Outbox) -> bool:
    """Run the handlers of one claimed row and mark it; True when it is done."""
    try:
        for handler in _handlers.get(row.topic, []):
            handler(row)
    except Exception as error:  # noqa: BLE001 (whatever a handler raises must not stop the relay)
        logger.warning("outbox %s failed: %r", row.key, error)
        moment = timezone.now()
        row.error = repr(error)[:2000]
        row.due = moment + timedelta(seconds=2**row.attempts)
        row.dead = moment if row.attempts >= MOST_ATTEMPTS else None
        row.claimed_until = None
        row.save(update_fields=["error", "due", "dead", "claimed_until"])
        return False
    row.sent = timezone.now()
    row.error = ""
    row.save(update_fields=["sent", "error"])
    return True


def drain(limit: int = 100) -> int:
    """Carry out up to `limit` waiting effects; returns how many were done."""
    done = 0
    for _turn in range(limit):
        row = claim(timezone.now())
        if row is None:
            break
        done += carry_out(row)
    return done
