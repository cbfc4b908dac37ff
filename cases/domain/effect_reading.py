"""What the page of an action says of its effect, and of the cases around it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from cases.domain import effectiveness
from cases.enums import ActionState
from cases.models import Case, CorrectiveAction, Recurrence, ServedCase
from workflows.domain.context import now


@dataclass(frozen=True)
class Watching:
    """The window of an action that is watched: "day 34 of 90", and what came in so far."""

    day: int
    days: int
    until: datetime
    cases: int
    undecided: int

    @property
    def left(self) -> int:
        return self.days - self.day


def watching(action: CorrectiveAction) -> Watching | None:
    """None while nothing is watched; else one statement."""
    if action.state != ActionState.WATCHED or not (action.watch_from and action.watch_until):
        return None
    cause = action.case.cause_id
    repeating = Q(cause=cause) if cause else Q(pk__in=[])
    seen = effectiveness.same_product(action).aggregate(
        cases=Count("pk", filter=repeating), undecided=Count("pk", filter=Q(cause=None))
    )
    begun = (timezone.localdate(now()) - timezone.localdate(action.watch_from)).days
    day = min(max(begun, 0) + 1, action.window_days)
    return Watching(day, action.window_days, action.watch_until, seen["cases"], seen["undecided"])


@dataclass(frozen=True)
class Finding:
    """What the watch found, as the verifier reads it."""

    begins: datetime | None
    ends: datetime | None
    cases: int
    undecided: list["NearCase"]
    hidden: int

    @property
    def clean(self) -> bool:
        return not self.cases


@dataclass(frozen=True)
class NearCase:
    """Another case in short, and why it is named: it recurred, is served, or has no cause yet."""

    number: str
    title: str
    state: str
    recurred: datetime | None
    served: bool

    @property
    def url(self) -> str:
        return f"/cases/{self.number}/"


@dataclass(frozen=True)
class Around:
    """The cases around an action that the person may see."""

    recurrences: list[NearCase]
    served: list[NearCase]
    finding: Finding | None


def around(action: CorrectiveAction, user: User, *, lonely: bool = False) -> Around:
    """Recurrences, served cases and those of the finding: one statement, hidden ones left out;
    none where it is known that there are none."""
    if lonely:
        return Around([], [], finding(action.effect, []))
    numbers: list[str] = list(action.effect.get("open", []))
    recurred = Recurrence.objects.filter(action=action, case=OuterRef("pk"))
    served = ServedCase.objects.filter(action=action, case=OuterRef("pk"))
    rows = (
        Case.objects.visible_to(user)
        .annotate(recurred=Subquery(recurred.values("found_at")[:1]), served=Exists(served))
        .filter(Q(recurred__isnull=False) | Q(served=True) | Q(number__in=numbers))
        .order_by("pk")
        .values("number", "title", "state", "recurred", "served")
    )
    found = [NearCase(**row) for row in rows]
    return Around(
        recurrences=[one for one in found if one.recurred],
        served=[one for one in found if one.served],
        finding=finding(action.effect, [one for one in found if one.number in numbers]),
    )


def finding(effect: dict[str, Any], seen: list[NearCase]) -> Finding | None:
    if not effect:
        return None
    begins, ends = (parse_datetime(effect.get(name) or "") for name in ("from", "until"))
    hidden = len(effect.get("open", [])) - len(seen)
    return Finding(begins, ends, int(effect.get("cases", 0)), seen, hidden)
