"""Three dispatchers at once, on PostgreSQL: each rung is fired once, and people go first."""

import os
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from cases.domain.defaults import ensure_defaults
from cases.models import Case
from tests import factories
from tests.factories import log, task_of, without_clocks
from tests.workflows.test_concurrency import at_once
from workflows.domain import context
from workflows.domain.escalation import escalate_overdue
from workflows.domain.invariants import violations
from workflows.domain.transitions import perform
from workflows.enums import Rung
from workflows.models import Outbox, Task, Transition

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
STEPS = int(os.environ.get("REDRESS_RACE_STEPS", "300"))
CASES = 20
DUE = datetime(2026, 9, 29, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATE = DUE + timedelta(days=30)


@pytest.fixture
def c(transactional_db):
    company = factories.company()
    ensure_defaults()
    without_clocks()
    with context.at(DUE - timedelta(days=1)):
        company.cases = [log(company) for _turn in range(CASES)]
    return company


def many_steps(c) -> None:
    """So many steps of the same cases that dispatchers meet at their rows."""
    steps = [task_of(case) for case in c.cases]
    for task in steps:
        task.pk, task.due = None, DUE
    copies = [steps[turn % CASES] for turn in range(STEPS)]
    Task.objects.bulk_create(
        [
            Task(**{f.attname: getattr(one, f.attname) for f in Task._meta.concrete_fields})
            for one in copies
        ]
    )


def test_three_dispatchers_fire_each_rung_once_and_in_order(c):
    many_steps(c)
    found = at_once(*[partial(escalate_overdue, LATE)] * 3)
    # What another one held when it was looked at has its turn in the next round.
    while again := escalate_overdue(LATE):
        found.append(again)
    open_steps = Task.objects.filter(finished=None).count()
    assert sum(found) == open_steps * 4
    assert Transition.objects.filter(act__in=["warn", "escalate"]).count() == open_steps * 4
    assert Outbox.objects.filter(topic="rung").count() == open_steps * 4
    assert not Task.objects.filter(finished=None).exclude(rung=Rung.MANAGEMENT).exists()
    wrong = [line for line in violations() if line[0] in (6, 7, 10, 12)]
    assert not wrong


def test_a_case_that_a_person_works_on_is_passed_over_and_has_its_turn_later(c):
    task = task_of(c.cases[0])
    with transaction.atomic():
        Case.locked(c.cases[0].pk)
        [found] = at_once(partial(escalate_overdue, LATE))
        assert found == (CASES - 1) * 4
    assert not task.transitions.filter(act__in=["warn", "escalate"]).exists()
    assert escalate_overdue(LATE) == 4


def test_a_step_is_finished_or_escalated_and_its_record_stays_whole(c):
    def acknowledge(case):
        return perform(task_of(case), "acknowledge", by=c.agent, text="已收到。", channel=c.channel)

    for case in c.cases:
        at_once(partial(acknowledge, case), partial(escalate_overdue, LATE))
    wrong = [line for line in violations() if line[0] in (3, 5, 6, 7, 12)]
    assert not wrong
