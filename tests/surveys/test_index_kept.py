"""The index of a period: what must never matter to it, how it is kept for showing, the command."""

import json
import random
from fractions import Fraction

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings, strategies as st

from cases.enums import CaseState
from surveys.domain import deductions, index, ledger, periods, policies, sending
from surveys.models import ImportBatch, PeriodIndex, Response
from tests.factories import bring
from tests.surveys import naive
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import (
    GOLDEN,
    LOOK,
    PERIOD,
    answer,
    by_key,
    computed,
    deduct,
    invalidate,
    put,
    rules,
    run,
    send,
)
from workflows.domain.context import now
from workflows.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    policies.ensure_policy()
    company.form = questionnaire(company, document=LOOK)
    return company


@pytest.fixture
def golden(c):
    return {source: put(c, source, levels) for source, levels in GOLDEN.items()}


# ---------------------------------------------------------------------------- nothing else matters
@given(st.lists(st.sampled_from("54321- "), max_size=9), st.randoms())
@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_the_order_of_rows_never_matters(c, levels, rng):
    Response.objects.all().delete()
    put(c, "sales_survey", levels)
    before = without_campaigns(computed(minimum_n=1))
    Response.objects.all().delete()
    put(c, "sales_survey", rng.sample(levels, len(levels)))
    assert without_campaigns(computed(minimum_n=1)) == before


@given(st.lists(st.sampled_from("54321- "), min_size=1, max_size=9), st.integers(0, 9))
@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_splitting_a_file_in_two_never_matters(c, levels, at):
    Response.objects.all().delete()
    put(c, "sales_survey", levels)
    before = without_campaigns(computed(minimum_n=1))
    Response.objects.all().delete()
    put(c, "sales_survey", levels[:at])
    put(c, "sales_survey", levels[at:])
    assert without_campaigns(computed(minimum_n=1)) == before


def without_campaigns(result):
    for source in result["sources"]:
        del source["by"]["campaign"]
    return result


@pytest.mark.parametrize("seed", range(12))
def test_the_whole_index_agrees_with_the_naive_one(c, seed):
    rng = random.Random(seed)
    two = {**LOOK, "items": [*LOOK["items"], {
        "key": "price", "name": "价格", "weight": "7",
        "subitems": [{"key": "value", "name": "性价比", "weight": "3"}],
    }]}  # fmt: skip
    newer = questionnaire(c, document=two)
    sources = {}
    for source in ("sales_survey", "sales_visit", "qc_survey"):
        old = ["".join(rng.choice("54321- ")) for _ in range(rng.randint(0, 6))]
        new = [rng.choice("54321- ") + rng.choice("54321- ") for _ in range(rng.randint(0, 6))]
        put(c, source, old)
        put(c, source, new, questionnaire=newer)
        rows = [(LOOK, one) for one in old] + [(two, one) for one in new]
        used = ([two] if new else []) + ([LOOK] if old else [])
        sources[source] = (rows, used)
    deduct(c, "general", rng.randint(0, 4), "0.2")
    missing = rng.choice(["provisional", "renormalise"])
    weights = {one.key: one.weight for one in rules().sources}
    taken = ledger.total(PERIOD)

    result = computed(minimum_n=1, missing=missing)
    gross, before, net = naive.index(
        sources, weights, rules().points, taken, 0, renormalise=missing == "renormalise"
    )

    assert result["gross"] == naive.rounded(gross)
    assert result["net_before_floor"] == naive.rounded(before)
    assert result["net"] == naive.rounded(net)


# ---------------------------------------------------------------------------- kept for showing
def test_it_is_computed_again_only_when_something_has_changed(c, golden):
    first = index.current(PERIOD)
    assert index.current(PERIOD).computed_at == first.computed_at

    answer(golden["sales_visit"], "1")
    second = index.current(PERIOD)
    assert second.pk == first.pk
    assert by_key(second.result)["sales_visit"]["received"] == 6
    assert PeriodIndex.objects.count() == 1


def someone(here, **where):
    return here.invitees.filter(**where).first()


