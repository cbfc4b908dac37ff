"""The delivery log: what went out, what waits, what is dead, and another try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from workflows.domain import delivery
from workflows.domain.context import now
from workflows.domain.endpoints import guard
from workflows.enums import Channel
from workflows.models import Breaker, Delivery, DeliveryAttempt

PAGE = 50
WAITING, SENT, DEAD, DROPPED = "waiting", "sent", "dead", "dropped"
STATES: dict[str, Q] = {
    WAITING: Q(sent=None, dead=None, dropped=None),
    SENT: Q(sent__isnull=False),
    DEAD: Q(dead__isnull=False),
    DROPPED: Q(dropped__isnull=False),
}


def state_of(row: Delivery) -> str:
    if row.dropped:
        return DROPPED
    return DEAD if row.dead else SENT if row.sent else WAITING


def find(
    *, channel: str = "", state: str = "", kind: str = "", text: str = ""
) -> QuerySet[Delivery]:
    """The messages that fit, the newest first."""
    rows = Delivery.objects.select_related("user", "endpoint").order_by("-pk")
    if channel:
        rows = rows.filter(channel=channel)
    if state:
        rows = rows.filter(STATES[state])
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        people = User.objects.filter(Q(name__icontains=text) | Q(username__iexact=text))
        rows = rows.filter(
            Q(user__in=people.values("pk"))
            | Q(endpoint__name__icontains=text)
            | Q(subject_number__iexact=text)
        )
    return rows


@dataclass(frozen=True)
class LaneState:
    """How a lane does: `oldest` is when the message that has waited longest became due."""

    channel: Channel
    is_on: bool
    waiting: int = 0
    dead: int = 0
    oldest: datetime | None = None
    rests: bool = False


def lanes() -> list[LaneState]:
    """Every lane, with what waits, what is dead and who rests: three statements."""
    moment = now()
    waiting = Delivery.objects.filter(STATES[WAITING]).values("channel").order_by()
    late = Min("created", filter=Q(due__lte=moment))
    found = {
        channel: (count, oldest)
        for channel, count, oldest in waiting.annotate(n=Count("pk"), late=late).values_list(
            "channel", "n", "late"
        )
    }
    dead = Delivery.objects.filter(STATES[DEAD]).values("channel").order_by()
    lost = dict(dead.annotate(n=Count("pk")).values_list("channel", "n"))
    silent = resting()
    states = []
    for channel in Channel:
        count, oldest = found.get(channel.value, (0, None))
        states.append(
            LaneState(
                channel=channel,
                is_on=delivery.is_on(channel),
                waiting=count,
                dead=lost.get(channel.value, 0),
                oldest=oldest,
                rests=f"channel:{channel}" in silent,
            )
        )
    return states


def resting() -> set[str]:
    """Targets and channels that did not answer and rest: "endpoint:3", "channel:email"."""
    found = Breaker.objects.filter(rests_until__gt=now())
    return set(found.values_list("target", flat=True))


@transaction.atomic
def try_again(*, by: User, rows: QuerySet[Delivery]) -> int:
    """Give dead messages another eight tries, beginning now; returns how many. Who asked for it
    is kept among the tries."""
    guard(by)
    dead = list(rows.filter(STATES[DEAD]).select_for_update(no_key=True, of=("self",)))
    moment = now()
    again = {"dead": None, "attempts": 0, "due": moment}
    Delivery.objects.filter(pk__in=[row.pk for row in dead]).update(**again)
    asked: list[Any] = [
        DeliveryAttempt(delivery=row, at=moment, took_ms=0, asked_by=by) for row in dead
    ]
    DeliveryAttempt.objects.bulk_create(asked)
    return len(dead)
