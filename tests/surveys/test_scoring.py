"""Scores out of levels: exact, as a second, naive implementation has them; intervals."""

import random
from decimal import Decimal
from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given, strategies as st

from surveys.domain import questionnaires
from surveys.domain.figures import half_up, percent, points as points_of, printed
from surveys.domain.intervals import correction, student
from surveys.domain.scoring import Pile, Scoring, merged
from tests.surveys import naive

POINTS = {level: Decimal(worth) for level, worth in
          {"5": "100", "4": "95", "3": "85", "2": "50", "1": "0"}.items()}  # fmt: skip


def document(*items):
    """document(("quality", 60, {"function": 2, "look": 1}), …)"""
    return {
        "items": [
            {
                "key": key, "name": key, "weight": str(weight),
                "subitems": [
                    {"key": sub, "name": sub, "weight": str(own)} for sub, own in subs.items()
                ],
            }
            for key, weight, subs in items
        ]
    }  # fmt: skip


TWO = document(("quality", 60, {"function": 2, "look": 1}), ("delivery", 40, {"time": 1}))


def scoring(*levels, of=TWO, **given_):
    return Scoring([Pile(questionnaires.read(of), "".join(levels))], POINTS, **given_)


def random_document(rng, newer=None):
    """A questionnaire; a revision keeps some keys, moves some and asks some more."""
    keys = [f"s{number}" for number in range(rng.randint(1, 9))]
    if newer:
        keys = [key for key in keys if rng.random() < 0.7] + [f"o{rng.randint(0, 3)}"]
        rng.shuffle(keys)
    items = []
    while keys:
        count = rng.randint(1, len(keys))
        subs = {key: rng.choice(["1", "2", "0.5", "3.3"]) for key in keys[:count]}
        items.append((f"i{len(items)}", rng.choice(["1", "60", "0.25"]), subs))
        keys = keys[count:]
    return document(*items)


def random_rows(rng, of, most=30):
    width = sum(len(item["subitems"]) for item in of["items"])
    signs = rng.choice(["54321- ", "55554 ", "5432", "- 1", "- "])
    return [
        (of, "".join(rng.choice(signs) for _ in range(width))) for _ in range(rng.randint(0, most))
    ]


def piles(rows, documents):
    return [
        Pile(questionnaires.read(of), "".join(levels for own, levels in rows if own is of))
        for of in documents
    ]


# ---------------------------------------------------------------------------- the rules
def test_each_line_is_computed_from_the_line_below_it():
    source = scoring("543", "5 -", "2-1", " 44").source()

    quality, delivery = source.items
    function, look = quality.subitems
    assert (function.exact, function.n) == (Fraction(100 + 100 + 50, 3), 3)
    assert (look.exact, look.n) == (Fraction(95 + 95, 2), 2)
    assert quality.exact == (2 * function.exact + 1 * look.exact) / 3
    assert delivery.exact == Fraction(85 + 0 + 95, 3)
    assert source.exact == (60 * quality.exact + 40 * delivery.exact) / 100
    assert (quality.n, delivery.n, source.n) == (4, 3, 4)


def test_not_applicable_and_blanks_count_nowhere():
    line = scoring("-- ", "5--", " 5 ", "   ").source()

    assert line.exact == 100
    assert line.n == 2
    assert line.counts == {"5": 2, "4": 0, "3": 0, "2": 0, "1": 0, "-": 4}
    assert line.items[1].exact is None
    assert line.items[1].n == 0


def test_no_answer_at_all_is_no_score():
    assert scoring("-- ", "   ").source().exact is None
    assert scoring().source().exact is None
    assert Scoring([], POINTS).source().items == ()


def test_a_line_below_the_minimum_is_hidden_but_still_counts_above():
    source = scoring("5  ", "4 3", "4 2", "4 2", minimum=4).source()

    delivery = source.items[1]
    assert (delivery.n, delivery.below_minimum, delivery.score, delivery.interval) == (
        3, True, None, None,
    )  # fmt: skip
    assert delivery.exact == Fraction(85 + 50 + 50, 3)
    assert source.score == Fraction(60, 100) * Fraction(385, 4) + Fraction(40, 100) * delivery.exact


def test_the_newest_questionnaire_gives_structure_and_weights():
    newer = document(("quality", 30, {"look": 1, "smell": 4}), ("delivery", 70, {"time": 1}))
    older = document(("quality", 60, {"function": 2, "look": 9}), ("price", 5, {"value": 3}))

    items = merged([questionnaires.read(newer), questionnaires.read(older)])

    assert [(item.key, item.weight, [(sub.key, sub.weight) for sub in item.subitems])
            for item in items] == [
        ("quality", 30, [("look", 1), ("smell", 4), ("function", 2)]),
        ("delivery", 70, [("time", 1)]),
        ("price", 5, [("value", 3)]),
    ]  # fmt: skip


def test_a_sub_item_that_moved_counts_where_the_newest_has_it():
    newer = document(("b", 1, {"x": 1}))
    older = document(("a", 1, {"x": 1}))
    piles_ = [Pile(questionnaires.read(newer), "5"), Pile(questionnaires.read(older), "1")]

    source = Scoring(piles_, POINTS).source()

    assert [(item.key, item.n, item.exact) for item in source.items] == [("b", 2, 50)]


