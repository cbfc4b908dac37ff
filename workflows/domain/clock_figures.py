"""Figures of clocks for overviews, and the same filters for the lists behind them.

Every figure is a count or a sum over one of the querysets below, so that the list a figure opens
has exactly as many rows as the figure says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast

from workflows.domain.context import now
from workflows.enums import ClockState
from workflows.models import Clock

RUNNING, AT_RISK, OVERDUE, PAUSED = "running", "at_risk", "overdue", "paused"
ON_TIME, MISSED = "on_time", "missed"
NOTHING = timedelta()


# ---------------------------------------------------------------------------- which clocks
def open_clocks(**where: Any) -> QuerySet[Clock]:
    """The clocks that have not stopped, the one due first in front."""
    return Clock.objects.filter(stopped=None, **where).order_by("due", "pk")


def overdue(at: datetime | None = None) -> Q:
    """Missed, and still not done."""
    late = Q(state=ClockState.RUNNING, due__lt=at or now())
    return Q(stopped=None) & (Q(breached_at__isnull=False) | late)


def at_risk(at: datetime | None = None) -> Q:
    """Beyond the warning of its rule and not missed yet. In plain time: what of the span to the
    due moment has passed; the ladder tells people by working time. Needs `with_warning`."""
    running = Q(state=ClockState.RUNNING, breached_at=None, due__gte=at or now())
    return running & Q(passed__gte=F("warned_at"))


def with_warning(clocks: QuerySet[Any], at: datetime | None = None) -> QuerySet[Any]:
    """The clocks with what has `passed` of the span to the due moment and with what of it they
    are `warned_at`, both a hundredfold: a database divides time by its own rules."""
    moment = Value(at or now(), output_field=DateTimeField())
    return clocks.annotate(
        passed=times(moment - F("started"), Value(100)),
        warned_at=times(F("due") - F("started"), Cast("warn_percent", IntegerField())),
    )


def times(span: Any, number: Any) -> ExpressionWrapper:
    span = ExpressionWrapper(span, output_field=DurationField())
    return ExpressionWrapper(span * number, output_field=DurationField())


def standing(which: str, at: datetime | None = None, **where: Any) -> QuerySet[Clock]:
    """The open clocks of a standing: RUNNING (all that are neither at risk nor overdue),
    AT_RISK, OVERDUE or PAUSED. KeyError for another word."""
    late, risky = overdue(at), at_risk(at)
    chosen = {
        RUNNING: Q(state=ClockState.RUNNING) & ~late & ~risky,
        AT_RISK: risky,
        OVERDUE: late,
        PAUSED: Q(state=ClockState.PAUSED) & ~late,
    }[which]
    return with_warning(open_clocks(**where), at).filter(chosen)


def ended(since: datetime, until: datetime, which: str = "", **where: Any) -> QuerySet[Clock]:
    """The clocks that were kept or missed from `since` to before `until`; ON_TIME or MISSED for
    one of both. What was cancelled is neither."""
    states = {
        "": [ClockState.MET, ClockState.BREACHED],
        ON_TIME: [ClockState.MET],
        MISSED: [ClockState.BREACHED],
    }[which]
    found = Clock.objects.filter(stopped__gte=since, stopped__lt=until, state__in=states, **where)
    return found.order_by("-stopped", "-pk")


# ---------------------------------------------------------------------------- figures
@dataclass(frozen=True)
class Load:
    """How the open clocks of a department stand."""

    department: int | None
    running: int
    at_risk: int
    overdue: int
    paused: int

    @property
    def total(self) -> int:
        return self.running + self.at_risk + self.overdue + self.paused


def by_department(at: datetime | None = None, **where: Any) -> list[Load]:
    """The open clocks of each department by how they stand: one statement."""
    late, risky = overdue(at), at_risk(at)
    rows = (
        with_warning(Clock.objects.filter(stopped=None, **where), at)
        .values("department")
        .order_by("department")
        .annotate(
            running=Count("pk", filter=Q(state=ClockState.RUNNING) & ~late & ~risky),
            at_risk=Count("pk", filter=risky),
            overdue=Count("pk", filter=late),
            paused=Count("pk", filter=Q(state=ClockState.PAUSED) & ~late),
        )
    )
    return [Load(**row) for row in rows]


@dataclass(frozen=True)
class Kept:
    """How the clocks of a name (and department) were kept in a period. The times are sums:
    elapsed + paused = actual, in the time the clocks count; `wall` is what customers waited."""

    name: str
    on_time: int
    missed: int
    elapsed: timedelta
    paused: timedelta
    actual: timedelta
    wall: timedelta
    department: int | None = None

    @property
    def total(self) -> int:
        return self.on_time + self.missed

    @property
    def rate(self) -> float | None:
        """The part that was kept, from 0 to 1; None where none ended."""
        return self.on_time / self.total if self.total else None


def kept(
    since: datetime, until: datetime, *, per_department: bool = False, **where: Any
) -> list[Kept]:
    """The clocks that ended in a period, by name (and department): one statement."""
    keys = ("name", "department") if per_department else ("name",)
    rows = (
        ended(since, until, **where)
        .order_by(*keys)
        .values(*keys)
        .annotate(
            on_time=Count("pk", filter=Q(state=ClockState.MET)),
            missed=Count("pk", filter=Q(state=ClockState.BREACHED)),
            sum_elapsed=Sum("elapsed"), sum_paused=Sum("paused"), sum_actual=Sum("actual"),
            sum_wall=Sum("wall"),
        )
    )  # fmt: skip
    sums = ("elapsed", "paused", "actual", "wall")
    return [
        Kept(
            name=row["name"], department=row.get("department"),
            on_time=row["on_time"], missed=row["missed"],
            **{name: row[f"sum_{name}"] or NOTHING for name in sums},
        )
        for row in rows
    ]  # fmt: skip
