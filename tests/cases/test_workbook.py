"""Workbooks: numbers are numbers, text stays text, sheets lead to each other, one file each."""

import time
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.utils.translation import override

from cases.documents.blocks import (
    Document,
    Fact,
    Facts,
    Figure,
    Heading,
    Linked,
    Prose,
    Remarks,
    Section,
    Signatures,
    Signed,
    Table,
)
from cases.documents.workbook import Listed, workbook
from cases.documents.workbook_sheets import sheet_names
from tests.cases.test_charts import ALL, BARS, MADE

# What a spreadsheet would compute, run or open (shared/QUALITY.md, S4).
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")",
    "+86 10 1234", "\t=1+1", "\r=1+1", "＝1+1", "=DDE(\"a\";\"b\")", "{=1+1}",
    "http://example.com/", "=IMPORTXML(\"http://x\",\"//a\")",
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def full(text="text", **changes):
    """A document with `text` wherever somebody may have typed it."""
    rows = (
        (text, Figure(Decimal("91.20"), "▼", to="cases#1"), date(2026, 3, 1)),
        (text, Figure(Decimal("-0.50"), signed=True), Linked(text, "cases")),
        (text, Figure(None), ""),
    )
    table = Table((text, text, "At"), rows, (1, 1, 1), name=text, note=text, strong=(2,))
    section = Section("1", text, (Prose(text), table, Heading("Second"), table, *ALL))
    last = Section("2", "Signing", (Remarks("Remarks", text), Signatures((
        Signed("I approve", text, text, "2026-07-01"),))))  # fmt: skip
    given = {
        "title": text, "subtitle": text, "number": "R-1", "company": text,
        "head": Facts((Fact(text, text),)), "sections": (section, last), "foot": text,
        "page": ("", "", ""), "author": text, "made": MADE,
    }  # fmt: skip
    return Document(**{**given, **changes})


def cases(text="text"):
    rows = ((Linked("KS-1", "https://example.com/cases/KS-1/"), text), ("KS-2", text))
    return Listed("cases", Table((text, "Title"), rows, (1, 1), name="Cases"))


def opened(made):
    return openpyxl.load_workbook(BytesIO(made))


def cells_of(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_somebody_typed_is_never_a_formula_nor_a_link(text):
    book = opened(workbook(full(text), (cases(text),)))
    found = cells_of(book)
    assert [cell.coordinate for cell in found if cell.data_type == "f"] == []
    said = [cell for cell in found if cell.value == text.strip()]
    assert len(said) > 10 and {cell.data_type for cell in said} == {"s"}
    targets = {cell.hyperlink.target for cell in found if cell.hyperlink}
    assert targets <= {None, "https://example.com/cases/KS-1/"}


def test_numbers_days_and_texts_are_what_they_are():
    sheet = opened(workbook(full("质量"), (cases(),)))["质量"]
    first, second, third = list(sheet.iter_rows(min_row=4, max_row=6))
    assert [cell.value for cell in first[:2]] == ["质量", 91.2]
    assert first[1].number_format == '#,##0.00" ▼"'
    assert first[2].value.date() == date(2026, 3, 1) and first[2].is_date
    assert second[1].value == -0.5 and second[1].number_format.startswith("+#,##0.00;-")
    assert third[1].value == "–" and third[0].font.bold
    assert sheet.freeze_panes == "B4" and sheet.auto_filter.ref == "A3:C6"


def test_a_zero_has_the_places_of_its_column():
    rows = ((Figure(Decimal("0.00")),), (Figure(Decimal("-0.00"), signed=True),))
    table = Table(("Points",), rows, (1,), name="Zero")
    sheet = opened(workbook(full(sections=(Section("1", "Zero", (table,)),))))["Zero"]
    assert [cell.number_format for cell in sheet["A"][3:]] == [
        "#,##0.00",
        "+#,##0.00;-#,##0.00;#,##0.00",
    ]


def test_cells_lead_to_the_list_behind_them_and_every_sheet_back_to_the_cover():
    book = opened(workbook(full("质量"), (cases(),)))
    first = next(book["质量"].iter_rows(min_row=4, max_row=4))
    assert first[1].hyperlink.location == "'Cases'!A4"
    cover = book.worksheets[0]
    ways = {cell.hyperlink.location for row in cover for cell in row if cell.hyperlink}
    assert ways == {f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]}
    for sheet in book.worksheets[2:]:
        back = [cell for row in sheet.iter_rows(max_row=1) for cell in row if cell.hyperlink]
        assert [cell.hyperlink.location for cell in back] == ["'Cover'!A1"], sheet.title


def test_charts_are_native_and_stand_on_the_sheet_of_their_table():
    book = opened(workbook(full("质量"), (cases(),)))
    drawn = {sheet.title: len(sheet._charts) for sheet in book.worksheets if sheet._charts}
    assert drawn == {"质量 2": len(ALL)}
    data = [cell.value for row in book["Chart data"].iter_rows() for cell in row]
    assert 91.2 in data and 41.44 in data


def test_sheets_have_names_that_excel_takes():
    wanted = [
        "a/b:c*?[d]\\e",
        "A B C D E",
        "x" * 40,
        "X" * 40,
        "'quoted'",
        "History",
        "",
        "量" * 40,
    ]
    found = sheet_names(wanted)
    assert found[:2] == ["a b c d e", "A B C D E 2"]
    assert found[2] == "x" * 31 and found[3] == "X" * 29 + " 2"
    assert found[4:] == ["quoted", "History 2", "Table", "量" * 31]


def test_text_longer_than_a_cell_is_cut_and_nothing_breaks():
    found = cells_of(opened(workbook(full("长" * 40_000, head=Facts(())))))
    assert max(len(str(cell.value or "")) for cell in found) == 32_767


def test_one_content_is_one_workbook_whenever_it_is_made():
    first = workbook(full(), (cases(),))
    time.sleep(1.1)
    assert workbook(full(), (cases(),)) == first


def test_a_section_of_charts_alone_has_a_sheet():
    book = opened(workbook(full(sections=(Section("1", "Trend", (BARS,)),))))
    assert book.sheetnames == ["Cover", "Trend", "Chart data"]
    assert len(book["Trend"]._charts) == 1


@pytest.mark.slow
def test_a_list_of_100000_rows_is_written_row_by_row():
    rows = tuple((f"F-{n}", Figure(Decimal(n))) for n in range(100_000))
    book = openpyxl.load_workbook(
        BytesIO(workbook(full(), (Listed("forms", Table(("No.", "n"), rows, (1, 1))),))),
        read_only=True,
    )
    assert book["forms"].max_row == 100_003
