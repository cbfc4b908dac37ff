"""The analysis report on paper and in Excel: every figure of it, in both languages, to the byte."""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.utils.translation import override

from cases.documents.printed import handed
from surveys.documents import analysis, analysis_lists
from surveys.domain import index
from surveys.domain.reports import files, freezing
from surveys.domain.reports.content import Figure, Words
from surveys.models import ReportFile
from tests.cases.offices import converted, needs_office
from tests.cases.papers import missing_in_pdf, squeezed, texts, words_of_word
from tests.cases.test_workbook import FORMULAS, cells_of
from tests.factories import bring
from tests.surveys import reporting
from tests.surveys.indexing import PERIOD
from workflows.domain import outbox
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def c(company):
    reporting.data(company)
    # Ten cost a deduction, two wait.
    for _turn in range(12):
        bring(company, "statement")
    return company


@pytest.fixture
def report(c):
    return reporting.frozen(c)


@pytest.fixture
def whole(report):
    return files.printed(report)


def opened(made):
    return openpyxl.load_workbook(BytesIO(made))


def figures_of(whole):
    """As they are printed: with the sign of a minus, and without a minus before zero."""
    values = [
        cell.value
        for table in whole.tables()
        for row in table.rows
        for cell in row.cells
        if isinstance(cell, Figure) and cell.value is not None
    ]
    assert len(values) > 50
    found = {f"{Decimal(value) or abs(Decimal(value)):,f}" for value in values}
    return {one.replace("-", "−") for one in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_report_stands_in_each_document(whole, language):
    with override(language):
        word, pdf, excel = analysis.word(whole), analysis.pdf(whole), analysis.excel(whole)
        told = texts(handed(analysis.document(whole))[0])
    wanted = figures_of(whole)
    words = words_of_word(word)
    assert [one for one in wanted if one not in words] == []
    assert missing_in_pdf(pdf, [squeezed(one) for one in wanted]) == []
    assert [one for one in wanted if one not in "".join(told)] == []
    numbers = {cell.value for cell in cells_of(opened(excel)) if cell.data_type == "n"}
    missing = {float(one.replace(",", "").replace("−", "-")) for one in wanted} - numbers
    assert missing == set()


def test_the_index_is_the_one_on_the_screen(whole):
    net = index.current(PERIOD).result["net"]
    assert net in words_of_word(analysis.word(whole))
    book = opened(analysis.excel(whole))
    rows = [[cell.value for cell in row] for row in book["All figures"].iter_rows()]
    assert float(net) in {row[3] for row in rows if row[1] == "Index"}


def test_a_chinese_report_holds_no_untranslated_text(whole):
    with override("zh-hans"):
        told = texts(handed(analysis.document(whole))[0])
        book = opened(analysis.excel(whole))
    told += [str(cell.value) for cell in cells_of(book) if cell.data_type == "s"]
    words = {word for text in told for word in re.findall(r"\b[A-Za-z]{3,}\b", text)}
    blocks = {"Facts", "Table", "Heading", "Chart", "Prose", "Signatures", "Nothing"}
    kinds = {"columns", "bars", "stacked"}
    assert {one for one in words - blocks - kinds if not re.fullmatch("[0-9a-f]+", one)} <= {"SHA"}


def test_figures_lead_to_what_is_behind_them(whole, settings):
    settings.SITE_URL = "https://redress.example.com"
    book = opened(analysis.excel(whole))
    lines = book["Deductions with their cases"].iter_rows(min_row=4)
    count = next(row for row in lines if row[1].value == 12)
    assert count[1].hyperlink.location.startswith("'Cases behind deductions'!A")
    cases = list(book["Cases behind deductions"].iter_rows(min_row=4))
    assert len(cases) == 12
    assert cases[0][0].hyperlink.target.startswith("https://redress.example.com/cases/")
    listed = analysis_lists.places(whole)
    lines = list(book["All figures"].iter_rows(min_row=4))
    for (table, row, column), to in listed.items():
        if to.startswith("figures#"):
            line = lines[int(to.partition("#")[2]) - 1]
            found = whole.table(table)
            given = next(one for one in found.rows if one.key == row)
            assert line[3].value == float(given.cells[found.place(column)].value)
    pages = {cell.hyperlink.target for line in lines for cell in line if cell.hyperlink}
    assert any("/satisfaction/answers/?" in page and "level=5" in page for page in pages if page)


def test_no_text_of_the_report_becomes_a_formula(whole):
    for text in FORMULAS:
        said = Words(text, text)
        section = replace(whole.sections[0], narrative=(said,), title=said)
        given = replace(
            whole, title=said, author=text, company=said,
            sections=(section, *whole.sections[1:]),
            conclusions=tuple(replace(one, text=text) for one in whole.conclusions),
        )  # fmt: skip
        found = cells_of(opened(analysis.excel(given)))
        assert {cell.data_type for cell in found if cell.value == text.strip()} == {"s"}, text
        assert not [cell for cell in found if cell.data_type == "f"], text


# ---------------------------------------------------------------------------- kept
def test_a_frozen_report_keeps_its_documents_and_they_can_be_made_again_to_the_byte(report):
    outbox.drain()
    kept = {(one.name, one.language): bytes(one.data) for one in ReportFile.objects.all()}
    assert set(kept) == {(name, code) for name in ("word", "pdf", "excel") for code in LANGUAGES}
    whole = files.printed(reporting.again(report))
    for (name, language), data in kept.items():
        with override(language):
            assert files.RENDERERS[name].make(whole) == data, (name, language)


def test_a_draft_says_so_and_has_room_for_signatures(c):
    draft = reporting.drawn_up(c)
    whole = freezing.shown(draft, at=now())
    words = words_of_word(analysis.word(whole))
    assert squeezed("Approved by the general manager") in words and "Remarks" in words
    assert "Draft" in analysis.document(whole).foot


def test_a_draft_goes_out_as_it_reads(c, client):
    draft = reporting.drawn_up(c)
    client.force_login(c.marketer)
    for name, begins in (("pdf", b"%PDF"), ("word", b"PK"), ("excel", b"PK")):
        made = client.get(f"/reports/{draft.number}/draft/{name}/", {"lang": "zh-hans"})
        assert made.status_code == 200 and made.content.startswith(begins)
        assert f"{draft.number}-draft-zh" in made["Content-Disposition"]
    assert client.get(f"/reports/{draft.number}/draft/exe/").status_code == 404
    client.force_login(c.handler)
    assert client.get(f"/reports/{draft.number}/draft/pdf/").status_code == 404
    client.force_login(c.marketer)
    assert client.get("/reports/FX-0/draft/pdf/").status_code == 404


def test_a_frozen_report_is_never_made_anew(report, client, c):
    client.force_login(c.marketer)
    client.cookies["django_language"] = "en"
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Documents are being made" in page
    outbox.drain()
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Documents are being made" not in page
    for one in ReportFile.objects.all():
        address = f"/reports/{report.number}/files/{one.pk}/"
        assert address in page and client.get(address).content == bytes(one.data)
    assert client.get(f"/reports/{report.number}/draft/pdf/").status_code == 404


def test_a_restated_report_shows_both_figures_and_why(c, report):
    from tests.surveys.indexing import answer

    answer(c.campaigns["sales_survey"], "1")
    whole = freezing.shown(reporting.restated(c, report), at=now())
    assert whole.restates is not None and whole.restates.differences
    words = words_of_word(analysis.word(whole))
    for one in (whole.restates.digest, "补录一份答卷", report.number):
        assert squeezed(one) in words


# ---------------------------------------------------------------------------- LibreOffice
@needs_office
@pytest.mark.slow
def test_libreoffice_opens_word_and_excel_without_repair(whole, tmp_path):
    with override("zh-hans"):
        given = {"zh_docx": analysis.word(whole), "zh_xlsx": analysis.excel(whole)}
    with override("en"):
        given |= {"en_docx": analysis.word(whole), "en_xlsx": analysis.excel(whole)}
    found = converted(tmp_path, **given)
    net = index.current(PERIOD).result["net"]
    for name, text in found.items():
        assert net in text, name
        wanted = ("满意度", "销售公司走访") if name.startswith("zh") else ("Deductions",)
        assert all(one in text.replace("\n", "") for one in wanted), name
        assert "#REF" not in text and "Err:" not in text and "\N{REPLACEMENT CHARACTER}" not in text
