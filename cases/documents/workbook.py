"""A document as an Excel workbook: a cover, a sheet for each table with its charts, the lists
behind the figures, and the numbers of the charts.

Text is written as text, never as a formula, whoever typed it. What has no table (narrative,
signatures) stands on one sheet as words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

import xlsxwriter
from django.utils.translation import get_language, gettext as _

from cases.documents import blocks
from cases.documents.blocks import Block, Chart, Document, Facts, Section, Table
from cases.documents.plain import cleaned, each_clean
from cases.documents.steady import steady
from cases.documents.workbook_charts import Numbers, insert
from cases.documents.workbook_sheets import (
    HEADS,
    Book,
    address,
    columns,
    height,
    rows_of,
    sheet_names,
    top,
)

# With more rows the file is written row by row, not kept in memory.
MANY = 20_000
TEXT_WIDTH = 110


@dataclass(frozen=True)
class Listed:
    """A list behind figures: cells lead to it by its `key`, or to a row of it by "key#row",
    counted from 1."""

    key: str
    table: Table


@dataclass
class Page:
    """One sheet to be: a table, the charts beside it, or both."""

    name: str
    table: Table | None = None
    charts: list[Chart] = field(default_factory=list)
    key: str = ""


def workbook(document: Document, lists: Sequence[Listed] = ()) -> bytes:
    """The .xlsx file in the language in force."""
    document = cleaned(document)
    lists = [replace(one, table=each_clean(one.table)) for one in lists]
    pages = list(planned(document))
    pages += [Page(one.table.name or one.key, one.table, key=one.key) for one in lists]
    out = BytesIO()
    book = begun(out, document, sum(len(one.table.rows) for one in pages if one.table))
    cover, said, numbers = _("Cover"), _("Text"), _("Chart data")
    told = list(words_of(document))
    drawn = any(one.charts for one in pages)
    fixed = [cover, *([said] if told else [])]
    names = sheet_names([*fixed, *(one.name for one in pages), *([numbers] if drawn else [])])
    made = Book(
        book,
        company=document.company,
        title=f"{document.title} {document.number}".strip(),
        foot=document.foot,
        cover=names[0],
        lists={one.key: name for one, name in zip(pages, names[len(fixed) :], strict=False)
               if one.key},
    )  # fmt: skip
    write_cover(made, document, names)
    if told:
        write_words(made, names[1], told)
    data = Numbers(names[-1])
    for page, name in zip(pages, names[len(fixed) :], strict=False):
        write_page(made, page, name, data)
    if drawn:
        data.write(made)
    book.close()
    return steady(out.getvalue(), document.made)


def begun(out: BytesIO, document: Document, rows: int) -> xlsxwriter.Workbook:
    chinese = (get_language() or "").startswith("zh")
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": rows > MANY,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": {
                "font_name": "Microsoft YaHei" if chinese else "Arial",
                "font_size": 10,
            },
        },
    )
    book.set_properties(
        {
            "title": f"{document.title} {document.number}"[:255],
            "subject": document.subtitle[:255],
            "author": document.author[:255],
            "company": document.company[:255],
            "created": document.made.replace(tzinfo=None) if document.made else None,
        }
    )
    return book


# ---------------------------------------------------------------------------- planning
def planned(document: Document) -> Iterator[Page]:
    """A sheet for each table; a chart stands beside the table before it, else the next one."""
    for section in document.sections:
        yield from pages_of(section)


def pages_of(section: Section) -> Iterator[Page]:
    found: list[Page] = []
    waiting: list[Chart] = []
    heading = section.title
    for block in section.blocks:
        match block:
            case blocks.Heading():
                heading = block.text
            case Table():
                found.append(Page(block.name or heading, block, waiting))
                waiting = []
            case Chart():
                (found[-1].charts if found else waiting).append(block)
    if waiting:
        found.append(Page(section.title, None, waiting))
    yield from found


def words_of(document: Document) -> Iterator[tuple[str, str]]:
    """(heading or nothing, text) of everything that is neither table nor chart."""
    for section in document.sections:
        told = [text for block in section.blocks for text in said_by(block)]
        if told:
            yield f"{section.code} {section.title}".strip(), ""
            yield from (("", text) for text in told)


def said_by(block: Block) -> Iterator[str]:
    match block:
        case blocks.Prose() | blocks.Nothing():
            yield from block.text.split("\n\n")
        case Facts():
            yield from (f"{fact.name}: {fact.text}" for fact in block.rows)
        case blocks.Remarks():
            yield f"{block.name}: {block.text}"
        case blocks.Signatures():
            for one in block.items:
                yield " · ".join(filter(None, (one.meaning, one.name, one.role, one.at)))
        case blocks.Tree():
            yield block.name
            yield from (f"{one.label}: {one.text}" for one in block.branches)


# ---------------------------------------------------------------------------- sheets
def write_cover(made: Book, document: Document, names: Sequence[str]) -> None:
    """What it is, and the way to every sheet."""
    sheet = made.sheet(names[0], frozen=0)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.write_string(0, 0, document.company, made.look("grey"))
    sheet.set_row(1, 30)
    sheet.write_string(1, 0, document.title, made.look("title"))
    sheet.write_string(2, 0, document.subtitle, made.look("bold"))
    at = 4
    for fact in document.head.rows:
        sheet.write_string(at, 0, fact.name, made.look("name"))
        sheet.write_string(at, 1, fact.text, made.look("text"))
        at += 1
    at += 1
    sheet.write_string(at, 0, _("Sheets"), made.look("bold"))
    for name in names[1:]:
        at += 1
        sheet.write_url(at, 0, address(name), made.look("link"), name)
    at += 2
    sheet.write_string(at, 0, document.foot, made.look("grey"))
    if document.digest:
        digest = f"{document.digest_name} {document.digest}"
        sheet.write_string(at + 1, 0, digest, made.look("grey"))


def write_words(made: Book, name: str, told: Sequence[tuple[str, str]]) -> None:
    sheet = made.sheet(name, frozen=0)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, TEXT_WIDTH)
    for at, (heading, text) in enumerate(told):
        sheet.set_row(at, height((heading or text, TEXT_WIDTH)))
        sheet.write_string(at, 0, heading or text, made.look("bold" if heading else "text"))


def write_page(made: Book, page: Page, name: str, data: Numbers) -> None:
    sheet = made.sheet(name, frozen=HEADS if page.table else 0)
    beside = 0
    if page.table:
        top(made, sheet, page.table, page.name)
        rows_of(made, sheet, page.table, columns(made, sheet, page.table))
        beside = len(page.table.headings) + 1
    else:
        sheet.fit_to_pages(1, 1)
        sheet.write_url(0, 0, address(made.cover), made.look("link"), f"← {made.cover}")
    row = HEADS - 1
    for chart in page.charts:
        row += insert(made, sheet, chart, data.place(chart), at=(row, beside))
