"""Clocks follow what happens to their subjects; people pause them, and ask for more time.

`follow` is called for every row of the record, before it is written. A deed that concerns no
clock costs nothing; one that stops or starts some reads them once and writes them together.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from workflows.domain import clock_book, clock_plans, clock_time
from workflows.domain.calendars import NOTHING, add_working_time
from workflows.domain.clock_book import open_clocks
from workflows.domain.clock_hand import Hand, Line
from workflows.domain.clock_plans import Plan, Turn
from workflows.enums import ClockEvent, ClockState, PauseWhy
from workflows.errors import Conflict
from workflows.models import Clock, ClockPause, ClockPolicy, EngineModel

if TYPE_CHECKING:
    from workflows.domain.record import Deed

_PENDING = "_clock_lines"


# ---------------------------------------------------------------------------- what follows
def follow(subject: EngineModel, deed: "Deed", states: tuple[str, str]) -> list[Line]:
    """Let the clocks of a subject follow a deed on it; returns what to write into its record."""
    lines: list[Line] = subject.__dict__.pop(_PENDING, [])
    book, moved = clock_plans.book, states[0] != states[1]
    turn = clock_plans.turn_of(subject.SUBJECT_KIND, *states)
    held = moved and is_held(subject)
    anew, dated = deed.act in book.matched_anew, deed.act in book.dated_anew
    starts = [plan for plan in turn.starts if plan.concerns(subject)]
    if not (starts or turn.touches_running or held or anew or dated):
        return lines
    # A subject that has just come into being has no clock yet.
    born = moved and subject.version == 1
    hand = Hand(subject.root, deed.at, []) if born else hand_on(subject, deed.at, whole=anew)
    if held:
        let_go(hand, subject)
    run(hand, subject, turn, starts, again=deed.act in book.reopens)
    if anew:
        match_anew(hand, subject)
    if dated:
        date_anew(hand, subject)
    return lines + hand.write()


def hand_on(subject: EngineModel, at: datetime, *, whole: bool = False) -> Hand:
    """A hand on the open clocks of a subject, or of its whole root: one statement."""
    root = subject.root
    found = open_clocks(root, at)
    if not whole:
        found = found.filter(subject_kind=subject.SUBJECT_KIND, subject_id=subject.pk)
    return Hand(root, at, list(found))


def own(hand: Hand, subject: EngineModel) -> list[Any]:
    key = (subject.SUBJECT_KIND, subject.pk)
    return [one for one in hand.clocks if (one.subject_kind, one.subject_id) == key]


def run(hand: Hand, subject: EngineModel, turn: Turn, starts: list[Plan], *, again: bool) -> None:
    """What a change of state means: stop, wait, go on, start."""
    for clock in own(hand, subject):
        if clock.name in turn.stops:
            hand.stop(clock, failed=clock.name in turn.fails)
        elif clock.name in turn.waits:
            hand.pause(clock, PauseWhy.STATE)
        elif clock.name in turn.goes_on and clock.paused_since is not None:
            hand.go_on(clock)
    hand.clocks = [one for one in hand.clocks if one.pk in hand.dirty or one.stopped is None]
    for plan in starts:
        hand.start(plan, subject, again=again)


def match_anew(hand: Hand, subject: EngineModel) -> None:
    """Facts have changed: running clocks are matched from their start, in the version they were
    started by. What the law sets, and a date that was agreed, stay."""
    facts = clock_plans.facts_of(hand.root)
    for clock in hand.clocks:
        if clock.fixed or clock.statutory or clock.stopped is not None:
            continue
        rules = [one for one in clock_book.rules_of(clock.own_token) if not one.statutory]
        rule = clock_book.matching(rules, clock.name, facts)
        if rule is not None and rule.pk != clock.rule_id:
            rematch(hand, clock, rule)
    add_missing(hand, subject)


def rematch(hand: Hand, clock: Any, rule: Any) -> None:
    """Count a clock again from its start by another rule, its pauses included."""
    calendar = hand.calendar(clock)
    due = clock_time.due_of(calendar, rule.unit, rule.amount, clock.started)
    waited = by_people = NOTHING
    for pause in past_pauses(clock):
        due = clock_time.put_off(calendar, rule.unit, due, pause.since, pause.until)
        length = clock_time.between(calendar, rule.unit, pause.since, pause.until)
        waited += length
        by_people += length if pause.why != PauseWhy.STATE else NOTHING
    hand.move(
        clock, due, ClockEvent.MATCHED,
        rule=rule, amount=rule.amount, unit=rule.unit, warn_percent=rule.warn_percent,
        paused=waited, by_people=by_people,
        is_major=bool(getattr(hand.root, "is_major", False)),
    )  # fmt: skip


def past_pauses(clock: Any) -> Iterable[ClockPause]:
    return clock.pauses.order_by("since") if clock.paused else ()


def add_missing(hand: Hand, subject: EngineModel) -> None:
    """Start what the changed facts ask for and what has not run in this round yet."""
    if hand.frame.policy is None:
        return
    wanted = [
        plan for plan in clock_plans.lasting(subject) if not hand.running(plan, subject)
    ]  # fmt: skip
    ran = Clock.objects.filter(
        root_kind=hand.root.SUBJECT_KIND, root_id=hand.root.pk, round=hand.frame.round,
        subject_kind=subject.SUBJECT_KIND, subject_id=subject.pk,
    )  # fmt: skip
    known = {one.name for one in hand.made} | set(ran.values_list("name", flat=True))
    for plan in wanted:
        if plan.name not in known:
            hand.start(plan, subject)


def date_anew(hand: Hand, subject: EngineModel) -> None:
    """The subject's own date was moved, by approval: its clock follows it."""
    for clock in own(hand, subject):
        plan = clock_plans.plan_of(clock.subject_kind, clock.name)
        date = plan.date(subject) if plan and plan.date else None
        if date is not None and not clock.statutory:
            extend_to(hand, clock, date)


