"""Two people at one questionnaire at once, on PostgreSQL: one revision, one in use."""

import copy
import os

import pytest
from django.core.exceptions import ValidationError

from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire
from tests import factories
from tests.factories import do, task_of
from tests.surveys.test_questionnaires import approved, drawn, revised
from tests.workflows.test_concurrency import at_once
from workflows.domain.invariants import violations
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict, Stale

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ROUNDS = int(os.environ.get("REDRESS_RACE_ROUNDS", "100")) // 5


@pytest.fixture
def company(transactional_db):
    return factories.company()


def failures(results) -> list[type]:
    return [type(one) for one in results if isinstance(one, Exception)]


def test_one_of_two_gets_the_code_and_one_the_revision(company):
    for turn in range(ROUNDS):
        results = at_once(
            *(lambda: drawn(company, code=f"c{turn}") for _who in range(2))  # noqa: B023
        )
        assert failures(results) == [ValidationError]
        one = Questionnaire.objects.get(code=f"c{turn}")
        one = do(do(one, "submit", company.marketer), "approve", company.manager)
        results = at_once(
            lambda one=one: intervene(one, "revise", by=company.marketer),
            lambda one=one: intervene(one, "revise", by=company.engineer),
        )
        assert failures(results) == [Conflict]
        assert Questionnaire.objects.filter(code=one.code, state=S.DRAFT).count() == 1


def test_approving_the_next_while_somebody_retires_this_one_leaves_one_in_use(company):
    for turn in range(ROUNDS):
        first = approved(company, code=f"c{turn}")
        second = do(revised(company, first), "submit", company.engineer)
        task = task_of(second)
        results = at_once(
            lambda task=task: perform(task, "approve", by=company.manager),
            lambda first=first: intervene(first, "retire", by=company.director, reason="停用"),
        )
        assert set(failures(results)) <= {Conflict}
        states = Questionnaire.objects.filter(code=first.code).order_by("revision")
        assert list(states.values_list("state", flat=True)) == [S.RETIRED, S.APPROVED]
    assert [one for one in violations() if one[0] in {3, 5, 6, 7}] == []


def test_of_two_who_save_one_draft_one_is_told_what_the_other_wrote(company):
    draft = drawn(company)
    for _turn in range(ROUNDS):
        draft.refresh_from_db()
        document = copy.deepcopy(draft.document)
        results = at_once(
            *(
                lambda who=who: intervene(
                    draft, "edit", by=getattr(company, who), version=draft.version,
                    title=f"{who}{_turn}", title_en="", document=document,  # noqa: B023
                )
                for who in ("marketer", "engineer")
            )
        )  # fmt: skip
        assert failures(results) == [Stale]
