"""The sheet a Word document is written on: A4, styles with their typefaces, header and footer."""

from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from cases.documents.blocks import Document

INK, GREY, ACCENT, WHITE = map(RGBColor.from_string, ("1F2933", "696969", "17457A", "FFFFFF"))
SHADE, RULE = "F2F5F9", "A5A5A5"
# Between the margins of 20 mm on A4.
WIDTH = 170
# Latin and Chinese typeface of text and of headings: every Windows and office has them.
BODY, HEAD = ("Times New Roman", "宋体"), ("Arial", "黑体")  # chinese: fonts' own names
# Room inside a cell, in twentieths of a point.
PADDING = {"top": 60, "left": 110, "bottom": 60, "right": 110}


def ours(document: Document) -> WordDocument:
    """A4 with our styles."""
    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(25), Mm(23)
    page.header_distance = page.footer_distance = Mm(12)
    styles(made)
    head(made, document)
    foot(made, document)
    return made


def head(made: WordDocument, document: Document) -> None:
    """Company and number above."""
    line = made.sections[0].header.paragraphs[0]
    mark(line, document.company, f"{document.title}  {document.number}".strip())
    line_at(line, "bottom")


def foot(made: WordDocument, document: Document) -> None:
    """Who printed it and the page below; its digest, where it has one."""
    footer = made.sections[0].footer
    line = footer.paragraphs[0]
    mark(line, document.foot, document.page[0])
    line_at(line, "top")
    for field, after in zip(("PAGE", "NUMPAGES"), document.page[1:], strict=True):
        count(line, field)
        line.add_run(after)
    if document.digest:
        digest = footer.add_paragraph(f"{document.digest_name} {document.digest}")
        digest.style = line.style


def width_of(made: WordDocument) -> float:
    """Between the margins, in millimetres."""
    page = made.sections[0]
    lengths = (page.page_width, page.left_margin, page.right_margin)
    whole, left, right = (length.mm if length is not None else 0 for length in lengths)
    return whole - left - right


def describe(made: WordDocument, document: Document) -> None:
    """What programs show of a file; nothing of the template it began as."""
    told = made.core_properties
    told.title, told.author = f"{document.title} {document.number}", document.author[:255]
    told.subject, told.comments = document.subtitle[:255], ""
    told.created = told.modified = document.made or datetime.now(UTC)
    package = made.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package.rels.pop(key)
    # Of 2013 and later, so that Word does not call it an old file.
    mode = made.settings.element.find(f".//{qn('w:compatSetting')}")
    if mode is not None:
        mode.set(qn("w:val"), "15")


# ---------------------------------------------------------------------------- styles
LOOKS: dict[str, dict[str, Any]] = {
    "Normal": {"faces": BODY, "size": 10},
    "Title": {"faces": HEAD, "size": 20, "after": 2, "middle": True},
    "Subtitle": {"faces": HEAD, "size": 11.5, "after": 8, "middle": True},
    "Heading 1": {
        "faces": HEAD, "size": 12, "before": 18, "after": 6, "colour": ACCENT, "bold": True,
    },
    "Heading 2": {"faces": HEAD, "size": 10.5, "before": 10, "after": 4, "bold": True},
    "Caption": {"faces": BODY, "size": 8.5, "before": 2, "after": 8, "colour": GREY},
    "Header": {"faces": BODY, "size": 8.5, "colour": GREY},
    "Footer": {"faces": BODY, "size": 8.5, "colour": GREY},
}  # fmt: skip


def styles(made: WordDocument) -> None:
    """What Word calls Normal, Title, Heading …: one can restyle the document by them."""
    for name, manner in LOOKS.items():
        look(made, name, **manner)
    for name in ("Header", "Footer"):
        stops = style(made, name).paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    # Of the letters that China, Taiwan and Japan draw differently, those of China.
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    style(made, "Normal").element.get_or_add_rPr().append(spoken)
    heading = style(made, "Heading 1")
    shade(heading.element.get_or_add_pPr(), SHADE)
    style(made, "Caption").paragraph_format.keep_with_next = False


def style(made: WordDocument, name: str) -> ParagraphStyle:
    found = made.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


def look(
    made: WordDocument,
    name: str,
    faces: tuple[str, str],
    size: float,
    *,
    before: float = 0,
    after: float = 0,
    colour: RGBColor = INK,
    bold: bool = False,
    middle: bool = False,
) -> None:
    """Set a style; a template's own borders and theme fonts go."""
    one = style(made, name)
    typefaces(one.element.get_or_add_rPr(), *faces)
    one.font.size, one.font.bold, one.font.italic = Pt(size), bold, False
    one.font.color.rgb = colour
    space = one.paragraph_format
    space.space_before, space.space_after, space.line_spacing = Pt(before), Pt(after), 1.15
    space.alignment = WD_ALIGN_PARAGRAPH.CENTER if middle else WD_ALIGN_PARAGRAPH.LEFT
    space.keep_with_next = name.startswith("Heading")
    properties = one.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def typefaces(properties: Any, latin: str, chinese: str) -> None:
    """Both typefaces; a theme's would win over them."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), latin)
    fonts.set(qn("w:eastAsia"), chinese)


# ---------------------------------------------------------------------------- header and footer
def mark(paragraph: Paragraph, left: str, right: str) -> None:
    paragraph.add_run(f"{left}\t{right}")


def count(paragraph: Paragraph, code: str) -> None:
    """A field that Word fills in: PAGE or NUMPAGES."""
    run = paragraph.add_run()
    for kind in ("begin", "instr", "end"):
        part = OxmlElement("w:instrText" if kind == "instr" else "w:fldChar")
        if kind == "instr":
            part.set(qn("xml:space"), "preserve")
            part.text = f" {code} "
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def line_at(paragraph: Paragraph, side: str) -> None:
    """A thin line above or below the paragraph."""
    borders = OxmlElement("w:pBdr")
    borders.append(border(side))
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def border(side: str, colour: str = RULE, size: int = 4) -> Any:
    """`size` is in eighths of a point."""
    line = OxmlElement(f"w:{side}")
    given = {"val": "single", "sz": str(size), "space": "0", "color": colour}
    for name, value in given.items():
        line.set(qn(f"w:{name}"), value)
    return line


def shade(properties: Any, colour: str) -> None:
    """The ground of a paragraph or a cell."""
    fill = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": colour}.items():
        fill.set(qn(f"w:{name}"), value)
    after = ("w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:tcMar", "w:vAlign")
    properties.insert_element_before(fill, *after)


# ---------------------------------------------------------------------------- tables
def frame(grid: Table, *, lined: bool) -> None:
    """Lines of a table, and the room in its cells."""
    properties = grid._tbl.tblPr
    room, lines = OxmlElement("w:tblCellMar"), OxmlElement("w:tblBorders")
    for side, size in PADDING.items():
        room.append(measure(f"w:{side}", size if lined or side in {"top", "bottom"} else 0))
    for side in ("top", "left", "bottom", "right", "insideH", "insideV") if lined else ():
        lines.append(border(side))
    properties.insert_element_before(lines, "w:tblLayout", "w:tblLook")
    properties.insert_element_before(room, "w:tblLook")


def measure(tag: str, size: int) -> Any:
    part = OxmlElement(tag)
    part.set(qn("w:w"), str(size))
    part.set(qn("w:type"), "dxa")
    return part
