"""Clocks in words: what the record tells of them, and what the page of a case shows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from cases.models import Case, CorrectiveAction
from workflows.domain import clock_time
from workflows.domain.calendars import NOTHING
from workflows.domain.clock_book import common, framed
from workflows.domain.clock_plans import title
from workflows.domain.context import now
from workflows.enums import ClockEvent, ClockState, ClockUnit, PauseWhy
from workflows.models import Clock

LOOKS = {
    ClockState.RUNNING: ("blue", "clock"),
    ClockState.PAUSED: ("grey", "clock-pause"),
    ClockState.MET: ("green", "circle-check"),
    ClockState.BREACHED: ("red", "alert-triangle"),
    ClockState.CANCELLED: ("grey", "circle-x"),
}


# ---------------------------------------------------------------------------- the record
def told(text: str | None) -> list[str]:
    """The lines of a row of the record, as stored in its data."""
    return [sentence(line) for line in json.loads(text or "[]")]


def sentence(line: dict[str, Any]) -> str:
    """“Reply runs until 2026-06-18 17:30”."""
    clock = title(line["of"], line["clock"])
    if number := line.get("number"):
        clock = f"{number} {clock}"
    words = str(ClockEvent(line["event"]).label) % {
        "clock": _("Clock “%(name)s”") % {"name": clock},
        "due": moment(line.get("due")),
        "before": moment(line.get("before")),
    }
    why = line.get("why")
    if why:
        words = f"{words}: {PauseWhy(why).label}"
    if until := line.get("until"):
        words += " " + _("(until %(moment)s at the latest)") % {"moment": moment(until)}
    return words


def moment(text: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}" if text else "–"


def target(clock: Any) -> str:
    """“3 working days”, as the rule says it."""
    amount = clock.amount.normalize()
    count, figure = int(amount), f"{amount:f}"
    words = {
        ClockUnit.HOURS: ngettext("%(n)s working hour", "%(n)s working hours", count),
        ClockUnit.DAYS: ngettext("%(n)s working day", "%(n)s working days", count),
        ClockUnit.CALENDAR: ngettext("%(n)s calendar day", "%(n)s calendar days", count),
    }
    return words[ClockUnit(clock.unit)] % {"n": figure}


# ---------------------------------------------------------------------------- the page
@dataclass(frozen=True)
class ClockShown:
    """A clock as a bar: spans in the time it counts, the state in words and with an icon."""

    clock: Any
    label: str
    state: str
    tone: str
    icon: str
    elapsed: timedelta
    paused: timedelta
    left: timedelta
    over: timedelta
    why: str
    target: str

    @property
    def original(self) -> Any:
        """The date it was given first, where it has another one by now."""
        return self.clock.original_due if self.clock.original_due != self.clock.due else None


def of_case(case: Case) -> tuple[list[ClockShown], list[ClockShown]]:
    """The clocks of a case that run, and those that have stopped: one statement. The case knows
    then what its rules ask of them."""
    rows = read(root_kind="case", root_id=case.pk)
    own = [one for one in rows if one.subject_kind == "case" and one.stopped is None]
    case.__dict__["open_clocks"] = own
    return shown(rows)


def of_action(action: CorrectiveAction) -> tuple[list[ClockShown], list[ClockShown]]:
    rows = read(subject_kind="action", subject_id=action.pk)
    action.__dict__["open_clocks"] = [one for one in rows if one.stopped is None]
    return shown(rows)


def panel(found: tuple[list[ClockShown], list[ClockShown]]) -> dict[str, list[ClockShown]]:
    """As the template of the stack names them."""
    running, stopped = found
    return {"running": running, "stopped": stopped}


def read(**where: Any) -> list[Any]:
    rows = Clock.objects.filter(**where).select_related("department", "paused_by")
    return list(rows.annotate(**common(now())).order_by("due", "pk"))


def shown(rows: Iterable[Any]) -> tuple[list[ClockShown], list[ClockShown]]:
    made = [one_shown(row) for row in rows]
    running = [one for one in made if one.clock.stopped is None]
    return running, [one for one in made if one.clock.stopped is not None]


def one_shown(clock: Any) -> ClockShown:
    at = now()
    state = ClockState(clock.state)
    tone, icon = LOOKS[state]
    if clock.stopped is None:
        elapsed, paused, left, over = so_far(clock, at)
        if clock.is_overdue(at):
            tone, icon = LOOKS[ClockState.BREACHED]
    else:
        elapsed, paused, left, over = clock.elapsed, clock.paused, NOTHING, NOTHING
    name = title(clock.subject_kind, clock.name)
    return ClockShown(
        clock=clock,
        label=f"{clock.subject_number} {name}" if clock.subject_kind == "action" else name,
        state=_("Overdue") if tone == "red" and clock.stopped is None else str(state.label),
        tone=tone, icon=icon, elapsed=elapsed, paused=paused, left=left, over=over,
        why=why(clock), target=target(clock),
    )  # fmt: skip


def so_far(clock: Any, at: datetime) -> tuple[timedelta, timedelta, timedelta, timedelta]:
    """What has elapsed, waited, is left, is over; while it waits, nothing of it passes."""
    calendar = framed(clock).calendar(clock.department.path if clock.department else "")

    def between(since: datetime, until: datetime) -> timedelta:
        return clock_time.between(calendar, clock.unit, since, until)

    waiting = between(clock.paused_since, at) if clock.paused_since else NOTHING
    paused = clock.paused + waiting
    stands = clock.paused_since or at
    used = between(clock.started, at) - paused
    left, over = between(stands, clock.due), between(clock.due, stands)
    return max(used - over, NOTHING), paused, left, over


def why(clock: Any) -> str:
    """“Waiting for parts: sample is on its way (陈刚)”."""
    if not clock.paused_why:
        return ""
    words = str(PauseWhy(clock.paused_why).label)
    if clock.paused_reason:
        words = f"{words}: {clock.paused_reason}"
    return f"{words} ({clock.paused_by.name})" if clock.paused_by else words
