"""Charts: scales and waterfalls add up, Word gets parts one can edit, the paper gets the same."""

import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import docx
import openpyxl
import pytest
from lxml import etree

from cases.documents import charts
from cases.documents.blocks import Chart, Document, Facts, Figure, Section, Series, Table
from cases.documents.printed import handed, printed
from cases.documents.word import word
from tests.cases.papers import squeezed, words_of_word

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MADE = datetime(2026, 7, 10, 9, tzinfo=UTC)


def values(*texts):
    return tuple(None if text is None else Decimal(text) for text in texts)


COLUMNS = Chart(
    "columns", "Scores & <more>", ("质量", "交付", "价格"),
    (Series("2026", values("91.20", "88.10", None)), Series("2025", values("90", "89", "70"))),
    "分", ("Goal", Decimal(80)),
)  # fmt: skip
BARS = Chart("bars", "Regions", ("华东", "华南"), (Series("Score", values("95.5", "-3")),))
LINE = Chart("line", "Trend", ("H1", "H2", "H3"), (Series("Index", values("88.1", None, "89.3")),))
FALL = charts.waterfall(
    "Index", (
        charts.Step("A", Decimal("55.44")), charts.Step("B", Decimal("36.60")),
        charts.Step("Sum", Decimal("92.04"), is_sum=True), charts.Step("C", Decimal("-50.60")),
        charts.Step("Index", Decimal("41.44"), is_sum=True),
    ), ("Sums", "Sources", "Deductions"),
)  # fmt: skip
ALL = (COLUMNS, BARS, LINE, FALL)


def paper(*given):
    return Document(
        "Report", "", "R-1", "C", Facts(()), (Section("1", "Charts", given),), "", ("", "/", ""),
        "L", contents="Contents", made=MADE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "low", "high", "step"),
    [
        (("0", "97"), "0", "100", "20"),
        (("3", "-8"), "-10", "5", "5"),
        (("0.04",), "0", "0.04", "0.01"),
        (("0",), "0", "1", "0.2"),
        ((None,), "0", "1", "0.2"),
        (("123456",), "0", "150000", "50000"),
    ],
)
def test_a_scale_has_round_marks_around_every_value(given, low, high, step):
    made = Chart("columns", "", ("x",) * len(given), (Series("", values(*given)),))
    found = charts.scale(made)
    assert (found.low, found.high, found.step) == tuple(map(Decimal, (low, high, step)))
    assert found.marks[0] == found.low and found.marks[-1] == found.high


def test_the_parts_of_a_waterfall_stand_on_each_other():
    unseen, sums, rises, falls = FALL.series
    assert unseen.manner == "hidden"
    assert unseen.values == values("0", "55.44", "0", "41.44", "0")
    assert sums.values == values(None, None, "92.04", None, "41.44")
    assert rises.values == values("55.44", "36.60", None, None, None)
    assert falls.values == values(None, None, None, "50.60", None)


def test_a_step_across_zero_has_a_part_on_either_side():
    steps = (charts.Step("A", Decimal(40)), charts.Step("B", Decimal(-50)))
    made = charts.waterfall("", steps, ("", "", "Down"))
    parts = [one.values[1] for one in made.series if one.name == "Down"]
    assert parts == [Decimal(40), Decimal(-10)]
    assert charts.scale(made).low == -10


def test_a_word_chart_can_be_edited_and_holds_every_number_twice():
    """In its own cache, which every reader shows, and in the workbook that opens for editing."""
    packed = zipfile.ZipFile(BytesIO(word(paper(*ALL))))
    for number, chart in enumerate(ALL, start=1):
        part = etree.fromstring(packed.read(f"word/charts/chart{number}.xml"))
        book = openpyxl.load_workbook(
            BytesIO(packed.read(f"word/embeddings/chart{number}.xlsx"))
        ).active
        rows = list(book.iter_rows(values_only=True))
        lines = [("", chart.line[1])] if chart.line else []
        given = [(one.name, *one.values) for one in chart.series]
        for column, one in enumerate(given, start=1):
            stored = [value if value is None else float(value) for value in one[1:]]
            assert [row[column] for row in rows[1:]] == stored
        cached = [
            [float(point.find(f"{C}v").text) for point in series.find(f"{C}val").iter(f"{C}pt")]
            for series in part.iter(f"{C}ser")
        ]
        wanted = [[float(one) for one in row[1:] if one is not None] for row in given]
        wanted += [[float(value)] * len(chart.categories) for _name, value in lines]
        assert cached == wanted
        assert part.find(f"{C}externalData") is not None
        assert chart.title in "".join(part.itertext())


def test_paper_draws_the_same_values():
    sizes = charts.scale(COLUMNS)
    drawn = handed(paper(COLUMNS))[0]["sections"][0]["blocks"][0]
    tops = [bar[4] for bar in drawn["bars"]]
    assert [bar[7] for bar in drawn["bars"]] == ["91.20", "90", "88.10", "89", "70"]
    assert tops[0] == sizes.place(Decimal("91.20")) == pytest.approx(0.912)
    assert drawn["line"] == [sizes.place(Decimal(80)), "Goal"]
    falls = [bar for bar in handed(paper(FALL))[0]["sections"][0]["blocks"][0]["bars"] if bar[6]]
    assert [bar[7] for bar in falls] == ["−50.60"]
    assert printed(paper(*ALL)).startswith(b"%PDF")


def test_a_chart_without_any_value_is_drawn_empty():
    empty = Chart("columns", "None", (), (Series("a", ()),))
    blank = Chart("line", "None", ("x",), (Series("a", values(None)),))
    assert printed(paper(empty, blank)).startswith(b"%PDF")
    assert docx.Document(BytesIO(word(paper(empty, blank))))


@pytest.mark.parametrize("made", [printed, word])
def test_one_content_is_one_file_whenever_it_is_made(made):
    import time

    first = made(paper(*ALL))
    time.sleep(1.1)
    assert made(paper(*ALL)) == first


def test_figures_stand_right_with_their_marks_and_long_tables_repeat_their_heads():
    rows = tuple((f"片区 {n}", Figure(Decimal("79.99"), "▼"), Figure(None)) for n in range(80))
    table = Table(("Region", "Rate", "Score"), rows, (2, 1, 1), name="By region", note="▼ few")
    made = docx.Document(BytesIO(word(paper(table))))
    found = made.tables[-1]
    cells = found.rows[1].cells
    assert [cell.text for cell in cells] == ["片区 0", "79.99\u00a0▼", "–"]
    assert [cell.paragraphs[0].alignment for cell in cells] == [None, 2, 2]
    assert found.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    data = handed(paper(table))[0]["sections"][0]["blocks"][0]
    assert data["right"] == [False, True, True] and data["is_long"]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_the_list_of_sections_leads_to_them():
    made = docx.Document(BytesIO(word(paper(LINE))))
    anchors = [one.get(f"{W}anchor") for one in made.element.body.iter(f"{W}hyperlink")]
    marks = [one.get(f"{W}name") for one in made.element.body.iter(f"{W}bookmarkStart")]
    assert anchors == marks == ["section1"]
    assert squeezed("Contents1  Charts") in words_of_word(word(paper(LINE)))


def test_a_signed_figure_bears_its_sign():
    shown = [Figure(Decimal(one), signed=True).text for one in ("1.20", "-0.50", "0.00")]
    assert shown == ["+1.20", "−0.50", "0.00"]
    assert Figure(Decimal("12345.60")).text == "12,345.60"