CHANGES = {
    "an answer": lambda c, here: answer(here, "5"),
    "a form taken out": lambda c, here: invalidate(c, here, "1"),
    "forms sent": lambda c, here: sending.send(campaign=here, by=c.marketer, mail=False),
    "somebody unreachable": lambda c, here: sending.unreachable(
        invitee=someone(here, sent_at__isnull=False), by=c.marketer, reason="空号"
    ),
    "somebody left out": lambda c, here: sending.leave_out(
        invitee=someone(here, sent_at=None), by=c.marketer, reason="已注销"
    ),
    "forms declared": lambda c, here: type(here).objects.filter(pk=here.pk).update(declared_sent=7),
    "a deduction": lambda c, here: deduct(c, "general", 1, "0.2"),
    "a complaint": lambda c, here: bring(c, CaseState.STATEMENT),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_input_is_in_the_stamp(c, golden, what):
    here = golden["sales_survey"]
    send(here, 3)
    send(here, 2, sent_at=None)
    before = index.current(PERIOD)
    CHANGES[what](c, here)
    after = index.current(PERIOD)
    assert after.stamp != before.stamp
    assert after.result != before.result


def test_an_answer_that_was_begun_before_the_last_one_and_stored_after_it_is_not_missed(c, golden):
    """Its key is the lower one; so may be those of a file that took long to import."""
    here = golden["sales_survey"]
    last = answer(here, "5")
    Response.objects.filter(pk=last.pk).delete()
    answer(here, "5", pk=last.pk + 10_000)
    kept = index.current(PERIOD)
    answer(here, "1", pk=last.pk + 9_999)
    second = index.current(PERIOD)
    assert by_key(second.result)["sales_survey"]["received"] == 27
    answer(here, "1", pk=last.pk, batch=ImportBatch.objects.create(campaign=here, at=now()))
    assert by_key(index.current(PERIOD).result)["sales_survey"]["received"] == 28
    assert kept.pk == second.pk


def test_answers_of_another_period_leave_the_stamp_alone(c, golden):
    other = put(c, "sales_survey", [], period="2019-H1")
    before = index.current(PERIOD)
    answer(other, "5")
    assert index.current(PERIOD).computed_at == before.computed_at


def test_showing_takes_few_statements_however_many_campaigns(c, golden):
    for _turn in range(5):
        put(c, "sales_survey", ["5"] * 5)
    index.current(PERIOD)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        index.current(PERIOD)
    assert len(caught) == 6


def test_computing_takes_as_many_statements_for_one_campaign_as_for_many(c, golden):
    with CaptureQueriesContext(connection) as few:
        computed()
    for _turn in range(5):
        put(c, "sales_survey", ["5"] * 5)
        send(put(c, "qc_survey", ["5"] * 5), 3)
    with CaptureQueriesContext(connection) as many:
        computed()
    assert len(many) == len(few) <= 8


def test_answers_that_do_not_fit_their_questionnaire_are_never_read_askew(c, golden):
    Response.objects.filter(campaign=golden["sales_survey"]).update(levels="55")
    with pytest.raises(Conflict):
        computed()
    answer(golden["qc_survey"], "555")
    with pytest.raises(Conflict):
        computed()


def test_a_period_before_every_policy_has_no_index(c):
    with pytest.raises(NotFound):
        index.current(periods.read("1999-H1"))


# ---------------------------------------------------------------------------- what if
def test_one_complaint_more_is_told_by_supposing_it(c):
    for _turn in range(9):
        bring(c, CaseState.STATEMENT)
    now_, then = (
        index.compute(PERIOD, rules(), lines=deductions.supposed(PERIOD, rules(), more=more))
        for more in ([], ["general"])
    )
    assert (now_["deduction_total"], then["deduction_total"]) == ("0.00", "0.20")


# ---------------------------------------------------------------------------- the command
def test_the_command_prints_the_result_as_json(c, golden):
    result = json.loads(run("--format", "json"))
    assert list(result)[:3] == ["period", "policy_version", "sources"]
    assert {"gross", "deductions", "deduction_total", "net_before_floor", "net", "band",
            "provisional", "missing"} <= set(result)  # fmt: skip
    assert {"key", "weight", "score", "raw_score", "n", "sent", "received", "rate",
            "representative"} <= set(result["sources"][0])  # fmt: skip
    assert result == index.current(PERIOD).result


def test_the_command_prints_the_result_as_text(c, golden):
    Response.objects.filter(campaign=golden["qc_survey"]).delete()
    text = run()
    assert "92.40" in text
    assert "73.04" in text
    assert "qc_survey" in text.splitlines()[-2]


@pytest.mark.parametrize("period", ["2026-H3", "H1", "", "2026-H1x", "../etc"])
def test_the_command_refuses_a_period_it_cannot_read(c, period):
    with pytest.raises(CommandError, match="2026-H1"):
        run(period=period)


def test_the_command_says_when_no_policy_holds(c):
    with pytest.raises(CommandError):
        run(period="1999-H1")


def test_fractions_of_the_policy_are_exact(c):
    put(c, "sales_survey", ["5"] * 3 + ["4"] * 4)
    one = rules(points={"5": "99.9999", "4": "33.3333", "3": "1", "2": "0.5", "1": "0"})
    result = index.compute(PERIOD, one)
    exact = Fraction(3 * 999999 + 4 * 333333, 70000) * 60 / 100
    assert result["gross"] == naive.rounded(exact)
