"""Two people at once, on PostgreSQL: one winner, the other told who, nothing stuck."""

import os
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from cases.enums import CaseState
from cases.models import Case
from tests import factories
from tests.factories import bring, order, task_of, walk_action
from workflows.domain.assignment import claim
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict
from workflows.models import Process, Task, Transition

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ROUNDS = int(os.environ.get("REDRESS_RACE_ROUNDS", "100"))


@pytest.fixture
def company(transactional_db):
    return factories.company()


def at_once(*jobs: Callable[[], object]) -> list[object]:
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


def test_two_people_complete_one_task_and_one_wins(company):
    for _turn in range(ROUNDS):
        case = bring(company, CaseState.REVIEW)
        first, second = task_of(case), task_of(case)
        results = at_once(
            lambda task=first: perform(task, "accept_remedy", by=company.engineer),
            lambda task=second: perform(task, "accept_remedy", by=company.manager),
        )
        losers = [result for result in results if isinstance(result, Exception)]
        assert [type(loser) for loser in losers] == [Conflict]
        winner = Task.objects.get(pk=first.pk).finished_by
        assert winner.name in str(losers[0])
        rows = Transition.objects.filter(subject_id=case.pk, act="accept_remedy")
        assert rows.count() == 1
        assert Case.objects.get(pk=case.pk).state == CaseState.REPLY


def test_the_last_two_actions_finish_at_once_and_the_case_goes_on(company):
    for _turn in range(ROUNDS):
        case = order(company, bring(company, CaseState.REVIEW), count=2)
        actions = [walk_action(company, action, "verified") for action in case.actions.all()]
        tasks = [task_of(action) for action in actions]
        results = at_once(
            lambda task=tasks[0]: perform(task, "close", by=company.engineer),
            lambda task=tasks[1]: perform(task, "close", by=company.engineer2),
        )
        assert not [result for result in results if isinstance(result, Exception)]
        assert Case.objects.get(pk=case.pk).state == CaseState.VERIFICATION
        assert task_of(case).flow_task.name == "verification"
        running = Process.objects.filter(finished=None, caseprocess__case=case)
        assert running.count() == 1


def test_a_task_is_claimed_by_one_of_many(company):
    case = bring(company, CaseState.REVIEW)
    people = [company.engineer, company.engineer2, company.manager]
    copies = [task_of(case) for _person in people]
    results = at_once(
        *[
            lambda task=task, person=person: claim(task, by=person)
            for task, person in zip(copies, people, strict=True)
        ]
    )
    assert sum(isinstance(result, Conflict) for result in results) == 2


def test_two_reopen_at_once_and_one_new_round_begins(company):
    case = bring(company, CaseState.CLOSED)
    results = at_once(
        lambda: intervene(case, "reopen", by=company.lead, reason="复发"),
        lambda: intervene(case, "reopen", by=company.manager, reason="复发"),
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert Process.objects.filter(finished=None, caseprocess__case=case).count() == 1


def test_closing_against_a_proposed_action_leaves_no_closed_case_with_open_work(company):
    for _turn in range(min(ROUNDS, 20)):
        case = bring(company, CaseState.VERIFICATION)
        task = task_of(case)
        at_once(
            lambda task=task: perform(task, "verify", by=company.engineer),
            lambda case=case: intervene(
                case,
                "propose_action",
                by=company.manager,
                kind="preventive",
                title="横向展开",
            ),
        )
        case = bring(company, CaseState.CLOSING, Case.objects.get(pk=case.pk))
        if case.open_action_numbers:
            with pytest.raises(Conflict):
                perform(task_of(case), "close", by=company.manager)
