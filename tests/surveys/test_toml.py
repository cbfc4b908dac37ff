"""What the TOML writer writes, the standard library reads back unchanged."""

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from surveys.domain.policies import defaults
from surveys.domain.toml import dumps

NASTY = 'a "quoted" \\ back\\slash\nnew\r\ttab \x00\x1f\x7f 满意 🙂 # no comment = [x]'

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
figures = st.one_of(texts, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.dates())
values = st.recursive(
    figures,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=7)),
    max_leaves=20,
)


@given(st.dictionaries(texts, values, max_size=7))
def test_whatever_is_written_reads_back_the_same(mapping):
    assert tomllib.loads(dumps(mapping)) == mapping


def test_nasty_strings_stay_what_they_are():
    assert tomllib.loads(dumps({"a": NASTY, NASTY: 1})) == {"a": NASTY, NASTY: 1}


def test_figures_are_strings_and_nothing_is_left_out():
    written = dumps({"weight": Decimal("60.50"), "tiny": Decimal("1E-4"), "none": None, "n": 5})

    assert written == 'weight = "60.50"\ntiny = "0.0001"\nn = 5\n'


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        dumps({"weight": 0.2})


def test_moments_and_days_stay_moments_and_days():
    given_ = {"day": date(2026, 7, 1), "at": datetime(2026, 7, 1, 8, 30, tzinfo=UTC)}

    assert tomllib.loads(dumps(given_)) == given_


def test_lists_of_tables_stand_under_headings_and_short_tables_on_a_line():
    written = dumps(
        {"items": [{"key": "a", "subitems": [{"key": "b", "show_if": {"at_most": 3}}]}]}
    )

    assert written.splitlines() == [
        "[[items]]", 'key = "a"', "", "[[items.subitems]]", 'key = "b"', "show_if = {at_most = 3}"
    ]  # fmt: skip


def test_the_defaults_survive():
    assert tomllib.loads(dumps(defaults())) == defaults()
