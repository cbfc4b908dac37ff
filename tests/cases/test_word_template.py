"""The company's Word template: its styles, header and margins; never a report that fails."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from django.core.checks import run_checks
from django.utils.translation import override
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from cases.documents.word import word
from tests.cases.papers import FULL, report, squeezed, words_of_word


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def template(tmp_path, settings):
    """A template as a company draws one: logo and words in the header, its own Heading 1."""
    made = docx.Document()
    page = made.sections[0]
    page.left_margin = page.right_margin = Mm(30)
    made.styles["Heading 1"].font.size = Pt(17)
    made.add_paragraph("This is how our documents look.")
    logo = BytesIO()
    Image.new("RGB", (40, 20), "red").save(logo, "PNG")
    logo.seek(0)
    line = page.header.paragraphs[0]
    line.add_run().add_picture(logo, width=Mm(20))
    # Word parts a word over runs as it likes.
    for part in ("{com", "pany} · ", "{number}"):
        line.add_run(part)
    page.footer.paragraphs[0].text = "QR-08-03"
    path = tmp_path / "ours.docx"
    made.save(path)
    settings.WORD_TEMPLATE = str(path)
    return path


def test_styles_header_logo_and_margins_are_those_of_the_template(template):
    made = docx.Document(BytesIO(word(report(FULL))))
    header = made.sections[0].header
    assert header.paragraphs[0].text.strip() == "华东精工有限公司 · SG-2026-000012"
    assert list(header._element.iter(qn("w:drawing")))
    assert made.styles["Heading 1"].font.size == Pt(17)
    assert made.sections[0].left_margin.mm == pytest.approx(30, abs=0.1)
    assert made.sections[0].footer.paragraphs[0].text == "QR-08-03"
    wide = sum(column.width for column in made.tables[0].columns)
    inside = made.sections[0].page_width - Mm(60)
    assert wide == pytest.approx(inside, rel=0.01)


def test_what_the_template_says_in_its_body_is_left_out_and_all_of_the_report_is_there(template):
    found = words_of_word(word(report(FULL)))
    assert "howourdocumentslook" not in found
    assert squeezed("轴承抱死致停线") in found and "D8" in found


def test_the_digest_stands_in_a_footer_that_has_no_place_for_it(template):
    given = replace(report(FULL), digest="ab" * 32, digest_name="SHA-256")
    made = docx.Document(BytesIO(word(given)))
    assert any("ab" * 32 in one.text for one in made.sections[0].footer.paragraphs)


def test_an_empty_header_and_missing_styles_are_ours(tmp_path, settings):
    made = docx.Document()
    for name in ("Title", "Heading 1", "Caption"):
        style = made.styles[name].element
        style.getparent().remove(style)
    made.save(tmp_path / "bare.docx")
    settings.WORD_TEMPLATE = str(tmp_path / "bare.docx")
    found = docx.Document(BytesIO(word(report(FULL))))
    assert "华东精工有限公司" in found.sections[0].header.paragraphs[0].text
    assert [one.text for one in found.paragraphs if one.style.name == "Title"] == ["8D report"]


@pytest.mark.parametrize("content", [None, b"", b"PK no zip", b"{\\rtf1}"])
def test_a_template_that_cannot_be_read_is_told_at_start_and_stops_no_report(
    tmp_path, settings, content
):
    path = tmp_path / "gone.docx"
    if content is not None:
        path.write_bytes(content)
    settings.WORD_TEMPLATE = str(path)
    assert [one.id for one in run_checks() if one.id == "cases.E001"] == ["cases.E001"]
    made = docx.Document(BytesIO(word(report(FULL))))
    assert "华东精工有限公司" in made.sections[0].header.paragraphs[0].text
