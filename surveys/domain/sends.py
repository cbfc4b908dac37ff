"""Very many forms from one address: a question comes first, and every form is kept."""

from datetime import datetime, timedelta

from surveys.models import SendAttempt
from workflows.domain.context import now
from workflows.domain.scheduler import chore

# A showroom sends from one address too; this many within a minute are no longer people.
PER_MINUTE = 60
MINUTE = timedelta(minutes=1)


def is_crowded(*, address: str, at: datetime | None = None) -> bool:
    """Note one more form from this address; whether it is one too many within a minute.

    It is noted before it is counted, so that many at one instant count each other.
    """
    moment = at or now()
    SendAttempt.objects.create(address=address, at=moment)
    recent = SendAttempt.objects.filter(
        address=address, at__gt=moment - MINUTE, at__lte=moment + MINUTE
    )
    return len(recent.values_list("pk", flat=True)[: PER_MINUTE + 1]) > PER_MINUTE


@chore("forget_sends", every=timedelta(minutes=10))
def forget() -> int:
    """Addresses are not kept for longer than they are counted."""
    gone, _kinds = SendAttempt.objects.filter(at__lt=now() - MINUTE).delete()
    return gone
