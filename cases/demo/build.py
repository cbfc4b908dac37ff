"""Builds the demo company: lays all scripts over one another and lives through them in order."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import Department
from cases.demo import catalogue, clock, company as house, customers, plan
from cases.demo.clock import DAY
from cases.demo.company import Company
from cases.demo.script import Script
from cases.domain import effectiveness
from workflows.domain import outbox
from workflows.domain.clock_keeping import keep_clocks
from workflows.domain.context import at, now
from workflows.domain.escalation import escalate_overdue
from workflows.domain.routing import bell_only
from workflows.domain.signatures import already_identified
from workflows.models import Notification, Outbox

Progress = Callable[[int, int], None]
# What apps above this one add once the cases are there.
EXTRA: list[Callable[[Company, bool], None]] = []


def is_loaded() -> bool:
    """Whether this database holds the demo company already."""
    return Department.objects.filter(code=house.CODE, name=house.NAME).exists()


def load(*, small: bool = False, progress: Progress | None = None) -> Company:
    """Everything in one transaction: a load that fails leaves nothing behind.

    No savepoint round it: SQLite would keep every page of it in a list that each of the
    thousands of inner savepoints walks through (21 of 39 seconds).
    """
    company = Company(base=clock.base_of(now()))
    with transaction.atomic(savepoint=False), already_identified(), bell_only():
        house.build(company)
        catalogue.build(company)
        customers.build(company, small=small)
        customers.more_deliveries(company)
        live(plan.scripts(company, small=small), company.base, progress or (lambda done, all: None))
        for build in EXTRA:
            build(company, small)
            sweep(company.base)
        settle(company.base)
    return company


def live(scripts: list[Script], base: datetime, progress: Progress) -> None:
    """Run the events of all scripts in the order of time, with a sweep on every working day."""
    waiting = [
        (script.start + event.at, number, order, event)
        for number, script in enumerate(scripts)
        for order, event in enumerate(script.events)
    ]
    heapq.heapify(waiting)
    total, done, end = len(waiting), 0, clock.position(base)
    day = waiting[0][0] // DAY if waiting else 0
    while waiting:
        where, _number, _order, event = heapq.heappop(waiting)
        while day < min(where, end) // DAY:
            day += 1
            sweep(clock.moment(day * DAY))
        with at(clock.moment(where)):
            event.run()
        done += 1
        if done % 50 == 0 or done == total:
            progress(done, total)
    sweep(base)


def sweep(moment: datetime) -> None:
    """What the scheduler would have done that morning, and the evening before."""
    with at(moment):
        deliver()
        effectiveness.pass_windows()
        while keep_clocks(moment):
            pass
        while escalate_overdue(moment):
            pass
        deliver()


def deliver() -> None:
    """Carry out the effects of the day, and what they bring about; each at the moment of its
    deed."""
    while waiting := list(Outbox.objects.filter(sent=None, dead=None).order_by("due", "id")):
        for row in waiting:
            with at(row.created):
                if not outbox.carry_out(row):
                    raise RuntimeError(f"{row.key}: {row.error}")


def settle(base: datetime) -> None:
    """What was told long ago has been read; effects were sent when they came about."""
    Outbox.objects.filter(sent__gt=base).update(sent=F("created"))
    old = Notification.objects.filter(at__lt=base - timedelta(days=2), read_at=None)
    old.update(read_at=F("at"))
