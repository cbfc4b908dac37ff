"""The company's own Word template: its styles, its header with the logo, its margins.

An administrator names a .docx file in REDRESS_WORD_TEMPLATE. What it says in its body is left
out; in header and footer `{title}`, `{number}`, `{company}`, `{printed}` and `{digest}` are filled
in. A style it lacks, and a header or footer it leaves empty, are ours (word_page.py).
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from django.conf import settings
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from cases.documents.blocks import Document
from cases.documents.word_page import LOOKS, describe, foot, head, look, ours

logger = logging.getLogger(__name__)


def sheet(document: Document) -> WordDocument:
    """An empty document to write on: of the company's template, or of ours."""
    made = opened()
    if made is None:
        made = ours(document)
    else:
        fill(made, document)
    describe(made, document)
    return made


def opened() -> WordDocument | None:
    """The template, empty; None where there is none. One that cannot be read stops no report: it
    is logged, and our own is used."""
    if not settings.WORD_TEMPLATE:
        return None
    try:
        made = docx.Document(settings.WORD_TEMPLATE)
    except (OSError, ValueError, KeyError, BadZipFile, PackageNotFoundError):
        logger.exception("The Word template cannot be read; ours is used")
        return None
    body = made.element.body
    for part in list(body):
        if part.tag != qn("w:sectPr"):
            body.remove(part)
    return made


def problem(path: str) -> str:
    """What is wrong with a file as a template; nothing when it will do."""
    if not Path(path).is_file():
        return f"There is no file {path}."
    try:
        docx.Document(path)
    except (OSError, ValueError, KeyError, BadZipFile, PackageNotFoundError):
        return f"{path} is no .docx file that can be read (a .dotx must be saved as .docx)."
    return ""


def fill(made: WordDocument, document: Document) -> None:
    """Our styles where it has none, our header and footer where it has none, words in its own."""
    there = {style.name for style in made.styles}
    for name, manner in LOOKS.items():
        if name not in there:
            made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
            look(made, name, **manner)
    page = made.sections[0]
    bare = [is_empty(part) for part in (page.header, page.footer)]
    said = [replace(one, document) for one in margins(made)]
    if bare[0]:
        head(made, document)
    if bare[1]:
        foot(made, document)
    elif document.digest and not any(said):
        digest = f"{document.digest_name} {document.digest}"
        page.footer.add_paragraph(digest, "Footer")


def is_empty(part: Any) -> bool:
    """Neither words nor a picture nor a table."""
    drawn = (qn("w:drawing"), qn("w:pict"), qn("w:tbl"))
    if next(part._element.iter(*drawn), None) is not None:
        return False
    return not any(
        one.text.strip() or list(one._p.iter(qn("w:fldChar"))) for one in part.paragraphs
    )


def margins(made: WordDocument) -> Iterator[Paragraph]:
    """The paragraphs of all headers and footers, in their tables too."""
    page = made.sections[0]
    parts = (
        page.header, page.first_page_header, page.even_page_header,
        page.footer, page.first_page_footer, page.even_page_footer,
    )  # fmt: skip
    for part in parts:
        if not part.is_linked_to_previous:
            for paragraph in part._element.iter(qn("w:p")):
                yield Paragraph(paragraph, part)


def replace(paragraph: Paragraph, document: Document) -> bool:
    """Fill in the words; whether the digest was among them. Word may have parted a word over
    several runs: then the first takes the whole text."""
    words = {
        "{title}": document.title,
        "{number}": document.number,
        "{company}": document.company,
        "{printed}": document.foot,
        "{digest}": f"{document.digest_name} {document.digest}".strip(),
    }
    there = [word for word in words if word in paragraph.text]
    if not there:
        return False
    if not all(any(word in run.text for run in paragraph.runs) for word in there):
        # A run without words may be the logo.
        first, *others = [run for run in paragraph.runs if run.text]
        first.text = paragraph.text
        for run in others:
            run.text = ""
    has_digest = "{digest}" in paragraph.text
    for run in paragraph.runs:
        text = run.text
        for word, said in words.items():
            text = text.replace(word, said)
        if text != run.text:
            run.text = text
    return has_digest
