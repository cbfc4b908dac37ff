"""Who reads a department's opinion: nobody writes with an eye on what the others wrote."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case as Choose,
    Exists,
    F,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)

from accounts.models import User
from cases.enums import OpinionState, Purpose
from cases.models import Opinion


def readable(user: User | None) -> Q:
    """Which opinions of a visible case a person reads.

    Whoever sees all cases reads all. A department (with those below it) reads its own, and the
    others' as soon as it has filed its own. When the review is concluded, or the arbitration
    that heard it has ended, everybody who sees the case reads them. Nobody in particular reads
    only what is concluded.
    """
    concluded = (
        Q(review__concluded_at__isnull=False)
        | Q(arbitration__at__isnull=False)
        | Q(arbitration__ended_at__isnull=False)
    )
    if user is None:
        return concluded
    if user.authority.sees_all:
        return Q(pk__isnull=False)
    own = Q(pk__in=[])
    for root in user.authority.roots:
        own |= Q(department__path__startswith=root)
    filed = Opinion.objects.filter(own, state=OpinionState.FILED)
    return (
        concluded
        | own
        | Exists(filed.filter(review=OuterRef("review")))
        | Exists(filed.filter(arbitration=OuterRef("arbitration")))
    )


def is_readable(user: User | None) -> Any:
    """The rule as a column."""
    return Choose(
        When(readable(user), then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def text(name: str, user: User | None) -> Any:
    """A text of an opinion as a column: empty for who does not read it."""
    return Choose(When(readable(user), then=F(name)), default=Value(""), output_field=TextField())


def texts(user: User | None) -> dict[str, Any]:
    """What an opinion says, as columns of their own."""
    return {f"{name}_shown": text(name, user) for name in ("cause", "responsibility", "measure")}


def files(user: User | None) -> Q:
    """Which attachments of a visible case a person may have: all but those that came with an
    opinion that is not read. What somebody attached to an opinion came after it was filed."""
    kept = (
        Opinion.objects.filter(case=OuterRef("case"), by=OuterRef("by"), at__lte=OuterRef("at"))
    ).exclude(readable(user))  # fmt: skip
    return ~Q(purpose=Purpose.OPINION) | Q(~Exists(kept))
