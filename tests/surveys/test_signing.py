"""The index as management signed it: frozen, restated beside, told apart figure by figure."""

import pytest
from django.core.exceptions import ValidationError

from cases.enums import CaseState
from surveys.domain import index, policies, signing
from surveys.models import PeriodLedger, SignedIndex
from tests.factories import bring
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import GOLDEN, LOOK, PERIOD, answer, put, send
from workflows.errors import Conflict, Forbidden, OutsideEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    policies.ensure_policy()
    company.form = questionnaire(company, document=LOOK)
    return company


@pytest.fixture
def golden(c):
    """Everybody who was asked has answered."""
    here = {source: put(c, source, levels) for source, levels in GOLDEN.items()}
    for source, campaign in here.items():
        send(campaign, len(GOLDEN[source]))
    return here


def sign(c, **changes):
    return signing.sign(**{"period": PERIOD, "by": c.director, **changes})


def restate(c, **changes):
    given = {"period": PERIOD, "by": c.representative, "reason": "补录一份答卷"}
    return signing.restate(**{**given, **changes})


def test_what_is_signed_is_the_index_of_that_moment_with_its_hash(c, golden):
    signed = sign(c)
    assert signed.result == index.current(PERIOD).result
    assert signed.digest == signing.digest(signed.result)
    assert signing.is_unaltered(SignedIndex.objects.get())
    assert (signed.number, signed.restates, signed.policy.number) == (1, None, 1)
    assert signing.last(PERIOD) == signed


def test_cases_whose_effects_still_wait_are_in_what_is_signed(c, golden):
    for _turn in range(10):
        bring(c, CaseState.STATEMENT)
    assert sign(c).result["deduction_total"] == "0.20"


@pytest.mark.parametrize("who", ["marketer", "manager", "engineer", "auditor", "admin", "head"])
def test_only_management_signs(c, golden, who):
    with pytest.raises(Forbidden):
        sign(c, by=getattr(c, who))
    sign(c)
    with pytest.raises(Forbidden):
        restate(c, by=getattr(c, who))
    assert SignedIndex.objects.count() == 1


def test_a_period_is_signed_once_and_then_restated(c, golden):
    with pytest.raises(Conflict):
        restate(c)
    first = sign(c)
    with pytest.raises(Conflict):
        sign(c)
    with pytest.raises(Conflict, match="(?i)nothing has changed|没有变化"):
        restate(c)
    answer(golden["sales_visit"], "1")
    kept = dict(first.result)

    second = restate(c)

    first = SignedIndex.objects.get(pk=first.pk)
    assert (second.number, second.restates, second.reason) == (2, first, "补录一份答卷")
    assert first.result == kept
    assert signing.is_unaltered(first)
    assert signing.last(PERIOD) == second
    assert PeriodLedger.objects.filter(period=PERIOD.code).count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "字" * 501])
def test_a_restatement_says_why(c, golden, reason):
    sign(c)
    answer(golden["sales_visit"], "1")
    with pytest.raises(ValidationError) as caught:
        restate(c, reason=reason)
    assert list(caught.value.message_dict) == ["reason"]


def test_a_result_that_is_not_representative_is_used_with_a_reason_only(c, golden):
    send(golden["qc_survey"], 2)
    with pytest.raises(ValidationError):
        sign(c)
    assert sign(c, reason="两家经销商停业").reason == "两家经销商停业"


def test_a_provisional_result_is_used_with_a_reason_only(c):
    here = put(c, "sales_survey", ["5"] * 5)
    send(here, 5)
    with pytest.raises(ValidationError):
        sign(c)
    assert sign(c, reason="走访尚未进行").result["provisional"]


def test_a_signed_index_never_changes(c, golden):
    signed = sign(c)
    signed.reason = "x"
    for change in (
        signed.save,
        signed.delete,
        SignedIndex.objects.all().delete,
        lambda: SignedIndex.objects.update(reason="x"),
    ):
        with pytest.raises(OutsideEngine):
            change()


def test_differences_name_each_figure_that_is_another(c, golden):
    signed = sign(c)
    answer(golden["sales_visit"], "1", region="华北")
    found = {
        one.path: (one.signed, one.current)
        for one in signing.differences(signed.result, index.current(PERIOD).result)
    }
    assert found["sources.sales_visit.score"] == ("88.00", "73.33")
    assert found["sources.sales_visit.n"] == (5, 6)
    assert found["gross"] == ("92.04", "89.11")
    assert found["sources.sales_visit.items.quality.subitems.look.counts.1"] == (0, 1)
    assert found["sources.sales_visit.by.region.华北"][0] is None
    assert not any(path.startswith("sources.qc_survey") for path in found)
    assert signing.differences(signed.result, signed.result) == []


def test_a_list_that_was_empty_is_compared_by_its_lines_too():
    before, after = {"entries": []}, {"entries": [{"id": 7, "points": "0.20"}]}
    assert signing.differences(before, after) == [
        signing.Difference("entries.7", None, {"id": 7, "points": "0.20"})
    ]
    assert signing.differences({"cases": []}, {"cases": ["A"]}) == [
        signing.Difference("cases", [], ["A"])
    ]
