"""Two people at one management review at once, on PostgreSQL: one winner, each decision once."""

import os

import pytest

from cases.models import CorrectiveAction
from surveys.models import Decision
from tests import factories
from tests.factories import PASSWORD, task_of
from tests.surveys.reviewing import act, bring, decide, draw_up, fresh, meet
from tests.workflows.test_concurrency import at_once
from workflows.domain.invariants import violations
from workflows.domain.transitions import perform
from workflows.errors import Conflict, Stale

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ROUNDS = int(os.environ.get("REDRESS_RACE_ROUNDS", "100")) // 20


@pytest.fixture
def company(transactional_db):
    return factories.company()


def failures(results) -> list[type]:
    return [type(one) for one in results if isinstance(one, Exception)]


def test_a_signature_that_is_raced_makes_each_action_once(company):
    for _turn in range(ROUNDS):
        before = CorrectiveAction.objects.count()
        review = bring(company, "approval", decisions=2)
        task = task_of(review)
        results = at_once(
            *(
                lambda task=task: perform(task, "approve", by=company.director, password=PASSWORD)
                for _who in range(2)
            )
        )
        assert failures(results) == [Conflict]
        assert CorrectiveAction.objects.count() == before + 2
        assert not Decision.objects.filter(review=review, action=None).exists()
    assert [one for one in violations() if one[0] in {3, 5, 6, 7, 24}] == []


def test_signing_or_returning_wins_and_never_both(company):
    for _turn in range(ROUNDS):
        review = bring(company, "approval", decisions=1)
        task = task_of(review)
        results = at_once(
            lambda task=task: perform(task, "approve", by=company.director, password=PASSWORD),
            lambda task=task: perform(
                task, "return_to_minutes", by=company.director, reason="再议"
            ),
        )
        assert failures(results) == [Conflict]
        review = fresh(review)
        tracked = Decision.objects.filter(review=review, action__isnull=False).count()
        assert (review.state, tracked) in {("closed", 1), ("meeting", 0)}


def test_two_write_at_once_and_nothing_is_overwritten(company):
    review = meet(company, draw_up(company))
    for turn in range(ROUNDS):
        results = at_once(
            *(lambda name=name: decide(company, review, name) for name in ("甲", "乙")),
            *(
                lambda text=text: act(
                    company,
                    review,
                    "write_minutes",
                    minutes=text,
                    seen=turn + 1,  # noqa: B023
                )
                for text in ("一", "二")
            ),
        )
        assert failures(results) == [Stale]
    places = list(Decision.objects.values_list("position", flat=True))
    assert sorted(places) == list(range(1, 2 * ROUNDS + 1))
