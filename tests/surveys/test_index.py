"""The index of a period: the worked example of DOMAIN.md 5, and what must never matter to it."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from cases.enums import CaseState
from surveys.domain import index, periods, policies
from surveys.models import DeductionEntry, Response
from tests import factories
from tests.factories import bring
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    policies.ensure_policy()
    company.form = questionnaire(company, document=LOOK)
    return company


@pytest.fixture
def golden(c):
    return {source: put(c, source, levels) for source, levels in GOLDEN.items()}


# ---------------------------------------------------------------------------- the worked example
def test_the_worked_example(c, golden):
    deduct(c, "general", 3, "0.2")
    (flagged,) = deduct(c, "flagged", 1, "50", cases=1)

    result = computed()

    found = by_key(result)
    assert {key: one["score"] for key, one in found.items()} == {
        "sales_survey": "92.40", "sales_visit": "88.00", "qc_survey": "95.00",
    }  # fmt: skip
    assert [one["contribution"] for one in result["sources"]] == ["55.440", "17.600", "19.000"]
    assert result["gross"] == "92.04"
    assert {one["rule"]: one["points"] for one in result["deductions"]} == {
        "flagged": "50.00", "general": "0.60", "major": "0.00",
    }  # fmt: skip
    assert result["deductions"][0]["cases"] == [flagged.cases.get().case.number]
    assert result["deduction_total"] == "50.60"
    assert (result["net_before_floor"], result["net"]) == ("41.44", "41.44")
    assert (result["band"], result["provisional"], result["missing"]) == ("不满意", False, [])


def test_the_worked_example_through_the_real_commands(c, golden):
    cases = [bring(c, CaseState.STATEMENT) for _turn in range(38)]
    factories.flag(c, cases[-1])

    result = json.loads(run("--format", "json"))

    lines = {one["rule"]: one for one in result["deductions"]}
    general = lines["general"]
    assert (result["net"], result["band"], result["policy_version"]) == ("41.44", "不满意", 1)
    assert (general["count"], general["points"], len(general["entries"])) == (37, "0.60", 3)
    assert set(general["cases"]) == {case.number for case in cases[:-1]}
    assert len(general["waiting"]) == 7
    assert lines["flagged"]["cases"] == [cases[-1].number]
    assert lines["major"] == {
        "rule": "major", "count": 0, "points": "0.00", "every": 1, "each": "0.00",
        "cases": [], "waiting": [], "entries": [],
    }  # fmt: skip


def test_a_reversed_entry_and_its_reversal_deduct_nothing(c, golden):
    entry, _other = deduct(c, "general", 2, "0.2")
    DeductionEntry.objects.create(
        period=entry.period, rule=entry.rule, points=entry.points, policy=entry.policy,
        reverses=entry, reason="policy 2", at=now(),
    )  # fmt: skip
    assert computed()["deduction_total"] == "0.20"


def test_the_year_takes_the_answers_of_both_halves_alike(c):
    put(c, "sales_survey", ["5"] * 6, period=f"{PERIOD.year}-H1")
    put(c, "sales_survey", ["2"] * 2, period=f"{PERIOD.year}-H2")

    year = index.compute(periods.Period(PERIOD.year), rules())

    assert by_key(year)["sales_survey"]["score"] == "87.50"


# ---------------------------------------------------------------------------- floor, bands, missing
def test_the_index_never_falls_below_the_floor_and_says_what_it_was(c, golden):
    deduct(c, "flagged", 2, "50")
    result = computed()
    assert (result["net_before_floor"], result["net"], result["band"]) == (
        "-7.96", "0.00", "很不满意",
    )  # fmt: skip


def test_a_source_without_data_is_named_and_its_weight_adds_nothing(c, golden):
    Response.objects.filter(campaign=golden["sales_visit"]).delete()
    result = computed()
    assert result["missing"] == ["sales_visit"]
    assert (result["provisional"], result["renormalised"]) == (True, False)
    assert result["gross"] == "74.44"
    visit = by_key(result)["sales_visit"]
    assert (visit["score"], visit["effective_weight"], visit["items"]) == (None, "0.00", [])


def test_weights_are_shared_only_where_the_policy_says_so_and_it_is_printed(c, golden):
    Response.objects.filter(campaign=golden["sales_visit"]).delete()
    result = computed(missing="renormalise")
    assert result["missing"] == ["sales_visit"]
    assert (result["provisional"], result["renormalised"]) == (False, True)
    assert result["gross"] == "93.05"
    assert [one["effective_weight"] for one in result["sources"]] == ["75.00", "0.00", "25.00"]


def test_a_period_of_which_nothing_is_known_has_no_band(c):
    result = computed(missing="renormalise")
    assert (result["net"], result["band"], result["provisional"]) == ("0.00", None, True)
    assert len(result["missing"]) == 3


def test_a_source_whose_forms_are_all_blank_is_without_data(c, golden):
    put(c, "sales_survey", [" ", "-"], period="2020-H1")
    result = index.compute(periods.read("2020-H1"), rules())
    assert result["missing"] == ["sales_survey", "sales_visit", "qc_survey"]
    assert by_key(result)["sales_survey"]["n"] == 2


def test_it_is_rounded_once_and_a_half_goes_up(c):
    """0.6 × 0.006 + 0.4 × 0.0035 is 0.005: rounded source by source it would be 0.00 or 0.01."""
    put(c, "sales_survey", ["5"] * 5)
    put(c, "sales_visit", ["4"] * 5)
    put(c, "qc_survey", ["4"] * 5)
    points = {"5": "0.006", "4": "0.0035", "3": "0", "2": "0", "1": "0"}
    result = computed(points=points)
    assert [one["score"] for one in result["sources"]] == ["0.01", "0.00", "0.00"]
    assert result["gross"] == result["net"] == "0.01"
    less = computed(points={**points, "4": "0.0034"})
    assert less["gross"] == "0.00"


def test_the_band_is_that_of_the_printed_index(c):
    """The sum is 89.995 exactly."""
    points = {"5": "89.995", "4": "80", "3": "50", "2": "20", "1": "0"}
    put(c, "sales_survey", ["5"] * 5)
    put(c, "sales_visit", ["5"] * 5)
    put(c, "qc_survey", ["5"] * 5)
    result = computed(points=points)
    assert (result["net"], result["band"]) == ("90.00", "较满意")


# ---------------------------------------------------------------------------- the return
@pytest.mark.parametrize(
    ("sent", "received", "rate", "met"),
    [(10_000, 7_999, "79.99", False), (10, 8, "80.00", True), (15, 12, "80.00", True),
     (3, 2, "66.66", False), (0, 2, None, False)],
)  # fmt: skip
def test_the_threshold_is_met_exactly_or_not_at_all(c, sent, received, rate, met):
    here = put(c, "sales_survey", ["5"] * received)
    type(here).objects.filter(pk=here.pk).update(declared_sent=sent)
    source = by_key(computed())["sales_survey"]
    assert (source["sent"], source["received"]) == (sent, received)
    assert (source["rate"], source["representative"]) == (rate, met)


def test_forms_taken_out_stay_in_the_raw_score_and_in_the_rate(c):
    here = put(c, "sales_survey", ["5"] * 7 + ["1"])
    send(here, 10)
    invalidate(c, here, "1")
    source = by_key(computed())["sales_survey"]
    assert (source["score"], source["raw_score"]) == ("100.00", "87.50")
    assert (source["n"], source["raw_n"], source["invalidated"]) == (7, 8, 1)
    assert (source["rate"], source["valid_rate"]) == ("80.00", "70.00")
    assert source["representative"] is False


def test_the_unreachable_were_sent_a_form_and_those_left_out_were_not(c):
    here = put(c, "sales_survey", ["5"] * 5)
    send(here, 6)
    send(here, 2, unreachable="空号")
    send(here, 3, sent_at=None, left_out_reason="已注销", left_out_by=c.marketer)
    source = by_key(computed())["sales_survey"]
    assert (source["sent"], source["frame"], source["left_out"], source["unreachable"]) == (
        8, 11, 3, 2,
    )  # fmt: skip


def test_forms_outside_the_window_and_campaigns_outside_the_index_do_not_count(c):
    here = put(c, "sales_survey", ["5"] * 5)
    answer(here, "1", received_at=here.ends_at)
    answer(here, "1", received_at=here.starts_at - timedelta(microseconds=1))
    put(c, "", ["1"] * 5)
    put(c, "another", ["1"] * 5)
    put(c, "sales_survey", ["1"] * 5, period="2019-H1")
    put(c, "sales_survey", ["1"] * 5, state="draft", launched_at=None)
    source = by_key(computed())["sales_survey"]
    assert (source["score"], source["received"]) == ("100.00", 5)


# ---------------------------------------------------------------------------- breakdowns
def test_a_source_is_broken_down_and_small_cells_hide_their_score(c):
    here = put(c, "sales_survey", ["5"] * 5, region="华东")
    for _turn in range(4):
        answer(here, "1", region="华北", product=None)
    send(here, 5, region="华东")
    send(here, 10, region="华北", product=None)
    source = by_key(computed())["sales_survey"]

    east, north = source["by"]["region"]
    assert (east["key"], east["score"], east["n"], east["rate"]) == ("华东", "100.00", 5, "100.00")
    assert (north["key"], north["score"], north["below_minimum"]) == ("华北", None, True)
    assert (north["sent"], north["rate"], north["representative"]) == (10, "40.00", False)
    assert source["score"] == "55.56"
    assert [one["key"] for one in source["by"]["product"]] == ["", c.product.code]
    assert [one["key"] for one in source["by"]["campaign"]] == [here.number]
    assert [one["n"] for one in source["by"]["customer_type"]] == [9]


def test_where_forms_went_out_beside_the_frame_regions_have_no_rate(c):
    here = put(c, "sales_survey", ["5"] * 5)
    type(here).objects.filter(pk=here.pk).update(declared_sent=9)
    source = by_key(computed())["sales_survey"]
    assert source["by"]["region"][0]["rate"] is None
    assert source["by"]["campaign"][0]["rate"] == "55.55"


def test_a_sample_of_few_among_many_is_not_taken_for_everybody(c):
    here = put(c, "sales_survey", ["5", "4", "3", "2", "5"])
    send(here, 5)
    everybody = by_key(computed())["sales_survey"]
    here.population = {"drawn": {"size": 5, "of": 5000, "seed": 1}}
    here.save(update_fields=["population"])
    sample = by_key(computed())["sales_survey"]
    assert everybody["interval"] == [everybody["score"]] * 2
    assert Decimal(sample["interval"][0]) < Decimal(sample["score"]) - 10
    assert sample["by"]["region"][0]["key"] == "华东"
