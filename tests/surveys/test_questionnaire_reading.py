"""Documents of questionnaires: what is right is read, what is wrong is named, nothing breaks."""

import copy
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings, strategies as st

from surveys.domain.question_keys import Earlier, completed
from surveys.domain.questionnaires import read, tidy

GOOD = {
    "labels": "five",
    "reason_below": 3,
    "items": [
        {
            "key": "product", "name": "产品", "name_en": "Product", "weight": "60",
            "subitems": [
                {"key": "a", "name": "功能", "weight": "2"},
                {"key": "b", "name": "性能", "reason_below": 0,
                 "show_if": {"key": "a", "at_most": 3}},
            ],
        },
        {
            "key": "service", "name": "服务", "weight": "40",
            "subitems": [{"key": "c", "name": "响应", "show_if": {"key": "b", "at_most": 2}}],
        },
    ],
    "open": [{"key": "d", "name": "意见", "show_if": {"key": "c", "at_most": 5}}],
}  # fmt: skip
# Where a value stands in it.
PLACES = [
    ("labels",), ("reason_below",), ("intro",), ("items",), ("items", 0), ("items", 0, "key"),
    ("items", 0, "name"), ("items", 0, "name_en"), ("items", 0, "weight"), ("items", 0, "subitems"),
    ("items", 0, "subitems", 1), ("items", 0, "subitems", 1, "key"),
    ("items", 0, "subitems", 1, "name"), ("items", 0, "subitems", 1, "weight"),
    ("items", 0, "subitems", 1, "reason_below"), ("items", 0, "subitems", 1, "show_if"),
    ("items", 0, "subitems", 1, "show_if", "key"),
    ("items", 0, "subitems", 1, "show_if", "at_most"),
    ("open",), ("open", 0), ("open", 0, "key"), ("open", 0, "show_if"),
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def in_english():
    with translation.override("en"):
        yield


def changed(place, value):
    document = copy.deepcopy(GOOD)
    target = document
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    return document


def wrong(document) -> set[str]:
    with pytest.raises(ValidationError) as error:
        read(document)
    return set(error.value.message_dict)


# ---------------------------------------------------------------------------- what is right
def test_weights_are_exact_and_sub_items_stand_in_their_order():
    form = read(GOOD)

    assert form.keys == ("a", "b", "c")
    assert [item.weight for item in form.items] == [Decimal(60), Decimal(40)]
    assert [sub.weight for sub in form.subitems] == [Decimal(2), Decimal(1), Decimal(1)]
    assert [sub.reason_below for sub in form.subitems] == [3, 0, 3]


@pytest.mark.parametrize(
    ("labels", "language", "words"),
    [
        ("five", "zh-hans", ["很满意", "较满意", "满意", "不满意", "很不满意"]),
        ("basic", "zh-hans", ["很满意", "满意", "基本满意", "不满意", "很不满意"]),
        ("basic", "en", ["Very satisfied", "Satisfied", "Basically satisfied"]),
    ],
)
def test_both_labelings_are_printed_in_both_languages(labels, language, words):
    form = read({**GOOD, "labels": labels})
    with translation.override(language):
        assert [str(form.label(level)) for level in "54321"][: len(words)] == words


def test_a_condition_is_met_by_a_bad_answer_and_by_no_other():
    condition = read(GOOD).subitems[1].show_if
    met = {level: condition.met({"a": level}) for level in "54321- "}

    assert met == {"5": False, "4": False, "3": True, "2": True, "1": True, "-": False, " ": False}
    assert not condition.met({})


# ---------------------------------------------------------------------------- what is wrong
@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (("labels",), "six", "labels"),
        (("labels",), ["five"], "labels"),
        (("reason_below",), 7, "reason_below"),
        (("reason_below",), True, "reason_below"),
        (("items",), [], "items"),
        (("items",), {}, "items"),
        (("items", 0, "subitems"), [], "items.0"),
        (("items", 0, "name"), "  ", "items.0.name"),
        (("items", 0, "name"), "n" * 101, "items.0.name"),
        (("items", 0, "name"), "a\nb", "items.0.name"),
        (("items", 0, "name"), "a\x00", "items.0.name"),
        (("items", 0, "name"), "a\ud800", "items.0.name"),
        (("items", 0, "name_en"), 5, "items.0.name_en"),
        (("items", 0, "weight"), "0", "items.0.weight"),
        (("items", 0, "weight"), "-1", "items.0.weight"),
        (("items", 0, "weight"), "1000.1", "items.0.weight"),
        (("items", 0, "weight"), "0.00001", "items.0.weight"),
        (("items", 0, "weight"), "NaN", "items.0.weight"),
        (("items", 0, "weight"), float("inf"), "items.0.weight"),
        (("items", 0, "weight"), "0e999999999", "items.0.weight"),
        (("items", 0, "key"), "Product", "items.0.key"),
        (("items", 0, "key"), "a", "items.0.subitems.0.key"),
        (("items", 0, "subitems", 1, "key"), "a", "items.0.subitems.1.key"),
        (("items", 0, "subitems", 1, "show_if"), {}, "items.0.subitems.1.show_if"),
        (("items", 0, "subitems", 1, "show_if", "at_most"), 6, "items.0.subitems.1.show_if"),
        (("open", 0, "key"), "c", "open.0.key"),
        (("open",), "x", "open"),
        (("intro",), "x" * 1001, "intro"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(place, value, field):
    assert field in wrong(changed(place, value))


def test_a_number_of_any_length_is_only_a_wrong_one():
    assert "items.0.weight" in wrong(changed(("items", 0, "weight"), 10**5000))


@pytest.mark.parametrize("key", ["b", "c", "d", "service", "nothing", "", 5, None])
def test_a_condition_must_look_back_at_a_sub_item(key):
    place = ("items", 0, "subitems", 1, "show_if", "key")
    assert wrong(changed(place, key)) >= {"items.0.subitems.1.show_if"}


def test_there_are_at_most_120_sub_items():
    row = {"name": "x"}
    items = [{"name": "i", "subitems": [dict(row) for _ in range(31)]} for _ in range(4)]
    assert "items" in wrong(completed({"items": items}, Earlier()))


# ---------------------------------------------------------------------------- nothing breaks
texts = st.text(max_size=8)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.binary(max_size=3),
    st.decimals(), st.dates(), st.sampled_from(["a", "product", "1e9999999", "5", "five", "sNaN"]),
)  # fmt: skip
names = st.sampled_from(
    ["labels", "reason_below", "intro", "items", "open", "key", "name", "name_en", "weight",
     "subitems", "show_if", "at_most", "x"]
)  # fmt: skip
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=6)),
    max_leaves=25,
)


