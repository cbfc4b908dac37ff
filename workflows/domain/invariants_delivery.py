"""What must hold for what leaves the house."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat, Left, Length

from workflows.domain.context import now
from workflows.domain.invariants import invariant
from workflows.models import Delivery, DeliveryAttempt, Notification


@invariant(13, "No message is dead or 15 minutes late, and what was sent has a receipt")
def messages_arrive() -> Iterator[str]:
    old = now() - timedelta(minutes=15)
    late = Q(sent=None, dropped=None, due__lt=old) | Q(dead__isnull=False)
    for row in Delivery.objects.filter(late | Q(receipt="", sent__isnull=False)).order_by("pk"):
        yield f"{row.key}: {row.error or 'waiting'}"
    tried = DeliveryAttempt.objects.filter(error="", asked_by=None)
    twice = tried.values("delivery__key").annotate(times=Count("pk")).filter(times__gt=1)
    for found in twice.order_by("delivery__key"):
        yield f"{found['delivery__key']}: sent {found['times']} times"


@invariant(
    14, "A notification has the message its choices asked for, and no message is without one"
)
def notifications_and_messages_agree() -> Iterator[str]:
    asked = Notification.objects.exclude(channel="")
    key = Concat(OuterRef("key"), Value(":email"))
    lines = asked.exclude(Exists(Delivery.objects.filter(key=key)))
    for line in lines.order_by("pk").iterator(2000):
        yield f"{line.key}: no message"
    own = Delivery.objects.filter(user__isnull=False).exclude(key__startswith="test:")
    stem = Left("key", Length("key") - Value(len(":email")))
    told = asked.filter(key=OuterRef("stem"))
    stray = own.exclude(kind="digest").annotate(stem=stem).exclude(Exists(told))
    for row in stray.order_by("pk").iterator(2000):
        yield f"{row.key}: no notification"
