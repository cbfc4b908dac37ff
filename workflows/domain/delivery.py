"""Sending what waits: a lane for each channel, and in a lane nobody waits for who is slow.

A message is claimed in a short transaction, sent outside of any, and marked. A claim is the
`due` moment pushed ahead: whoever dies with a message in hand leaves it to the next one. Several
messages are under way at once, never two to one target; a failing one waits 2, 4, 8 … seconds
and is dead after eight tries; a target that does not answer rests for a minute.

Adapters run in threads of their own and never touch the database.
"""

import logging
import random
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from workflows.channels import email
from workflows.channels.base import ADAPTERS, Adapter, Message, Target, Undeliverable
from workflows.domain import wording
from workflows.domain.context import now
from workflows.domain.quiet import quiet_until
from workflows.enums import ENDPOINT_CHANNELS, Channel
from workflows.models import Breaker, Delivery, DeliveryAttempt

CHANNELS: tuple[str, ...] = (Channel.EMAIL.value, *(one.value for one in ENDPOINT_CHANNELS))
MOST_ATTEMPTS = 8
CLAIM = timedelta(seconds=60)
# So many messages of a lane are under way at once, and so long a call goes on claiming.
AT_ONCE = 8
BUDGET = 20.0
# A target that failed so often in a row without an answer rests for so long.
TRIPS_AFTER = 3
REST = timedelta(seconds=60)
# Whoever takes longer to fail did not answer; who is quick said no to this message.
SLOW = 2.0
# What we say of a message ourselves; the log puts it into the reader's language.
OFF, LEFT, NO_ADDRESS, NO_SERVER, LOST = "off", "left", "no_address", "no_server", "lost"
REASONS: dict[str, Any] = {
    OFF: _("the endpoint was switched off"),
    LEFT: _("the person was deactivated"),
    NO_ADDRESS: _("the person has no e-mail address"),
    NO_SERVER: _("no mail server is set up"),
    LOST: _("no worker came back from sending it"),
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How one try went."""

    receipt: str
    error: Exception | None
    seconds: float
    # The failure as it stands in the log, without address and secret.
    words: str = ""


def deliver(channel: str, limit: int = 100) -> int:
    """Send up to `limit` messages that wait in the lane of a channel; returns how many went out.

    Any number of processes may do so at once. An idle lane costs one statement.
    """
    adapter = ADAPTERS.get(channel)
    if adapter is None or not is_on(channel) or not due(channel).exists():
        return 0
    return Lane(channel, adapter, limit).run()


def is_on(channel: str) -> bool:
    """Whether a channel can send at all; e-mail needs a mail server."""
    return channel != Channel.EMAIL or email.is_on()


def waiting(channel: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel, sent=None, dead=None, dropped=None)


def due(channel: str) -> QuerySet[Delivery]:
    return waiting(channel).filter(due__lte=now())


@dataclass
class Lane:
    """One call of `deliver`."""

    channel: str
    adapter: Adapter
    limit: int
    sent: int = 0
    flying: dict[Future[Outcome], tuple[Delivery, Message]] = field(default_factory=dict)
    breakers: dict[str, Breaker] = field(default_factory=dict)

    def run(self) -> int:
        ends = time.monotonic() + BUDGET
        self.wordings = wording.in_force()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=self.channel) as crew:
            while True:
                if time.monotonic() < ends:
                    self.launch(crew)
                if not self.flying:
                    return self.sent
                done, _still = wait(self.flying, return_when=FIRST_COMPLETED)
                for future in done:
                    row, message = self.flying.pop(future)
                    self.sent += self.mark(row, message, future.result())

    def launch(self, crew: ThreadPoolExecutor) -> None:
        """Fill the free places. Without an answer for long, the channel is tried with one."""
        self.breakers = {one.target: one for one in Breaker.objects.all()}
        moment = now()
        whole = self.breakers.get(self.breaker_of(None))
        if whole and whole.rests_until and whole.rests_until > moment:
            return
        most = 1 if whole and whole.failures >= TRIPS_AFTER else AT_ONCE
        room = min(most - len(self.flying), self.limit)
        resting = [
            one.target
            for one in self.breakers.values()
            if one.rests_until and one.rests_until > moment
        ]
        busy = [row.target for row, _message in self.flying.values()]
        rows = claim(self.channel, room, without=[*resting, *busy]) if room > 0 else []
        for row in rows:
            self.limit -= 1
            if not let_go(row):
                self.start(crew, row)

    def start(self, crew: ThreadPoolExecutor, row: Delivery) -> None:
        try:
            message = wording.message(row, self.wordings, members=members(row))
        except Exception as error:  # noqa: BLE001 (one broken row must not stop the lane)
            self.mark(row, Message(row.key, "", "", ""), Outcome("", error, 0))
            return
        future = crew.submit(attempt, self.adapter, target_of(row), message)
        self.flying[future] = row, message

    def mark(self, row: Delivery, message: Message, outcome: Outcome) -> bool:
        """Write down how it went; True when it was sent."""
        with transaction.atomic():
            settle(row, message, outcome)
            self.judge(row, outcome)
        return outcome.error is None

    def breaker_of(self, row: Delivery | None) -> str:
        """E-mail goes to one server, whoever it is for; an endpoint has a server of its own."""
        if row is None or row.channel == Channel.EMAIL:
            return f"channel:{self.channel}"
        return row.target

    def judge(self, row: Delivery, outcome: Outcome) -> None:
        """Let a target rest that did not answer, and trust it again once it does."""
        target = self.breaker_of(row)
        found = self.breakers.get(target)
        if answered(outcome):
            if found is not None:
                Breaker.objects.filter(target=target).delete()
                del self.breakers[target]
            return
        found, _made = Breaker.objects.select_for_update().get_or_create(target=target)
        found.failures = min(found.failures + 1, 1000)
        if found.failures >= TRIPS_AFTER:
            found.rests_until = now() + REST
        found.save(update_fields=["failures", "rests_until"])
        self.breakers[target] = found


def answered(outcome: Outcome) -> bool:
    """Whether the target spoke, be it to refuse."""
    error = outcome.error
    if error is None or isinstance(error, Undeliverable):
        return True
    return outcome.seconds < SLOW and not isinstance(error, (ConnectionError, TimeoutError))


# ---------------------------------------------------------------------------- one message
def send_once(
    row: Delivery, held: wording.Wordings, *, members: Iterable[Delivery] = ()
) -> Outcome:
    """Send a test now, in this thread, and keep it in the log; it is not tried again."""
    moment = now()
    row.created, row.due, row.attempts = moment, moment + CLAIM, 1
    row.save()
    message = wording.message(row, held, members=members)
    if is_on(row.channel):
        outcome = attempt(ADAPTERS[row.channel], target_of(row), message)
    else:
        outcome = Outcome("", Undeliverable(NO_SERVER), 0)
    settle(row, message, outcome)
    Delivery.objects.filter(pk=row.pk, sent=None).update(dead=None, dropped=now())
    return replace(outcome, words=said(row, outcome.error))


def claim(channel: str, room: int, *, without: Iterable[str]) -> list[Delivery]:
    """Take up to `room` messages that are due, the longest waiting first, one for each target."""
    moment = now()
    with transaction.atomic():
        rows = due(channel).exclude(target__in=list(without))
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
        chosen: dict[str, Delivery] = {}
        related = rows.select_related("user__preference", "endpoint")
        for row in related.order_by("due", "id")[: room * 4]:
            if len(chosen) < room:
                chosen.setdefault(row.target, row)
        taken = [row.pk for row in chosen.values()]
        Delivery.objects.filter(pk__in=taken).update(due=moment + CLAIM, attempts=F("attempts") + 1)
    for row in chosen.values():
        row.attempts += 1
    return list(chosen.values())


def let_go(row: Delivery) -> bool:
    """What is no longer sent, or not now: nobody there, quiet hours, workers that died of it."""
    mine = Delivery.objects.filter(pk=row.pk)
    if row.attempts > MOST_ATTEMPTS:
        mine.update(dead=now(), error=LOST)
    elif (reason := unwanted(row)) is not None:
        mine.update(dropped=now(), error=reason)
    elif (until := held_until(row)) is not None:
        mine.update(due=until, attempts=row.attempts - 1)
    else:
        return False
    return True


def unwanted(row: Delivery) -> str | None:
    """Why nobody wants it any more: one of REASONS."""
    if row.endpoint is not None:
        return None if row.endpoint.is_active else OFF
    if row.user is None or not row.user.is_active:
        return LEFT
    return None if row.user.email else NO_ADDRESS


def held_until(row: Delivery) -> datetime | None:
    """The end of the quiet hours: a message that was late may have run into them."""
    wishes = getattr(row.user, "preference", None)
    if wishes is None or row.urgent or row.kind in (wording.DIGEST, wording.TEST):
        return None
    return quiet_until(now(), wishes.quiet_from, wishes.quiet_until)


def members(row: Delivery) -> list[Delivery]:
    return list(row.members.order_by("pk")) if row.kind == wording.DIGEST else []


def target_of(row: Delivery) -> Target:
    if row.endpoint is not None:
        return Target(row.endpoint.address, row.endpoint.secret)
    return Target(row.user.email if row.user else "")


def attempt(adapter: Adapter, target: Target, message: Message) -> Outcome:
    """One try, in a thread: no database here."""
    begun = time.monotonic()
    try:
        receipt = adapter.send(target, message)
    except Exception as error:  # noqa: BLE001 (whatever an adapter raises must not stop the lane)
        return Outcome("", error, time.monotonic() - begun)
    return Outcome(receipt, None, time.monotonic() - begun)


def settle(row: Delivery, message: Message, outcome: Outcome) -> None:
    """Mark a claimed message and keep the try. Whoever claimed it since decides instead of us."""
    moment, error = now(), said(row, outcome.error)
    mine = Delivery.objects.filter(pk=row.pk, attempts=row.attempts, sent=None)
    if outcome.error is None:
        receipt = outcome.receipt[:200]
        worded = {"subject": message.subject[:300], "text": message.text}
        mine.update(sent=moment, receipt=receipt, error="", **worded)
    else:
        final = isinstance(outcome.error, Undeliverable) or row.attempts >= MOST_ATTEMPTS
        dead = moment if final else None
        mine.update(error=error, dead=dead, due=moment + pause(row.attempts))
        logger.warning("delivery %s failed (try %s)", row.key, row.attempts)
    DeliveryAttempt.objects.create(
        delivery=row,
        at=moment,
        took_ms=round(outcome.seconds * 1000),
        error=error,
        receipt=outcome.receipt[:200],
    )


def words(error: str) -> str:
    """A failure of the log in the reader's language, where it is our own word."""
    return str(REASONS.get(error, error))


def pause(attempts: int) -> timedelta:
    """2, 4, 8 … seconds, a quarter more or less, so that a crowd does not come back as one."""
    return timedelta(seconds=2**attempts * random.uniform(0.75, 1.25))  # noqa: S311 (no secret)


def said(row: Delivery, error: Exception | None) -> str:
    """The failure in words, without the address and the secret of the endpoint."""
    if error is None:
        return ""
    kind = "" if isinstance(error, Undeliverable) else f"{type(error).__name__}: "
    text = f"{kind}{error}"
    target = target_of(row)
    for secret in (target.address, target.secret) if row.endpoint else ():
        if secret:
            text = text.replace(secret, "…")
    return text[:2000]
