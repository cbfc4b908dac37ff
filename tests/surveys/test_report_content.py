"""The report as an object: there and back, its digest, what is another than before."""

from dataclasses import replace

import pytest

from surveys.domain.reports import content
from surveys.domain.reports.content import (
    Chart,
    Column,
    Conclusion,
    Figure,
    Report,
    Row,
    Section,
    SignatureLine,
    Table,
    Words,
)

ITEM, SCORE = (
    Column("item", Words("项目", "Item")),
    Column("score", Words("得分", "Score"), "score"),
)


def report(score: str = "84.20") -> Report:
    row = Row(
        "delivery",
        (
            Words("交付", "Delivery", "/satisfaction/"),
            Figure(score, n=12, interval=("80.10", "88.30"), marks=("inside_interval",)),
        ),
    )
    table = Table(
        "items",
        Words("各项目", "Items"),
        (ITEM, SCORE),
        (row,),
        (Chart("bar", "item", ("score",)),),
    )
    return Report(
        number="FX-2026-0001",
        revision=1,
        period="2026-H1",
        period_name=Words("2026 年上半年", "First half of 2026"),
        title=Words("分析报告", "Analysis report"),
        company=Words("公司", "Company"),
        author="冯雪",
        computed_at="2026-07-02T10:00:00+08:00",
        policy=1,
        sections=(Section("results", Words("结果", "Results"), (table,), (Words("好", "Good"),)),),
        conclusions=(
            Conclusion(
                "c1", "缩短交付", Words("改进", "Improvement"), Words("营销", ""), "2026-09-01"
            ),
        ),
        restates=content.Restatement(
            "FX-2026-0000",
            "一件投诉不成立",
            "ab" * 32,
            (content.Difference("a.b.c", Words("甲", "A"), Figure("1"), Figure(None)),),
        ),
    )


def test_a_report_read_from_its_json_is_the_same_report():
    whole = report()
    assert content.read(content.to_json(whole)) == whole


def test_a_schema_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="schema 2"):
        content.read({**content.to_json(report()), "schema": 2})


def test_the_digest_covers_every_figure_but_no_signature():
    data = content.to_json(report())
    line = SignatureLine(Words("审核", "Reviewed"), "蒋涛", Words("管代", "MR"), "2026-07-03")
    signed = content.to_json(replace(report(), signatures=(line,), sealed="ff"))
    assert content.digest(signed) == content.digest(data)
    assert content.digest(content.to_json(report("84.21"))) != content.digest(data)


def test_figures_are_named_by_table_row_and_column():
    assert report().figures() == {
        "items.delivery.score": Figure(
            "84.20", n=12, interval=("80.10", "88.30"), marks=("inside_interval",)
        )
    }


def test_what_differs_stands_side_by_side_in_words():
    [one] = content.differences(report(), report("85.00"))
    assert one.label == Words("各项目 · 交付 · 得分", "Items · Delivery · Score")
    assert (str(one.before), str(one.after)) == ("84.20", "85.00")


def test_a_figure_that_is_gone_stands_against_nothing():
    whole = report()
    bare = replace(whole, sections=())
    [one] = content.differences(whole, bare)
    assert (str(one.before), str(one.after)) == ("84.20", "–")
