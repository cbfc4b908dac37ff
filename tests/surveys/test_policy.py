"""What the document of a policy must be."""

import tomllib
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from surveys.domain import policy
from surveys.domain.policy_document import checked
from surveys.domain.toml import dumps
from tests.surveys.ruling import document, weights


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def bands(*given):
    """Bands as (from, to) or from alone, best first."""
    rows = []
    for number, one in enumerate(given):
        start, *end = one if isinstance(one, tuple) else (one,)
        rows.append({"from": start, "name": f"第{number}档", **({"to": end[0]} if end else {})})
    return document(bands=rows)


def problems(given) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        checked(given)
    return error.value.message_dict


# ---------------------------------------------------------------------------- documents
def test_the_default_rules_are_those_of_the_procedure():
    rules = policy.read(document())
    assert [(one.key, one.weight) for one in rules.sources] == [
        ("sales_survey", 60), ("sales_visit", 20), ("qc_survey", 20)
    ]  # fmt: skip
    assert list(rules.points.values()) == [100, 95, 85, 50, 0]
    assert {one.rule: (one.every, one.points) for one in rules.deductions} == {
        "flagged": (1, 50), "general": (10, Decimal("0.2")), "major": (1, 0)
    }  # fmt: skip
    told = {score: rules.band_of(Decimal(score)).name for score in
            ("100", "99.99", "90", "89.99", "80", "79.99", "20", "19.99", "0")}  # fmt: skip
    assert list(told.values()) == [
        "很满意", "较满意", "较满意", "满意", "满意", "不满意", "不满意", "很不满意", "很不满意"
    ]  # fmt: skip


def test_what_is_stored_reads_back_the_same_and_figures_have_one_form():
    stored = checked(weights("60.00", 20, Decimal("20.0")))
    assert [one["weight"] for one in stored["sources"]] == ["60", "20", "20"]
    assert checked(stored) == stored
    assert policy.read(stored) == policy.read(document())
    assert checked(tomllib.loads(dumps(stored))) == stored


@pytest.mark.parametrize(
    "given",
    [("60", "20", "19.99"), ("60", "20", "20.01"), ("0.6", "0.2", "0.2"), ("60", "40", "20")],
)
def test_weights_sum_to_exactly_one_hundred(given):
    total = sum(map(Decimal, given))
    assert problems(weights(*given)) == {
        "sources": [f"The weights must sum to 100; they sum to {total}."]
    }


def test_thirds_that_do_sum_are_taken():
    assert checked(weights("33.3333", "33.3333", "33.3334"))


@pytest.mark.parametrize(
    "given",
    [
        (("90", "100"), ("80", "90"), ("0", "80")),
        ("100", "90", "80", "20", "0"),
        ("0",),
        (("100", "100"), ("0", "100")),
    ],
)
def test_bands_that_cover_everything_once_are_taken(given):
    assert checked(bands(*given))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (("90", "80", "20"), "gap"),
        ((("90", "100"), ("80", "89"), ("0", "80")), "gap below 90"),
        ((("90", "99"), ("0", "90")), "gap below 100"),
        ((), "gap"),
        (("90", "95", "0"), "overlap"),
        (("90", "90", "0"), "overlap"),
        ((("90", "100"), ("80", "91"), ("0", "80")), "overlap at 90"),
    ],
)
def test_a_gap_or_an_overlap_of_bands_is_refused(given, word):
    found = problems(bands(*given))
    assert set(found) == {"bands"}
    assert word in " ".join(found["bands"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"points": {**document()["points"], "5": "94"}}, "points"),
        ({"points": {**document()["points"], "1": "-1"}}, "points.1"),
        ({"points": {"5": "100"}}, "points.4"),
        ({"points": {**document()["points"], "6": "100"}}, "points.6"),
        ({"points": "100"}, "points.5"),
        ({"threshold": "100.01"}, "threshold"),
        ({"threshold": "eighty"}, "threshold"),
        ({"floor": "NaN"}, "floor"),
        ({"floor": "sNaN"}, "floor"),
        ({"floor": "-Infinity"}, "floor"),
        ({"floor": True}, "floor"),
        ({"floor": ["0"]}, "floor"),
        ({"low_score": "80.00001"}, "low_score"),
        ({"low_score": "1e999999999"}, "low_score"),
        ({"minimum_n": 0}, "minimum_n"),
        ({"minimum_n": "4.5"}, "minimum_n"),
        ({"minimum_n": None}, "minimum_n"),
        ({"survey_cap_days": -1}, "survey_cap_days"),
        ({"missing": "guess"}, "missing"),
        ({"missing": ["provisional"]}, "missing"),
        ({"approval": "false"}, "approval"),
        ({"approval": 0}, "approval"),
        ({"treshold": "80"}, "treshold"),
        ({"bands": "all"}, "bands"),
        ({"bands": [{"from": "0", "name": "x" * 101}]}, "bands.0.name"),
        ({"bands": [{"from": "0", "name": "x", "start": "0"}]}, "bands.0.start"),
        ({"sources": [1]}, "sources"),
        ({"sources": []}, "sources"),
        ({"deductions": None}, "deductions"),
        ({"deductions": [{"rule": "late", "every": 1, "points": "1"}]}, "deductions.0.rule"),
        ({"deductions": [{"rule": ["x"], "every": 1, "points": "1"}]}, "deductions.0.rule"),
        ({"deductions": [{"rule": "general", "every": 0, "points": "1"}]}, "deductions.0.every"),
        ({"deductions": [{"rule": "general", "every": 1, "points": "-1"}]}, "deductions.0.points"),
        ({"deductions": [{"rule": "general", "every": 1, "points": "1"}] * 2}, "deductions"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(changes, field):
    assert field in problems(document(**changes))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "Sales"}, "key"),
        ({"key": "sales_visit"}, ""),
        ({"name": " "}, "name"),
        ({"name": 5}, "name"),
        ({"weight": ""}, "weight"),
        ({"kind": "complaint"}, "kind"),
        ({"kind": {}}, "kind"),
        ({"customer_types": [{}]}, "customer_types"),
        ({"customer_types": ["martian"]}, "customer_types"),
        ({"customer_types": "direct"}, "customer_types"),
        ({"products": [None]}, "products"),
        ({"products": ["a\x00"]}, "products"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_a_source_is_told_at_its_place(changes, field):
    sources = document()["sources"]
    sources[0] |= changes
    place = f"sources.0.{field}" if field else "sources"
    assert place in problems(document(sources=sources))


@pytest.mark.parametrize("given", [None, [], "x", 1, {}])
def test_nonsense_is_refused_at_every_field_that_is_needed(given):
    assert {"points.5", "bands", "sources", "deductions"} <= set(problems(given))


def test_a_problem_is_told_once():
    found = problems(bands(("x", "100"), "0"))
    assert all(len(set(sentences)) == len(sentences) for sentences in found.values())
