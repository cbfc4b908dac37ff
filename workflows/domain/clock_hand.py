"""A hand on the clocks of one root: starts, pauses and stops them, then writes all at once.

Whatever is done is told as a line for the record. A due moment that has passed is noted before
anything moves, so that neither a pause nor another rule hides what was missed.
"""

from datetime import datetime, timedelta
from typing import Any

from workflows.domain import clock_book, clock_plans, clock_time
from workflows.domain.calendars import NOTHING, Calendar
from workflows.domain.clock_book import Frame
from workflows.domain.clock_plans import Plan
from workflows.domain.ladders import NOT_CLIMBED
from workflows.enums import ClockEvent, ClockState, ClockUnit, PauseWhy
from workflows.models import Clock, ClockPause, EngineModel

Line = dict[str, Any]
# What a pause leaves behind when it is over.
NO_PAUSE = {
    "paused_since": None,
    "paused_until": None,
    "paused_why": "",
    "paused_reason": "",
    "paused_by_id": None,
}


class Hand:
    """`clocks` are the open ones it was given, `lines` what it did, in that order."""

    def __init__(self, root: EngineModel, at: datetime, clocks: list[Any]) -> None:
        self.root, self.at, self.clocks = root, at, clocks
        self.lines: list[Line] = []
        self.made: list[Clock] = []
        self.pauses: list[ClockPause] = []
        self.dirty: dict[int, set[str]] = {}
        self._frame: Frame | None = None

    @property
    def frame(self) -> Frame:
        if self._frame is None:
            known = self.clocks[0] if self.clocks else None
            made = clock_book.framed(known) if known else clock_book.frame(self.root, self.at)
            self._frame = made
        return self._frame

    def calendar(self, clock: Any) -> Calendar:
        return self.frame.calendar(clock.department.path if clock.department else "")

    def change(self, clock: Any, **values: Any) -> None:
        for name, value in values.items():
            setattr(clock, name, value)
        self.dirty.setdefault(clock.pk, set()).update(name.removesuffix("_id") for name in values)

    def tell(self, clock: Any, event: ClockEvent, **more: Any) -> None:
        """Put a line of the record: which clock, what happened, when it is due now."""
        line = {"clock": clock.name, "of": clock.subject_kind, "event": str(event)}
        if clock.subject_kind != self.root.SUBJECT_KIND:
            line["number"] = clock.subject_number
        self.lines.append({**line, "due": clock.due.isoformat(), **more})

    # ------------------------------------------------------------------------ running
    def start(self, plan: Plan, subject: EngineModel, *, again: bool = False) -> None:
        """Let a clock begin where a rule is for it. `again`: the root has been reopened."""
        if self.frame.policy is None or self.running(plan, subject):
            return
        rules = clock_book.rules_of(self.frame.policy)
        rule = clock_book.matching(rules, plan.name, clock_plans.facts_of(self.root))
        if rule is None or (again and not rule.again):
            return
        since = plan.since(subject) if plan.since and not again else self.at
        department = plan.department(subject)
        calendar = self.frame.calendar(self.frame.path(department))
        date = plan.date(subject) if plan.date else None
        fixed = date is not None and date > since
        due = clock_time.due_of(calendar, rule.unit, rule.amount, since)
        due = date if fixed and date is not None else due
        clock = Clock(
            root_kind=self.root.SUBJECT_KIND, root_id=self.root.pk, root_number=self.root.number,
            subject_kind=subject.SUBJECT_KIND, subject_id=subject.pk,
            subject_number=subject.number, name=plan.name, round=self.frame.round + again,
            department_id=department, rule=rule, amount=rule.amount, unit=rule.unit,
            warn_percent=rule.warn_percent, statutory=rule.statutory, fixed=fixed,
            started=since, due=due, original_due=due, next_at=self.at if plan.climbs else None,
            is_major=bool(getattr(self.root, "is_major", False)),
            provisional=rule.unit != ClockUnit.CALENDAR and self.frame.book.is_provisional(due),
        )  # fmt: skip
        self.made.append(clock)
        self.tell(clock, ClockEvent.STARTED)

    def running(self, plan: Plan, subject: EngineModel) -> bool:
        key = (subject.SUBJECT_KIND, subject.pk, plan.name)
        return any((one.subject_kind, one.subject_id, one.name) == key for one in self.clocks)

    def notice(self, clock: Any, *, silent: bool = False) -> None:
        """Note that a running clock has missed its due moment."""
        if clock.state == ClockState.RUNNING and not clock.breached_at and clock.due < self.at:
            self.change(clock, breached_at=clock.due)
            if not silent:
                self.tell(clock, ClockEvent.BREACHED)

    def stop(self, clock: Any, *, failed: bool) -> None:
        """Stop a clock for good and read it: kept, missed, or (`failed`) without a result."""
        if clock.paused_since is not None:
            self.go_on(clock, silent=True)
        self.notice(clock, silent=True)
        calendar = self.calendar(clock)
        actual = clock_time.between(calendar, clock.unit, clock.started, self.at)
        missed = clock.breached_at is not None
        ended = ClockState.CANCELLED if failed else ClockState.MET
        self.change(
            clock,
            state=ClockState.BREACHED if missed else ended,
            stopped=self.at,
            next_at=None,
            actual=actual,
            elapsed=actual - clock.paused,
            wall=max(self.at - clock.started, NOTHING),
        )
        told = ClockEvent.CANCELLED if failed else ClockEvent.MET
        self.tell(clock, ClockEvent.LATE if missed else told)

    # ------------------------------------------------------------------------ pausing
    def pause(
        self,
        clock: Any,
        why: PauseWhy | str,
        *,
        reason: str = "",
        by: Any = None,
        until: datetime | None = None,
    ) -> bool:
        """Let a running clock wait; not one of the law, and not one that is overdue."""
        self.notice(clock)
        if clock.statutory or clock.state != ClockState.RUNNING:
            return False
        if clock.breached_at and why != PauseWhy.STATE:
            return False
        self.change(
            clock, state=ClockState.PAUSED, next_at=None, paused_since=self.at, paused_until=until,
            paused_why=str(why), paused_reason=reason, paused_by_id=by.pk if by else None,
        )  # fmt: skip
        more = {"until": until.isoformat()} if until else {}
        self.tell(clock, ClockEvent.PAUSED, why=str(why), **more)
        return True

    def go_on(self, clock: Any, *, until: datetime | None = None, silent: bool = False) -> None:
        """End the pause a clock is in: what it took is added to its due moment."""
        since, over, unit = clock.paused_since, until or self.at, clock.unit
        calendar = self.calendar(clock)
        length = clock_time.between(calendar, unit, since, over)
        self.pauses.append(
            ClockPause(
                clock_id=clock.pk, since=since, until=over, why=clock.paused_why,
                reason=clock.paused_reason, by_id=clock.paused_by_id, length=length,
            )
        )  # fmt: skip
        due = clock_time.put_off(calendar, unit, clock.due, since, over)
        people = length if clock.paused_why != PauseWhy.STATE else timedelta()
        self.change(
            clock, state=ClockState.RUNNING, due=due, paused=clock.paused + length,
            by_people=clock.by_people + people, provisional=self.is_provisional(clock, due),
            next_at=self.look(clock), **NO_PAUSE,
        )  # fmt: skip
        if not silent:
            self.tell(clock, ClockEvent.RESUMED)

    def look(self, clock: Any) -> datetime | None:
        """When the sweep of the ladders is to look at a clock again: at once, or never."""
        plan = clock_plans.plan_of(clock.subject_kind, clock.name)
        return self.at if plan and plan.climbs else None

    def is_provisional(self, clock: Any, due: datetime) -> bool:
        return clock.unit != ClockUnit.CALENDAR and self.frame.book.is_provisional(due)

    # ------------------------------------------------------------------------ another due moment
    def move(self, clock: Any, due: datetime, event: ClockEvent, **values: Any) -> None:
        """Give a clock another due moment; the one before stays in the record."""
        self.notice(clock)
        before, running = clock.due, clock.state == ClockState.RUNNING
        provisional = self.is_provisional(clock, due)
        looked = {**NOT_CLIMBED, "next_at": self.look(clock) if running else None}
        self.change(clock, due=due, provisional=provisional, **looked, **values)
        self.tell(clock, event, before=before.isoformat())

    # ------------------------------------------------------------------------ writing
    def write(self) -> list[Line]:
        """Write what was done: at most three statements. Returns the lines for the record."""
        changed = [clock for clock in self.clocks if clock.pk in self.dirty]
        fields = sorted(set().union(*self.dirty.values()))
        if len(changed) == 1:
            values = {name: getattr(changed[0], name) for name in fields}
            Clock.objects.filter(pk=changed[0].pk).update(**values)
        elif changed:
            Clock.objects.bulk_update(changed, fields)
        if self.made:
            Clock.objects.bulk_create(self.made)
        if self.pauses:
            ClockPause.objects.bulk_create(self.pauses)
        return self.lines
