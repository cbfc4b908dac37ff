"""Low scores become improvement cases: once each, with enough answers only."""

import pytest

from cases.enums import CaseState, Kind
from cases.models import Case
from surveys.domain import index, periods, policies, proposals, signing
from surveys.models import Response, SatisfactionPolicy
from tests.surveys import factories, indexing
from workflows.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db
PERIOD = indexing.PERIOD


@pytest.fixture
def scored(company):
    """Function 50, appearance 85, timeliness 95 from six forms; the rest too few to tell."""
    policies.ensure_policy()
    campaign = factories.campaign(company, period=PERIOD.code)
    Response.objects.bulk_create(
        indexing.form(campaign, "234 " if turn else "2342") for turn in range(6)
    )
    return campaign


def test_a_low_score_becomes_one_case_in_review(company, scored):
    [case] = proposals.propose_improvements(PERIOD, by=company.marketer)
    assert (case.kind, case.state) == (Kind.IMPROVEMENT, CaseState.REVIEW)
    assert (case.source, case.external_ref) == ("satisfaction", f"{PERIOD}:sales_survey:function")
    assert "功能" in case.title
    assert "50.00" in case.title
    assert case.logged_by == company.marketer
    assert proposals.propose_improvements(PERIOD, by=company.engineer) == []
    assert Case.objects.count() == 1


def test_the_same_sub_item_in_another_period_is_another_case(company, scored):
    proposals.propose_improvements(PERIOD, by=company.engineer)
    year = periods.Period(PERIOD.year)
    [case] = proposals.propose_improvements(year, by=company.engineer)
    assert case.external_ref == f"{PERIOD.year}:sales_survey:function"


def test_the_limit_and_the_number_of_answers_are_the_policys(company, scored):
    version = SatisfactionPolicy.objects.get()
    SatisfactionPolicy.objects.update(document={**version.document, "low_score": "90"})
    lows = proposals.low_scores(index.current(PERIOD).result, indexing.rules(low_score="90"))
    assert [low.key for low in lows] == ["function", "appearance"]
    assert proposals.low_scores(index.current(PERIOD).result, indexing.rules(minimum_n=7)) == []
    assert len(proposals.propose_improvements(PERIOD, by=company.engineer)) == 2


def test_who_does_not_answer_for_the_figures_raises_nothing(company, scored):
    for name in ("agent", "handler", "auditor"):
        with pytest.raises(Forbidden):
            proposals.propose_improvements(PERIOD, by=getattr(company, name))
    assert not Case.objects.exists()


def test_without_a_policy_or_answers_there_is_nothing_to_raise(company):
    with pytest.raises(NotFound):
        proposals.propose_improvements(PERIOD, by=company.engineer)
    policies.ensure_policy()
    assert proposals.propose_improvements(PERIOD, by=company.engineer) == []


def test_a_signed_index_raises_its_proposals_by_itself(company, scored):
    signing.sign(by=company.representative, period=PERIOD, reason="样本小")
    assert proposals.propose_signed() == 1
    assert proposals.propose_signed() == 0
    assert Case.objects.get().logged_by == company.representative
