"""Two people who join, part or merge the same cases at the same instant, on PostgreSQL."""

from functools import partial

import pytest

from cases.domain.splitting import FurtherComplaint
from cases.enums import CaseState as S, LinkKind
from cases.models import Case, CaseLink
from tests import factories
from tests.cases.test_rules_at_once import at_once
from tests.factories import bring, log, task_of
from workflows.domain import invariants, outbox
from workflows.domain.transitions import intervene, perform
from workflows.errors import Stale

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
TURNS = 5


@pytest.fixture
def company(transactional_db):
    return factories.company()


def link(c, case, other, relation):
    return intervene(case, "link", by=c.agent, relation=relation, other=other)


def won(results):
    return [one for one in results if not isinstance(one, Exception)]


def whole():
    outbox.drain(1000)
    assert list(invariants.violations()) == []


def test_of_two_who_merge_into_each_other_one_wins(company):
    for _turn in range(TURNS):
        pair = bring(company, S.TRIAGE), bring(company, S.TRIAGE)
        steps = [task_of(case) for case in pair]
        results = at_once(
            partial(perform, steps[0], "merge", by=company.lead, survivor=pair[1]),
            partial(perform, steps[1], "merge", by=company.lead, survivor=pair[0]),
        )
        assert len(won(results)) == 1
        keys = [case.pk for case in pair]
        assert Case.objects.filter(pk__in=keys, state=S.MERGED).count() == 1
    whole()


def test_of_two_who_split_what_they_have_read_one_wins(company):
    for _turn in range(TURNS):
        case = bring(company, S.TRIAGE)
        given = {"version": case.version, "complaints": [FurtherComplaint("包装", "破损。")]}
        jobs = [
            partial(intervene, case, "split", by=by, **given)
            for by in (company.lead, company.engineer)
        ]
        results = at_once(*jobs)
        assert len(won(results)) == 1
        assert any(isinstance(one, Stale) for one in results)
        assert CaseLink.objects.filter(target=case, kind=LinkKind.SPLIT_FROM).count() == 1
    whole()


@pytest.mark.parametrize("relation", ["part_of", "duplicate"])
def test_two_links_that_would_close_a_circle_together_do_not(company, relation):
    for _turn in range(TURNS):
        first, second, third, fourth = (log(company) for _case in range(4))
        link(company, second, third, relation)
        link(company, fourth, first, relation)
        results = at_once(
            partial(link, company, first, second, relation),
            partial(link, company, third, fourth, relation),
        )
        assert len(won(results)) == 1
    whole()


def test_the_same_link_from_both_sides_stands_once_and_is_ended_once(company):
    for _turn in range(TURNS):
        first, second = log(company), log(company)
        results = at_once(
            partial(link, company, first, second, "related"),
            partial(link, company, second, first, "related"),
        )
        assert len(won(results)) == 1
        made = CaseLink.objects.get(source__in=[first, second])
        ended = at_once(
            partial(intervene, first, "unlink", by=company.agent, reason="错", link=made),
            partial(intervene, second, "unlink", by=company.lead, reason="错", link=made),
        )
        assert len(won(ended)) == 1
    whole()


def test_a_duplicate_is_solved_together_once(company):
    for _turn in range(TURNS):
        survivor, case = log(company), log(company)
        link(company, case, survivor, "duplicate")
        results = at_once(
            *(
                partial(intervene, case, "solve_together", by=by, reason="同一问题")
                for by in (company.lead, company.engineer)
            )
        )
        assert len(won(results)) == 1
        assert survivor.merged.count() == 1
    whole()
