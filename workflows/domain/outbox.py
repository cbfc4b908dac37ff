"""Effects after a commit: a row in the business transaction, carried out by a relay.

The relay claims a row, commits, carries the effect out, and marks it: at least once, and
handlers make it count once by the row's key. A failing row waits 2, 4, 8 … seconds and is
dead after eight tries; it never delays another. A claim whose relay was killed runs out.

No order is promised: two relays may carry out two rows of one subject at the same time, and one
that failed comes after later ones. A handler therefore reads what is true now, not what was.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from workflows.domain.context import now
from workflows.models import Outbox

Handler = Callable[[Outbox], None]
_handlers: dict[str, list[Handler]] = {}
# Topics whose handlers wait for somebody else's server; they have a lane of their own.
_slow: set[str] = set()
MOST_ATTEMPTS = 8
logger = logging.getLogger(__name__)


def handles(topic: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Register a function for a topic; several may listen to one. `slow`: it asks another server,
    so everything on the topic runs where it holds up no effect inside the database."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(topic, []).append(handler)
        if slow:
            _slow.add(topic)
        return handler

    return register


def emit(topic: str, key: str, **payload: Any) -> None:
    """Put an effect into the business transaction: one statement, once per key."""
    moment = now()
    emit_all([Outbox(topic=topic, key=key, payload=payload, created=moment, due=moment)])


def emit_all(rows: list[Outbox]) -> None:
    """Put many effects into the business transaction: one statement, each once per key."""
    if not connection.in_atomic_block:
        raise RuntimeError("an effect must join the business transaction")
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)


def waiting(moment: datetime, *, slow: bool | None = None) -> QuerySet[Outbox]:
    """What is due and in nobody's hands; of the slow topics, of the others, or (None) of all."""
    rows = Outbox.objects.filter(sent=None, dead=None, due__lte=moment).filter(
        Q(claimed_until=None) | Q(claimed_until__lt=moment)
    )
    if slow is None:
        return rows
    return rows.filter(topic__in=_slow) if slow else rows.exclude(topic__in=_slow)


def claim(moment: datetime, *, slow: bool | None = None) -> Outbox | None:
    """Take the oldest waiting row, in a transaction of its own."""
    with transaction.atomic():
        rows = waiting(moment, slow=slow)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        row = rows.order_by("due", "id").first()
        if row is None:
            return None
        row.claimed_until = moment + timedelta(seconds=settings.CLAIM_SECONDS)
        row.attempts += 1
        row.save(update_fields=["claimed_until", "attempts"])
        return row


def carry_out(row: Outbox) -> bool:
    """Run the handlers of one claimed row and mark it; True when it is done."""
    if row.attempts > MOST_ATTEMPTS:
        # Whoever had it last never came back, and so did those before: it may be what kills them.
        return fail(row, "given up: no worker came back from it")
    try:
        for handler in _handlers.get(row.topic, []):
            handler(row)
    except Exception as error:  # noqa: BLE001 (whatever a handler raises must not stop the relay)
        return fail(row, repr(error))
    row.sent, row.error = timezone.now(), ""
    mine(row).update(sent=row.sent, error="")
    return True


def fail(row: Outbox, error: str) -> bool:
    logger.warning("outbox %s failed: %s", row.key, error)
    moment = timezone.now()
    row.error = error[:2000]
    # Rows that failed together do not come back together.
    wait = 2**row.attempts * random.uniform(1, 1.25)  # noqa: S311 (nothing secret)
    row.due = moment + timedelta(seconds=wait)
    row.dead = moment if row.attempts >= MOST_ATTEMPTS else None
    row.claimed_until = None
    mine(row).update(error=row.error, due=row.due, dead=row.dead, claimed_until=None)
    return False


def mine(row: Outbox) -> QuerySet[Outbox]:
    """The row, unless another relay was done with it while this one was thought lost."""
    return Outbox.objects.filter(pk=row.pk, sent=None)


def drain(limit: int = 100, *, slow: bool | None = None) -> int:
    """Carry out up to `limit` waiting effects; returns how many were done. Nothing waiting costs
    one statement and no lock."""
    if not waiting(timezone.now(), slow=slow).exists():
        return 0
    done = 0
    for _turn in range(limit):
        row = claim(timezone.now(), slow=slow)
        if row is None:
            break
        done += carry_out(row)
    return done