def extend_to(hand: Hand, clock: Any, due: datetime) -> None:
    hand.move(clock, due, ClockEvent.EXTENDED, fixed=True, extended=clock.extended + 1)


# ---------------------------------------------------------------------------- people
def is_held(subject: EngineModel) -> bool:
    """Whether people have paused its clocks."""
    return bool(getattr(subject, "on_hold", False))


def pause(subject: EngineModel, *, why: str, reason: str, by: Any, at: datetime) -> None:
    """Let the clocks of a subject wait, up to what the policy allows people in all; they go on by
    themselves then, and with the next step. The caller saves the subject and writes its record.

    Raises Conflict where none may wait: those of the law never do, nor does one that is overdue.
    """
    hand = hand_on(subject, at)
    most = longest_pause(at)
    paused = False
    for clock in own(hand, subject):
        left = most - clock.by_people
        if left > NOTHING:
            until = add_working_time(hand.calendar(clock), at, left)
            paused |= hand.pause(clock, why, reason=reason, by=by, until=until)
    if not paused:
        raise Conflict(why_none(own(hand, subject)))
    subject.__dict__["on_hold"] = True
    subject.__dict__[_PENDING] = hand.write()


def why_none(clocks: list[Any]) -> str:
    """Why no clock of a subject can be paused."""
    internal = [one for one in clocks if not one.statutory]
    if not clocks:
        return _("No clock is running here.")
    if not internal:
        return _("What the law sets waits for nobody.")
    if all(one.breached_at for one in internal):
        return _("It is overdue already; a pause would hide that.")
    if all(one.state == ClockState.PAUSED for one in internal):
        return _("It is paused already.")
    return _("The time that the policy allows for pauses is used up.")


def longest_pause(at: datetime) -> Any:
    policy = ClockPolicy.objects.in_force(at).first()
    return timedelta(hours=float(policy.pause_hours)) if policy else NOTHING


def resume(subject: EngineModel, *, at: datetime) -> None:
    """End the pause that people have put on the clocks of a subject; the caller saves it."""
    hand = hand_on(subject, at)
    end_pauses(hand, subject)
    if not hand.dirty:
        raise Conflict(_("It is not paused."))
    subject.__dict__["on_hold"] = False
    subject.__dict__[_PENDING] = hand.write()


def end_pauses(hand: Hand, subject: EngineModel) -> None:
    for clock in own(hand, subject):
        if clock.state == ClockState.PAUSED and clock.paused_why != PauseWhy.STATE:
            # The chore may be late: beyond its cap no pause counts.
            over = min(clock.paused_until, hand.at) if clock.paused_until else hand.at
            hand.go_on(clock, until=over)


def let_go(hand: Hand, subject: Any) -> None:
    """The next step ends a pause of people; one statement notes it on the subject."""
    end_pauses(hand, subject)
    release(subject)


def release(subject: Any) -> None:
    type(subject)._default_manager.filter(pk=subject.pk).update(on_hold=False)
    subject.on_hold = False


def extend(clock: Clock, *, due: datetime, at: datetime, subject: EngineModel) -> None:
    """Give an open clock the date that was approved; the original one stays on it. The line goes
    into the record with the next row of `subject`. Raises Conflict for one that the law sets or
    that has stopped."""
    hand = Hand(subject.root, at, list(open_clocks(subject.root, at).filter(pk=clock.pk)))
    if not hand.clocks:
        raise Conflict(_("This clock has stopped."))
    if clock.statutory:
        raise Conflict(_("What the law sets is not extended."))
    extend_to(hand, hand.clocks[0], due)
    subject.__dict__.setdefault(_PENDING, []).extend(hand.write())
