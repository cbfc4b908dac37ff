"""What must always hold of clocks (QUALITY.md 3, 9 and 11), over the whole database."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby, pairwise

from django.db.models import F, Q

from workflows.domain.context import now
from workflows.domain.invariants import invariant
from workflows.enums import ClockState
from workflows.models import Clock, ClockPause

# The chore looks every minute; what it has not seen after an hour, it does not see.
LATE = timedelta(hours=1)


@invariant(9, "Every clock runs, waits or has ended, and what is missed is written down")
def clocks_are_whole() -> Iterator[str]:
    for clock in Clock.objects.exclude(state__in=ClockState.values):
        yield f"{clock}: no such state"
    running = Clock.objects.filter(state=ClockState.RUNNING)
    for clock in running.filter(breached_at=None, due__lt=now() - LATE):
        yield f"{clock}: due {clock.due}, and nobody has noticed"
    for clock in Clock.objects.filter(breached_at__gt=F("stopped")):
        yield f"{clock}: missed at {clock.breached_at}, after it stopped"
    late = Q(breached_at=None, stopped__gt=F("due"), state=ClockState.MET)
    for clock in Clock.objects.filter(late):
        yield f"{clock}: stopped {clock.stopped}, due {clock.due}, and counts as met"
    overrun = Clock.objects.filter(state=ClockState.PAUSED, paused_until__lt=now() - LATE)
    for clock in overrun:
        yield f"{clock}: its pause was over {clock.paused_until}"


@invariant(11, "Elapsed and paused are the whole time; pauses do not overlap and have a reason")
def clocks_add_up() -> Iterator[str]:
    for clock in Clock.objects.exclude(stopped=None).iterator(2000):
        if clock.elapsed + clock.paused != clock.actual or clock.elapsed < timedelta():
            yield f"{clock}: {clock.elapsed} + {clock.paused} ≠ {clock.actual}"
    rows = ClockPause.objects.select_related("clock").order_by("clock", "since")
    for _key, group in groupby(rows.iterator(2000), key=lambda row: row.clock_id):
        pauses = list(group)
        clock = pauses[0].clock
        if sum((one.length for one in pauses), timedelta()) != clock.paused:
            yield f"{clock}: its pauses do not add up to {clock.paused}"
        for earlier, later in pairwise(pauses):
            if later.since < earlier.until:
                yield f"{clock}: {earlier} overlaps {later}"
        for pause in pauses:
            if pause.why != "state" and not (pause.reason and pause.by_id):
                yield f"{clock}: {pause} has no reason"
