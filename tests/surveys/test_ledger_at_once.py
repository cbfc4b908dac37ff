"""Two people at the tenth complaint at once, on PostgreSQL: one entry."""

import threading

import pytest
from django.db import connection

from cases.enums import CaseState
from surveys.domain import ledger, periods, policies
from surveys.models import DeductedCase, DeductionEntry
from tests import factories
from tests.factories import bring, task_of
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.transitions import intervene, perform

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ROUNDS = 5


@pytest.fixture
def c(transactional_db):
    company = factories.company()
    policies.ensure_policy()
    return company


def at_once(*jobs) -> list[object]:
    """Run the jobs at the same instant, each on its own connection; results or exceptions."""
    results: list[object] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(position: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results[position] = jobs[position]()
        except Exception as error:  # noqa: BLE001 (the exception is the result)
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def drain() -> None:
    while outbox.drain():
        pass


def accept_and_follow(c, task, by) -> None:
    perform(task, "accept", by=by, department=c.workshop)
    drain()


def test_two_users_at_the_tenth_complaint_write_one_entry(c):
    half = periods.half_of(now())
    for turn in range(1, ROUNDS + 1):
        for _number in range(8):
            bring(c, CaseState.STATEMENT)
        drain()
        tasks = [task_of(bring(c, CaseState.TRIAGE)) for _number in range(2)]
        results = at_once(
            lambda task=tasks[0]: accept_and_follow(c, task, c.lead),
            lambda task=tasks[1]: accept_and_follow(c, task, c.lead),
        )
        assert results == [None, None]
        drain()
        entries = ledger.active(half)
        assert entries.count() == turn
        assert all(entry.cases.count() == 10 for entry in entries)
        assert not DeductionEntry.objects.exclude(reverses=None).exists()


def test_many_who_reconcile_at_once_write_each_entry_once(c):
    half = periods.half_of(now())
    for _number in range(25):
        bring(c, CaseState.STATEMENT)
    results = at_once(*[lambda: ledger.reconcile(half, at=now())] * 6)
    assert sorted(results) == [0, 0, 0, 0, 0, 2]
    assert DeductedCase.objects.filter(period=half.code).count() == 20


def test_a_withdrawal_during_a_run_is_followed_afterwards(c):
    half = periods.half_of(now())
    for _turn in range(ROUNDS):
        cases = [bring(c, CaseState.STATEMENT) for _number in range(10)]
        at_once(
            lambda: ledger.reconcile(half, at=now()),
            lambda case=cases[0]: (
                intervene(case, "withdraw", by=c.agent, reason="客户撤回"),
                drain(),
            ),
        )
        drain()
        assert not DeductedCase.objects.filter(
            case=cases[0], counted=True, period=half.code
        ).exists()
