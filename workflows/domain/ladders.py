"""Ladders: who is told of a waiting row, and at which moment. Pure but for reading the policy.

A share of the target is counted in working time from the beginning, what comes after the due
moment from there. An ordinary ladder is climbed at working time alone. An urgent one counts what
comes after the due moment by the clock on the wall, so it is climbed at night too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext as _

from workflows.domain.calendars import NOTHING, Calendar, add_working_time, working_time_between
from workflows.domain.context import now
from workflows.enums import Rung
from workflows.models import EscalationPolicy
from workflows.models.ladder import Laddered

WHOLE = Decimal(100)
# What is due in a lifetime is not counted in working time, year by year.
FAR = timedelta(days=3660)
# What a row begins with, and what it gets when its ladder begins anew.
NOT_CLIMBED = {"rung": Rung.NONE, "escalated_at": None, "answering": None}


@dataclass(frozen=True)
class Step:
    """A rung and its moment: `percent` of the target or `hours` after the due moment."""

    rung: Rung
    percent: Decimal | None = None
    hours: Decimal | None = None

    @property
    def is_early(self) -> bool:
        """Whether it comes before the due moment."""
        return self.percent is not None and self.percent < WHOLE


@dataclass(frozen=True)
class Ladder:
    """`flows`: the keys it is for, none: all. Steps are in order and strictly rise."""

    steps: tuple[Step, ...]
    name: str = ""
    name_en: str = ""
    flows: frozenset[str] = frozenset()
    major_only: bool = False
    urgent: bool = False

    def __str__(self) -> str:
        if self.name_en and not (get_language() or "").startswith("zh"):
            return self.name_en
        return self.name

    @property
    def is_general(self) -> bool:
        return not self.flows and not self.major_only

    def fits(self, flow: str, *, major: bool) -> bool:
        return (major or not self.major_only) and (not self.flows or flow in self.flows)

    def after(self, rung: int) -> Step | None:
        """What is told next to a row that has come to `rung`."""
        return next((step for step in self.steps if step.rung > rung), None)


# What holds where no policy does: nothing falls silent.
PLAIN = Ladder((Step(Rung.HEAD, percent=WHOLE),))


# ---------------------------------------------------------------------------- moments
def moment_of(
    ladder: Ladder, step: Step, calendar: Calendar, *, since: datetime, due: datetime
) -> datetime:
    """When a rung is told of a row that has waited since `since` and is due at `due`."""
    target = working_time_between(calendar, since, due) if due - since < FAR else due - since
    if step.is_early:
        part = target * float(step.percent or 0) / 100
        early = later(calendar, since, part, urgent=False)
        return min(early, due) if ladder.urgent else early
    if step.percent is not None:
        over = target * float(step.percent - WHOLE) / 100
    else:
        over = timedelta(hours=float(step.hours or 0))
    return later(calendar, due, over, urgent=ladder.urgent)


def later(calendar: Calendar, start: datetime, amount: timedelta, *, urgent: bool) -> datetime:
    """`amount` later at working time; by the clock on the wall where it is urgent, or where the
    calendar has next to no work in it."""
    if not urgent:
        try:
            return add_working_time(calendar, start, max(amount, NOTHING))
        except ValueError:
            pass
    return start + amount


# ---------------------------------------------------------------------------- policies
class Policies:
    """All versions of the ladders, read at once: there are never many."""

    def __init__(self, rows: Iterable[EscalationPolicy]) -> None:
        self.rows = [(row.holds_from, read(row.ladders)) for row in rows]

    def ladder(self, flow: str, *, major: bool, since: datetime) -> Ladder:
        """The ladder of a row that began to wait at `since`: a later version changes nothing for
        what waits already."""
        ladders = next((found for begins, found in self.rows if begins <= since), ())
        return next((one for one in ladders if one.fits(flow, major=major)), PLAIN)

    def of(self, row: Laddered) -> Ladder:
        return self.ladder(row.ladder_key, major=row.is_major, since=row.waits_since)


def policies() -> Policies:
    """One statement."""
    return Policies(EscalationPolicy.objects.order_by("-made_at", "-pk"))


def read(data: Any) -> tuple[Ladder, ...]:
    """Read the JSON form (models/ladder.py). Raises ValidationError for what is no ladder."""
    try:
        return tuple(read_ladder(one) for one in data)
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError):
        raise ValidationError(_("These are no ladders.")) from None


def read_ladder(data: Mapping[str, Any]) -> Ladder:
    steps = tuple(
        Step(
            Rung[one["rung"].upper()],
            Decimal(one["percent"]) if "percent" in one else None,
            Decimal(one["hours"]) if "hours" in one else None,
        )
        for one in data["rungs"]
    )
    return Ladder(
        steps,
        data["name"],
        data.get("name_en", ""),
        frozenset(data.get("flows", ())),
        bool(data.get("major_only")),
        bool(data.get("urgent")),
    )


def written(ladder: Ladder) -> dict[str, Any]:
    """The JSON form of a ladder."""
    return {
        "name": ladder.name,
        "name_en": ladder.name_en,
        "flows": sorted(ladder.flows),
        "major_only": ladder.major_only,
        "urgent": ladder.urgent,
        "rungs": [
            {"rung": step.rung.name.lower()}
            | ({"percent": f"{step.percent.normalize():f}"} if step.percent is not None else {})
            | ({"hours": f"{step.hours.normalize():f}"} if step.hours is not None else {})
            for step in ladder.steps
        ],
    }


# ---------------------------------------------------------------------------- rows
def look_again() -> dict[str, Any]:
    """What is written with a due moment that was given or moved: the sweep counts anew."""
    return {"next_at": now()}


def begin_anew() -> dict[str, Any]:
    """What is written with a due moment that people agreed on: every rung from the first on."""
    return {**look_again(), **NOT_CLIMBED}
