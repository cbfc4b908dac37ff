"""Clocks under two hands at once, on PostgreSQL: one pause, one breach, one figure."""

import os
from datetime import timedelta
from functools import partial

import pytest

from cases.models import Case
from tests import factories
from tests.factories import bring, log, task_of
from tests.workflows.test_concurrency import at_once
from workflows.domain import context
from workflows.domain.clock_keeping import keep_clocks
from workflows.domain.invariants import violations
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict
from workflows.models import Clock, Transition

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ROUNDS = int(os.environ.get("REDRESS_RACE_ROUNDS", "30"))


@pytest.fixture
def company(transactional_db):
    return factories.company()


def pausing(case, by):
    return lambda: intervene(case, "pause_clocks", by=by, why="parts", text="等待样件")


def test_two_pauses_at_once_are_one_and_the_second_is_told(company):
    for _turn in range(ROUNDS):
        case = bring(company, "statement")
        twice = [Case.objects.get(pk=case.pk) for _one in range(2)]
        results = at_once(
            pausing(twice[0], company.handler), pausing(twice[1], company.engineer)
        )  # fmt: skip
        losers = [result for result in results if isinstance(result, Exception)]
        assert [type(loser) for loser in losers] == [Conflict]
        rows = Transition.objects.filter(root_id=case.pk, act="pause_clocks")
        assert rows.count() == 1
    assert not [row for number, _what, row in violations() if number in {9, 11}]


def test_a_pause_and_the_next_step_at_once_leave_no_clock_waiting_for_nothing(company):
    for _turn in range(ROUNDS):
        case = bring(company, "statement")
        task = task_of(case)
        said = {"facts": "a", "grounds": "b"}
        at_once(
            pausing(Case.objects.get(pk=case.pk), company.engineer),
            partial(perform, task, "dispute", by=company.handler, **said),
        )
        case = Case.objects.get(pk=case.pk)
        waiting = Clock.objects.filter(root_id=case.pk, state="paused").exists()
        assert case.on_hold == waiting


def test_two_sweeps_at_once_note_what_is_missed_once(company):
    for _turn in range(ROUNDS):
        case = log(company)
        later = context.now() + timedelta(days=4)
        at_once(*[partial(keep_clocks, later)] * 2)
        rows = Transition.objects.filter(root_id=case.pk, act="breach")
        lines = [line["clock"] for row in rows for line in row.data["clocks"]]
        assert sorted(lines) == sorted(set(lines))
        assert "acknowledge" in lines
