"""Serving a case while it closes, and two cases that take each other's actions, on PostgreSQL."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from cases.enums import CaseState
from cases.models import Case
from tests import factories
from tests.cases.effects import planned
from tests.cases.test_rules_at_once import at_once
from tests.factories import bring, do
from workflows.domain.transitions import intervene
from workflows.errors import EngineError

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def company(transactional_db):
    return factories.company()


def serve(case, action, by):
    return intervene(Case.objects.get(pk=case.pk), "serve", by=by, action=action)


def test_a_case_never_closes_past_an_action_that_is_being_linked(company):
    c = company
    action = planned(c)
    for _turn in range(10):
        case = bring(c, CaseState.CLOSING)
        results = at_once(
            partial(do, case, "close", c.manager), partial(serve, case, action, c.engineer)
        )
        assert sum(isinstance(each, EngineError | ValidationError) for each in results) == 1
        case = Case.objects.get(pk=case.pk)
        assert (case.state == CaseState.CLOSED) != bool(case.served_action_numbers)


def test_two_cases_that_take_each_others_actions_leave_nobody_stuck(company):
    c = company
    for _turn in range(10):
        one, other = planned(c), planned(c)
        results = at_once(
            partial(serve, one.case, other, c.engineer),
            partial(serve, other.case, one, c.engineer2),
        )
        refused = [each for each in results if isinstance(each, EngineError)]
        assert len(refused) <= 1
        served = [
            len(Case.objects.get(pk=each.case_id).served_action_numbers) for each in (one, other)
        ]
        assert sum(served) == 2 - len(refused)
