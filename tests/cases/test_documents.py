"""Company documents: nothing of what is recorded is missing, and nothing is read as markup."""

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from django.utils.translation import override
from docx.oxml.ns import qn
from docx.shared import Mm

from cases.documents.plain import breakable, clean
from cases.documents.printed import handed, printed
from cases.documents.word import word
from cases.domain.eight_d.report import Member
from tests.cases.papers import (
    BARE,
    FULL,
    photo,
    report,
    squeezed,
    texts,
    words_of_pdf,
    words_of_word,
)

# Everything that means something to typst, XML, HTML or a template.
MARKUP = "#set *b* _i_ $x^2$ `c` <w:b> &amp; {{x}} [l](u) @r \\u{41} // = H - l ~ ]]> #(1)"
SAID = [
    "SG-2026-000012", "轴承抱死致停线", "BX-200轴承", "温升35℃", "换12套", "周敏", "刘喆", "三号线",
    "保持架断裂", "36", "70%", "30%", "压装力不足", "气压波动", "终检不测压装力", "Machine",
    "低压停机", "Nocasefor90days", "工艺防错", "三台改造", "改造后.jpg", "抽检30件", "2026-06-28",
    "CA-2026-0003", "BX-300", "同步改造", "R-087", "要有下限报警", "处理及时", "Iclose",
    "Qualitymanager",
]  # fmt: skip


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def opened(made):
    return docx.Document(BytesIO(made))


# ---------------------------------------------------------------------------- what is in it
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("format", ["pdf", "word"])
def test_everything_that_is_recorded_is_in_the_report(language, format):
    with override(language):
        made = report(FULL)
        found = words_of_pdf(made) if format == "pdf" else words_of_word(word(made))
    assert [text for text in SAID if text not in found] == []


@pytest.mark.parametrize("format", ["pdf", "word"])
def test_every_discipline_has_its_place_and_says_when_it_is_empty(format):
    made = report(BARE)
    found = words_of_pdf(made) if format == "pdf" else words_of_word(word(made))
    places = [found.index(f"D{number}") for number in range(9)]
    assert places == sorted(places)
    sections = re.split(r"D\d", found)[1:]
    assert len(sections) == 9
    for number, section in enumerate(sections):
        assert "otrecordedyet" in section, number


def test_root_causes_are_marked_and_symptoms_are_not():
    found = words_of_word(word(report(FULL)))
    assert "气压波动[rootcause]" in found and "无报警[rootcause]" in found
    assert "抱死[rootcause]" not in found and "压装力不足[rootcause]" not in found


# ---------------------------------------------------------------------------- hostile text
@pytest.mark.parametrize("format", ["pdf", "word"])
def test_text_with_signs_of_markup_is_printed_as_it_stands(format):
    team = (Member(MARKUP, MARKUP, (MARKUP,)),)
    given = replace(FULL, title=MARKUP, symptom=MARKUP, customer=MARKUP, team=team)
    made = report(replace(given, company=MARKUP, causes=(), chosen=()))
    found = words_of_pdf(made) if format == "pdf" else words_of_word(word(made))
    assert found.count(squeezed(MARKUP)) >= 5


def test_control_characters_and_turned_text_do_not_reach_the_paper():
    text = "a\x00b\x0bc\u202ed\ud800e\uffff\r\n\r\n\r\n\r\nf"
    assert clean(text) == "abcde\n\nf"
    made = report(replace(FULL, symptom=text, title=text, number="SG\x01-1"))
    assert "SG-1" in words_of_pdf(made)
    assert "abcde" in words_of_word(word(made))


def test_a_text_of_20000_characters_runs_over_pages_and_ends_with_its_end():
    text = "压装力不足，" * 3333 + "完毕"
    made = report(replace(FULL, symptom=text))
    pdf, lines = printed(made), words_of_pdf(made)
    # The number of a page stands inside a long text; what comes before it is cut by it.
    assert "完毕" in lines and lines.count("压装力不足，") > 3200
    assert len(pdf) < 2_000_000
    assert words_of_word(word(made)).count("压装力不足，") == 3333


def test_a_word_without_end_stays_between_the_margins(tmp_path):
    made = report(replace(FULL, symptom="x" * 3000, title="https://" + "a/b?c=" * 30))
    assert "x" * 3000 in joined_data(made)
    if shutil.which("pdftotext"):
        file = tmp_path / "a.pdf"
        file.write_bytes(printed(made))
        done = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True)
        ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', done.stdout.decode())]
        assert max(ends) < (210 - 20) / 25.4 * 72 + 1


def joined_data(made):
    return squeezed("".join(texts(handed(made)[0])))


def test_words_break_after_a_sign_and_short_ones_not_at_all():
    assert breakable("https://example.com/abc/def").split("\u200b")[0] == "https://"
    assert breakable("CA-2026-0001 压装力不足") == "CA-2026-0001 压装力不足"
    assert breakable("y" * 60).replace("\u200b", "") == "y" * 60


# ---------------------------------------------------------------------------- pictures
def test_pictures_are_scaled_into_their_frames(tmp_path):
    shapes = ((1600, 1200), (900, 1600), (3000, 200))
    made = report(replace(FULL, photos=tuple(photo(tmp_path, shape) for shape in shapes)))
    shown = opened(word(made)).inline_shapes
    assert len(shown) == 3
    assert all(one.width <= Mm(81) and one.height <= Mm(55) for one in shown)
    data, files = handed(made)
    assert len(files) == 3 and "改造.png" in joined_data(made)
    assert len(printed(made)) > len(printed(report(FULL)))
    assert data["title"] == "8D report"


def test_a_picture_that_cannot_be_read_is_left_out(tmp_path):
    broken = photo(tmp_path, (10, 10))
    broken.path.write_bytes(b"\x89PNG no picture")
    gone = replace(broken, path=tmp_path / "nothing")
    made = report(replace(FULL, photos=(broken, gone)))
    assert len(opened(word(made)).inline_shapes) == 0
    assert printed(made).startswith(b"%PDF")


# ---------------------------------------------------------------------------- the Word file
def test_the_word_file_is_a_company_document():
    made = opened(word(report(FULL)))
    page = made.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert "华东精工有限公司" in page.header.paragraphs[0].text
    assert "SG-2026-000012" in page.header.paragraphs[0].text
    foot = page.footer.paragraphs[0]
    assert [one.text.strip() for one in foot._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert "Printed by 林晓" in foot.text
    fonts = {name: made.styles[name].element.rPr.rFonts for name in ("Normal", "Heading 1")}
    assert fonts["Normal"].get(qn("w:eastAsia")) == "宋体"
    assert fonts["Heading 1"].get(qn("w:eastAsia")) == "黑体"
    heads = [one.text for one in made.paragraphs if one.style.name == "Heading 1"]
    assert [head.split()[0] for head in heads] == [f"D{number}" for number in range(9)]
    assert made.core_properties.author == "林晓"
    assert made.core_properties.title == "8D report SG-2026-000012"


def test_heads_of_tables_are_repeated_and_short_rows_stay_whole():
    made = opened(word(report(FULL)))
    team = next(one for one in made.tables if "周敏" in one.rows[1].cells[0].text)
    assert team.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert team.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_libreoffice_opens_the_word_file(tmp_path):
    """Only where it is installed: the rest of the tests read the file with python-docx."""
    office = shutil.which("soffice")
    if office:
        (tmp_path / "8d.docx").write_bytes(word(report(FULL)))
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "8d.docx"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
        assert (tmp_path / "8d.pdf").read_bytes().startswith(b"%PDF")
