"""What a person wants to be told, by which channel, and when they are left alone."""

from dataclasses import dataclass, field
from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from workflows.domain import calendar_books
from workflows.domain.context import now
from workflows.domain.delivery import waiting
from workflows.domain.quiet import next_digest
from workflows.domain.routing import PERSONAL
from workflows.domain.wording import kinds
from workflows.enums import Channel
from workflows.models import Choice, Preference

Pair = tuple[str, str]


@dataclass(frozen=True)
class Wishes:
    """`off` are the (kind, channel) pairs that a person does not want; all others are on."""

    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None
    off: frozenset[Pair] = field(default_factory=frozenset)


def pairs() -> list[Pair]:
    """The boxes of the matrix on one's own page."""
    return [(kind, channel) for kind in kinds() for channel in PERSONAL]


def wishes_of(person: User) -> Wishes:
    """Two statements."""
    off = Choice.objects.filter(user=person, on=False).values_list("kind", "channel")
    row = Preference.objects.filter(user=person).first() or Preference(user=person)
    return Wishes(row.quiet_from, row.quiet_until, row.digest_at, frozenset(off))


@transaction.atomic
def keep(*, by: User, wishes: Wishes) -> None:
    """Keep what a person wishes for themselves. What waits for a daily summary follows: it comes
    at the new time, and at once when there is to be none. Raises ValidationError by field."""
    check(wishes)
    times = {
        "quiet_from": wishes.quiet_from,
        "quiet_until": wishes.quiet_until,
        "digest_at": wishes.digest_at,
    }
    Preference.objects.update_or_create(user=by, defaults=times)
    rows = [
        Choice(user=by, kind=kind, channel=channel, on=(kind, channel) not in wishes.off)
        for kind, channel in pairs()
    ]
    Choice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["on"],
    )
    moment = now()
    if wishes.digest_at is not None:
        moment = next_digest(moment, wishes.digest_at, calendar_books.current().calendar(""))
    waiting(Channel.DIGEST).filter(user=by).update(due=moment)


def check(wishes: Wishes) -> None:
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        missing = "quiet_until" if wishes.quiet_until is None else "quiet_from"
        raise ValidationError({missing: _("Quiet hours need a beginning and an end.")})
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_until:
        raise ValidationError(
            {"quiet_until": _("Quiet hours end at another time than they begin.")}
        )
