"""A document as Word: native tables and styles, so that one can go on writing in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table as WordTable, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image

from cases.documents import blocks, pictures, word_chart
from cases.documents.blocks import Block, Cell, Document, Figure, as_text
from cases.documents.plain import cleaned
from cases.documents.steady import steady
from cases.documents.word_contents import bookmark, contents
from cases.documents.word_page import (
    ACCENT,
    GREY,
    HEAD,
    SHADE,
    WHITE,
    frame,
    line_at,
    shade,
    typefaces,
    width_of,
)
from cases.documents.word_template import sheet

NAME = 29
PICTURE = (80, 54)
COLOURS = ("17457A", "5B8CC0", "8A94A3", "B9CDE4", "50657E", "D5DAE1")


def word(document: Document) -> bytes:
    """The .docx file."""
    document = cleaned(document)
    made = sheet(document)
    made.add_paragraph(document.title, "Title")
    if document.subtitle:
        made.add_paragraph(document.subtitle, "Subtitle")
    if document.head.rows:
        facts(made, document.head)
    heads = [f"{one.code}  {one.title}".strip() for one in document.sections]
    if document.contents:
        contents(made, document.contents, heads)
    for place, (head, section) in enumerate(zip(heads, document.sections, strict=True)):
        opened = made.add_paragraph(head, "Heading 1")
        if document.contents:
            bookmark(opened, place)
            opened.paragraph_format.page_break_before = place == 0
        for block in section.on_paper:
            WRITERS[type(block)](made, block)
    out = BytesIO()
    made.save(out)
    return steady(out.getvalue(), document.made)


# ---------------------------------------------------------------------------- text in cells
def write(cell: _Cell, text: str, **manner: Any) -> Run:
    """Put text into an empty cell; its line ends become lines."""
    return say(cell.paragraphs[0], text, **manner)


def say(paragraph: Paragraph, text: str, *, grey: bool = False, bold: bool = False) -> Run:
    run = paragraph.add_run(text)
    run.font.bold = bold or None
    if bold:
        typefaces(run._r.get_or_add_rPr(), *HEAD)
    if grey:
        run.font.color.rgb, run.font.size = GREY, Pt(9)
    return run


def name(cell: _Cell, text: str) -> None:
    """A cell that says what stands beside or below it."""
    write(cell, text, grey=True)
    shade(cell._tc.get_or_add_tcPr(), SHADE)


# ---------------------------------------------------------------------------- tables
def table(made: WordDocument, widths: Sequence[float], *, lined: bool = True) -> WordTable:
    """A table without rows from margin to margin; `widths` are parts of the line."""
    grid = made.add_table(rows=0, cols=len(widths))
    grid.autofit = False
    part = width_of(made) / sum(widths)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(part * width)
    frame(grid, lined=lined)
    return grid


def row(grid: WordTable, *, heads: bool = False, whole: bool = True) -> tuple[_Cell, ...]:
    """The cells of a new row. One that `heads` is repeated on every page; a `whole` one stays
    together."""
    added = grid.add_row()
    for cell, column in zip(added.cells, grid.columns, strict=True):
        cell.width = column.width or Mm(0)
    for wanted, tag in ((heads, "w:tblHeader"), (whole or heads, "w:cantSplit")):
        if wanted:
            added._tr.get_or_add_trPr().append(OxmlElement(tag))
    return added.cells


def end(made: WordDocument, points: float = 5) -> None:
    """Room below a table; without a paragraph between them two tables would be one."""
    gap = made.add_paragraph()
    gap.paragraph_format.line_spacing = Pt(points)


def pairs(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[at : at + 2] for at in range(0, len(items), 2))


def keep_together(grid: WordTable) -> None:
    """A small table is not torn: each row but the last stays with the next."""
    rows: list[_Row] = list(grid.rows)
    for one in rows[:-1]:
        for cell in one.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def is_short(texts: Iterable[str]) -> bool:
    return sum(map(len, texts)) <= blocks.LONG


# ---------------------------------------------------------------------------- the blocks
def facts(made: WordDocument, block: blocks.Facts) -> None:
    half = width_of(made) / 2 - NAME
    grid = table(made, (NAME, half, NAME, half))
    for line in block.lines:
        cells = row(grid, whole=is_short(fact.text for fact in line))
        if len(line) == 1:
            cells = (cells[0], cells[1].merge(cells[3]))
        for place, fact in enumerate(line):
            name(cells[2 * place], fact.name)
            write(cells[2 * place + 1], fact.text, grey=fact.missing)
    if not block.is_long:
        keep_together(grid)
    end(made)


def columns(made: WordDocument, block: blocks.Table) -> None:
    if block.name:
        heading(made, blocks.Heading(block.name))
    grid = table(made, block.widths)
    right = block.figures
    for place, (cell, text) in enumerate(zip(row(grid, heads=True), block.headings, strict=True)):
        name(cell, text)
        align(cell, is_right=right[place])
    for place, cells in enumerate(block.rows):
        told = [as_text(one) for one in cells]
        added = row(grid, whole=is_short(told))
        for cell, one, text in zip(added, cells, told, strict=True):
            write(cell, text, bold=place in block.strong)
            align(cell, is_right=is_figure(one))
        added[0].paragraphs[0].paragraph_format.left_indent = Mm(4 * block.depth(place))
    if not block.is_long:
        keep_together(grid)
    if block.note:
        note(made, block.note)
    end(made)


def is_figure(cell: Cell) -> bool:
    return isinstance(cell, Figure)


def align(cell: _Cell, *, is_right: bool) -> None:
    if is_right:
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def note(made: WordDocument, text: str) -> None:
    below = made.add_paragraph()
    below.paragraph_format.space_before = Pt(2)
    say(below, text, grey=True)


def tree(made: WordDocument, block: blocks.Tree) -> None:
    grid = table(made, (NAME, width_of(made) - NAME))
    first, last = row(grid, heads=True)
    name(first.merge(last), block.name)
    for branch in block.branches:
        label, cell = row(grid)
        write(label, branch.label, grey=True)
        cell.paragraphs[0].paragraph_format.left_indent = Mm(5 * branch.depth)
        write(cell, branch.text, bold=branch.is_end)
        if branch.is_end:
            cell.paragraphs[0].add_run("  ")
            say(cell.paragraphs[0], f"[{block.end}]").font.color.rgb = ACCENT
    if not block.is_long:
        keep_together(grid)
    end(made)


def heading(made: WordDocument, block: blocks.Heading) -> None:
    made.add_paragraph(block.text, "Heading 2")


def nothing(made: WordDocument, block: blocks.Nothing) -> None:
    say(made.add_paragraph(), block.text, grey=True)


def photos(made: WordDocument, block: blocks.Pictures) -> None:
    grid = table(made, (1, 1), lined=False)
    shown = [(small, text) for path, text in block.items if (small := pictures.shrunk(path))]
    for pair in pairs(shown):
        for cell, (small, text) in zip(row(grid), pair, strict=False):
            photo = cell.paragraphs[0].add_run().add_picture(BytesIO(small), **size(small))
            for side in ("distT", "distB", "distL", "distR"):
                photo._inline.set(side, "0")
            cell.add_paragraph(text, "Caption")
    end(made)


def size(picture: bytes) -> dict[str, Any]:
    """As wide or as high as there is room, whichever comes first."""
    with Image.open(BytesIO(picture)) as image:
        is_wide = image.width / image.height > PICTURE[0] / PICTURE[1]
    return {"width": Mm(PICTURE[0])} if is_wide else {"height": Mm(PICTURE[1])}


def bar(made: WordDocument, block: blocks.Bar) -> None:
    grid = table(made, [percent for _name, percent in block.parts], lined=False)
    for place, cell in enumerate(row(grid)):
        colour, percent = COLOURS[place % len(COLOURS)], block.parts[place][1]
        shade(cell._tc.get_or_add_tcPr(), colour)
        text = write(cell, f"{percent} %" if percent >= 8 else "")
        if place % len(COLOURS) not in {3, 5}:
            text.font.color.rgb = WHITE
    end(made)


def signatures(made: WordDocument, block: blocks.Signatures) -> None:
    grid = table(made, (1, 1))
    for pair in pairs(block.items):
        for cell, one in zip(row(grid), pair, strict=False):
            write(cell, one.meaning)
            pen = cell.add_paragraph()
            pen.paragraph_format.space_before = Pt(24)
            line_at(pen, "bottom")
            signed = cell.add_paragraph()
            say(signed, one.name, bold=True)
            signed.add_run("   ")
            say(signed, one.at)
            say(cell.add_paragraph(), one.role, grey=True)
    end(made)


def chart(made: WordDocument, block: blocks.Chart) -> None:
    word_chart.add(made, block, width=width_of(made))
    end(made)


def prose(made: WordDocument, block: blocks.Prose) -> None:
    for part in block.text.split("\n\n"):
        paragraph = made.add_paragraph(part)
        paragraph.paragraph_format.space_after = Pt(6)


def remarks(made: WordDocument, block: blocks.Remarks) -> None:
    grid = table(made, (1,))
    (cell,) = row(grid)
    write(cell, block.name, grey=True)
    said = cell.add_paragraph(block.text)
    # Room for a few lines by hand.
    said.paragraph_format.space_after = Pt(40)
    end(made)


WRITERS: dict[type[Block], Callable[[WordDocument, Any], None]] = {
    blocks.Facts: facts,
    blocks.Table: columns,
    blocks.Tree: tree,
    blocks.Heading: heading,
    blocks.Nothing: nothing,
    blocks.Pictures: photos,
    blocks.Bar: bar,
    blocks.Signatures: signatures,
    blocks.Chart: chart,
    blocks.Prose: prose,
    blocks.Remarks: remarks,
}