# ---------------------------------------------------------------------------- a second opinion
@pytest.mark.parametrize("seed", range(500))
def test_both_implementations_agree_exactly(seed):
    rng = random.Random(seed)
    documents = [random_document(rng)]
    documents += [random_document(rng, documents[0]) for _ in range(rng.randint(0, 2))]
    rows = [row for of in documents for row in random_rows(rng, of)]

    found = Scoring(piles(rows, documents), POINTS).source()
    source, items, subitems = naive.score(rows, documents, POINTS)

    assert found.exact == source
    assert {item.key: item.exact for item in found.items} == items
    assert {sub.key: sub.exact for item in found.items for sub in item.subitems} == subitems
    assert found.n == naive.answered(rows)
    assert printed(found.exact) == (None if source is None else naive.rounded(source))


@pytest.mark.parametrize("seed", range(60))
def test_the_interval_is_that_of_the_influences_of_the_forms(seed):
    rng = random.Random(seed)
    documents = [random_document(rng), random_document(rng, newer=True)]
    rows = [row for of in documents for row in random_rows(rng, of)]

    found = Scoring(piles(rows, documents), POINTS).source()
    variance = naive.variance(rows, documents, POINTS)

    if not variance:
        assert found.interval is None
    else:
        half = student(found.n - 1) * sqrt(variance)
        assert isclose(found.interval.low, max(0, float(found.exact) - half), abs_tol=1e-9)
        assert isclose(found.interval.high, min(100, float(found.exact) + half), abs_tol=1e-9)


@given(st.lists(st.text("54321- ", min_size=3, max_size=3), max_size=12), st.randoms())
def test_the_order_of_rows_never_matters(rows, rng):
    other = rng.sample(rows, len(rows))

    assert scoring(*rows).source() == scoring(*other).source()


# ---------------------------------------------------------------------------- intervals
def test_an_interval_of_one_question_is_the_textbooks():
    of = document(("a", 1, {"x": 1}))
    levels = "5544433211"
    worth = [float(POINTS[level]) for level in levels]
    average = sum(worth) / 10
    deviation = sqrt(sum((one - average) ** 2 for one in worth) / 9)

    found = scoring(levels, of=of).source()

    half = 2.262157 * deviation / sqrt(10)
    assert isclose(found.interval.low, average - half, rel_tol=1e-4)
    assert isclose(found.interval.high, min(100, average + half), rel_tol=1e-4)
    assert found.items[0].interval == found.items[0].subitems[0].interval == found.interval


def test_answers_of_one_form_that_resemble_each_other_are_no_more_forms():
    """Asking the same thing five times must not narrow the interval."""
    once = scoring("5544433211", of=document(("a", 1, {"x": 1}))).source()
    five = document(("a", 1, {f"x{number}": 1 for number in range(5)}))
    again = scoring(*(level * 5 for level in "5544433211"), of=five).source()

    assert isclose(once.interval.low, again.interval.low)
    assert isclose(once.interval.high, again.interval.high)


def test_who_asks_everybody_is_not_uncertain():
    rows = ["543", "222", "444", "513", "333"]
    free, half, full = (scoring(*rows, frame=frame).source() for frame in (None, 10, 5))

    width = {name: line.interval.high - line.interval.low
             for name, line in {"free": free, "half": half, "full": full}.items()}  # fmt: skip
    assert width["full"] == 0
    assert 0 < width["half"] < width["free"]
    assert correction(5, 10) == sqrt(5 / 9)
    assert correction(5, 4) == correction(5, None) == 1


def test_one_form_or_forms_all_alike_tell_nothing_of_chance():
    assert scoring("543").source().interval is None
    assert scoring("543", "543", "543").source().interval is None


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706), (4, 2.776), (5, 2.5706), (9, 2.2622), (30, 2.0423), (10**6, 1.95997)],
)
def test_students_quantile(freedom, quantile):
    assert isclose(student(freedom), quantile, rel_tol=2e-3)


# ---------------------------------------------------------------------------- figures
@pytest.mark.parametrize(
    ("value", "text"),
    [("92.045", "92.05"), ("92.0449999", "92.04"), ("-0.005", "-0.01"), ("0.004", "0.00"),
     ("-0.004", "0.00"), ("99.995", "100.00"), ("41.44", "41.44")],
)  # fmt: skip
def test_a_half_is_rounded_up_once(value, text):
    assert printed(Fraction(value)) == text == naive.rounded(Fraction(value))


@given(st.fractions(min_value=-200, max_value=200))
def test_rounding_is_the_naive_one(value):
    assert printed(value) == naive.rounded(value)
    assert abs(Fraction(half_up(value)) - value) <= Fraction(1, 200)


def test_a_rate_is_cut_off():
    assert percent(7999, 10000) == "79.99"
    assert percent(79999, 100000) == "79.99"
    assert percent(4, 5) == "80.00"
    assert percent(1, 3) == "33.33"
    assert percent(3, 0) is None


def test_points_stay_what_they_are():
    assert [points_of(Decimal(one)) for one in ("0.2", "50", "0.0625", "0")] == [
        "0.20", "50.00", "0.0625", "0.00",
    ]  # fmt: skip
