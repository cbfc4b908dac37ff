"""The list of sections in a Word document: a real table of contents whose entries lead there.

It bears no page numbers: only Word knows them, and a stale one is worse than none. Whoever wants
them updates the field.
"""

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

CODE = ' TOC \\o "1-1" \\h \\n '


def contents(made: WordDocument, title: str, heads: Sequence[str]) -> None:
    """Title and entries; each entry leads to the bookmark of its section."""
    made.add_paragraph(title, "Heading 2")
    for place, head in enumerate(heads):
        line = made.add_paragraph()
        if place == 0:
            for kind in ("begin", "instr", "separate"):
                line._p.append(run(field(kind)))
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), name(place))
        link.set(qn("w:history"), "1")
        text = OxmlElement("w:t")
        text.text = head
        text.set(qn("xml:space"), "preserve")
        link.append(run(text))
        line._p.append(link)
        if place == len(heads) - 1:
            line._p.append(run(field("end")))


def bookmark(paragraph: Paragraph, place: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for part in (start, end):
        part.set(qn("w:id"), str(place))
    start.set(qn("w:name"), name(place))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def name(place: int) -> str:
    return f"section{place + 1}"


def run(part: Any) -> Any:
    made = OxmlElement("w:r")
    made.append(part)
    return made


def field(kind: str) -> Any:
    if kind == "instr":
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = CODE
        return part
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    return part
