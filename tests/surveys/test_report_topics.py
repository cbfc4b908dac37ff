"""Topics planted in made-up texts are found: whole, counted, told from what was before."""

from itertools import product
from random import Random
from time import perf_counter

from surveys.domain.reports import topics

OPENINGS = (
    "客户反映",
    "用户来电称",
    "今天",
    "我厂",
    "经销商王总说",
    "第二批货",
    "验收时",
    "装机后",
)
FILLERS = (
    "请尽快答复",
    "影响生产",
    "已拍照片",
    "望妥善解决",
    "等待回复",
    "多次联系未果",
    "麻烦看一下",
)
DAILY = ("包装破损", "颜色偏差", "送货地址写错", "发票抬头有误", "数量短少")


def texts(planted, many, *, noise=40, seed=1):
    """`many` texts with the planted phrase among others about everyday things."""
    dice = Random(seed)
    rows = [planted] * many + [dice.choice(DAILY) for _turn in range(noise)]
    dice.shuffle(rows)
    return [
        (f"TS-{number}", f"{dice.choice(OPENINGS)}{what}，{dice.choice(FILLERS)}。")
        for number, what in enumerate(rows)
    ]


def by_phrase(found):
    return {one.phrase: one for one in found.found}


def test_a_planted_phrase_is_found_whole_with_its_count():
    found = by_phrase(topics.find(texts("密封圈老化", 15), texts("密封圈老化", 15, seed=2)))
    assert found["密封圈老化"].count == 15
    assert not {"密封", "封圈", "圈老化", "密封圈", "老化"} & set(found)


def test_what_is_new_rises_and_stands_first():
    now, before = texts("密封圈老化", 18), texts("密封圈老化", 0)
    first = topics.find(now, before).found[0]
    assert (first.phrase, first.count, first.before) == ("密封圈老化", 18, 0)
    assert first.rises


def test_what_is_gone_falls_and_is_still_named():
    found = by_phrase(topics.find(texts("密封圈老化", 0), texts("密封圈老化", 18)))
    assert found["密封圈老化"].falls
    assert found["密封圈老化"].count == 0


def test_what_stays_as_it_was_neither_rises_nor_falls():
    one = by_phrase(topics.find(texts("漏油", 15), texts("漏油", 14, seed=3)))["漏油"]
    assert not one.rises
    assert not one.falls


def test_examples_lead_to_texts_that_say_it():
    now = texts("密封圈老化", 12)
    said = dict(now)
    one = by_phrase(topics.find(now, []))["密封圈老化"]
    assert len(one.examples) == topics.EXAMPLES
    assert all("密封圈老化" in said[ref] for ref in one.examples)


def test_a_text_counts_once_however_often_it_says_so():
    now = [(str(n), "漏油，又漏油，还是漏油") for n in range(4)]
    assert by_phrase(topics.find(now, []))["漏油"].count == 4


def test_two_who_say_it_are_no_topic():
    assert topics.find([("1", "漏油"), ("2", "漏油")], []).found == ()


def test_words_of_grammar_and_hollow_words_are_no_topics():
    now = [(str(n), f"客户反映{what}的问题") for n, what in enumerate(DAILY * 5)]
    found = by_phrase(topics.find(now, []))
    assert set(found) == set(DAILY)


def test_english_phrases_are_found_in_whole_words():
    heads = ("Again", "Since Monday", "For weeks", "The line stopped:")
    now = [(str(n), f"{a} the bearing noise is {b}.") for n, (a, b) in
           enumerate(product(heads, ("loud", "worse", "unbearable")))]  # fmt: skip
    found = by_phrase(topics.find(now, []))
    assert found["bearing noise"].count == 12
    assert not {"bearing", "noise", "the", "is"} & set(found)


def test_numbers_of_telephones_and_orders_are_never_topics():
    now = [(str(n), "订单 20260001，电话 13800138000，漏油") for n in range(6)]
    assert not any(sign.isdigit() for one in topics.find(now, []).found for sign in one.phrase)


def test_letters_of_model_codes_are_no_topics():
    now = [(str(n), "JSQ26-H13 机型 A3 漏油 DN-40B") for n in range(6)]
    assert "漏油" in by_phrase(topics.find(now, []))
    assert not any("a" <= sign <= "z" for sign in "".join(by_phrase(topics.find(now, []))))


def test_the_same_texts_give_the_same_topics_in_any_process():
    now, before = texts("密封圈老化", 15), texts("漏油", 9)
    assert topics.find(now, before) == topics.find(list(now), list(before))


def test_no_texts_have_no_topics():
    assert topics.find([], []).found == ()
    assert topics.find([("1", ""), ("2", "123 !!")], []).found == ()


def test_twenty_thousand_texts_take_seconds_and_more_are_sampled():
    many = texts("密封圈老化", 9000, noise=30_000)
    before = perf_counter()
    found = topics.find(many, [])
    assert perf_counter() - before < 15
    assert found.sampled
    assert found.texts <= topics.MOST_TEXTS
    assert "密封圈老化" in by_phrase(found)