def settle(document) -> None:
    """What a document may meet: completed, read, and, if it is right, written anew."""
    whole = completed(document, Earlier())
    try:
        form = read(whole)
    except ValidationError as error:
        assert error.message_dict
        return
    stored = tidy(whole)
    json.dumps(stored).encode("utf-8")
    assert read(stored) == form
    assert tidy(stored) == stored


@settings(max_examples=400, deadline=None)
@given(values)
def test_reading_anything_ends_in_a_form_or_in_problems(value):
    settle(value)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PLACES), values)
def test_a_good_document_with_anything_in_one_place_ends_so_too(place, value):
    settle(changed(place, value))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["a", "b"]), "weight": st.integers(1, 1000).map(str)},
            optional={"key": st.sampled_from(["q1", "q3", "i1", "own"])},
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_keys_that_are_made_never_meet_one_that_is_there(rows):
    whole = completed({"items": [{"name": "i", "subitems": rows}]}, Earlier(highest={"q": 2}))
    given_keys = [row["key"] for row in rows if "key" in row]
    made = [row["key"] for row in whole["items"][0]["subitems"]][:]
    for key in given_keys:
        made.remove(key)

    assert len(set(made)) == len(made)
    assert not set(made) & set(given_keys)
    assert all(int(key[1:]) > 2 for key in made)
