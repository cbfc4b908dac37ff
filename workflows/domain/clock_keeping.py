"""What happens to clocks without anybody: a due moment passes, a pause is used up, the calendar
changes. Each is one transaction and one line in the record; a missed round changes nothing but
when it is written down.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from workflows.domain import clock_time, clocks, record, registry
from workflows.domain.calendar_books import Book
from workflows.domain.clock_book import open_clocks
from workflows.domain.clock_hand import Hand
from workflows.domain.context import now
from workflows.domain.record import Deed
from workflows.domain.scheduler import chore
from workflows.enums import ClockEvent, ClockState, ClockUnit, Event
from workflows.models import Clock, EngineModel

MOST = 200


def subject_of(clock: Clock) -> EngineModel:
    """The subject of a clock, its root locked: two statements."""
    models = {flow.subject_model.SUBJECT_KIND: flow.subject_model for flow in registry.flows()}
    found: EngineModel = models[clock.subject_kind].locked(clock.subject_id)
    return found


def note(subject: EngineModel, deed: Deed) -> None:
    """Write what happened to a clock into the record of its subject, which stays put."""
    state = str(subject.state)
    record.write(subject, deed, (state, state), versioned=False)


def keep_clocks(moment: datetime | None = None) -> int:
    """Note what has been missed and end the pauses that are used up; how many there were."""
    moment = moment or now()
    return end_pauses(moment) + note_missed(moment)


def note_missed(moment: datetime) -> int:
    """Running clocks whose due moment has passed: noted on the row, so that nothing hides it."""
    missed = Clock.objects.filter(state=ClockState.RUNNING, breached_at=None, due__lt=moment)
    return sum(note_one(clock, moment) for clock in missed.order_by("due", "pk")[:MOST])


@transaction.atomic
def note_one(clock: Clock, moment: datetime) -> bool:
    subject = subject_of(clock)
    still = open_clocks(subject.root, moment).filter(pk=clock.pk).first()
    if still is None:
        return False
    hand = Hand(subject.root, moment, [still])
    hand.notice(still)
    lines = hand.write()
    if lines:
        note(subject, Deed(by=None, act=Event.BREACH, at=moment, data={"clocks": lines}))
    return bool(lines)


def end_pauses(moment: datetime) -> int:
    """Pauses of people whose time is used up: the clock goes on from that moment, not from now."""
    over = Clock.objects.filter(state=ClockState.PAUSED, paused_until__lte=moment)
    subjects = {(one.subject_kind, one.subject_id): one for one in over.order_by("pk")[:MOST]}
    return sum(end_one(clock, moment) for clock in subjects.values())


@transaction.atomic
def end_one(clock: Clock, moment: datetime) -> int:
    subject: Any = subject_of(clock)
    mine = open_clocks(subject.root, moment).filter(
        subject_kind=clock.subject_kind, subject_id=clock.subject_id
    )
    hand = Hand(subject.root, moment, list(mine))
    for one in hand.clocks:
        if one.paused_until and one.paused_until <= moment:
            hand.go_on(one, until=one.paused_until)
    lines = hand.write()
    if not lines:
        return 0
    if not any(one.paused_until for one in hand.clocks):
        clocks.release(subject)
    note(subject, Deed(by=None, act=Event.GO_ON, at=moment, data={"clocks": lines}))
    return len(lines)


# ---------------------------------------------------------------------------- the calendar
def move_clocks(old: Book, new: Book, *, since: datetime, deed: Deed) -> int:
    """Move the due moment of every open clock in working time that a change of days from `since`
    on touches, one line each; a date that was agreed stays. How many were moved."""
    touched = Clock.objects.filter(stopped=None, due__gte=since, fixed=False)
    touched = touched.exclude(unit=ClockUnit.CALENDAR).select_related("department")
    moved = 0
    for clock in list(touched.order_by("pk")):
        path = clock.department.path if clock.department else ""
        before, after = old.calendar(path), new.calendar(path)
        if before is None or after is None:
            continue
        due = clock_time.counted_again(before, after, clock.unit, clock.started, clock.due)
        moved += due != clock.due and shift(clock, due, deed)
    return moved


def shift(clock: Clock, due: datetime, deed: Deed) -> bool:
    subject = subject_of(clock)
    still = open_clocks(subject.root, deed.at).filter(pk=clock.pk, due=clock.due).first()
    if still is None:
        return False
    hand = Hand(subject.root, deed.at, [still])
    hand.move(still, due, ClockEvent.MOVED)
    told = {**deed.data, "clocks": hand.write(), "from": clock.due.isoformat()}
    note(subject, Deed(by=deed.by, act=deed.act, at=deed.at, data={**told, "to": due.isoformat()}))
    return True


def confirm(first: datetime, end: datetime) -> None:
    """What lies in a year whose list is published now is provisional no longer."""
    Clock.objects.filter(stopped=None, provisional=True, due__gte=first, due__lt=end).update(
        provisional=False
    )


@chore("clocks", every=timedelta(minutes=1))
def keep() -> int:
    return keep_clocks()
