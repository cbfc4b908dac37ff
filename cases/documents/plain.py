"""Text on its way to paper: nothing that turns the line, nothing that XML refuses."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

from cases.documents.blocks import Document
from workflows.templatetags.ui import absolute_words

# Control characters but tab and line end, lone surrogates, and signs that turn the direction
# of writing for what follows.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_LONG_WORD = re.compile(r"[!-~\u00a1-\u024f]{25,}")
_BREAK = "\u200b"
# Where an address or a part number may go on in the next line.
_PIECE = re.compile(r".{1,19}?[/\\_.,;:&=?-]+|.{1,20}")


def clean(text: str) -> str:
    """The text with one kind of line end and at most one empty line at a time."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return re.sub(r"\n\s*\n\s*\n+", "\n\n", text)


def cleaned(document: Document) -> Document:
    """The document with every text clean; the words around the number of a page keep their
    blanks."""
    found: Document = each_clean(document)
    return replace(found, page=document.page)


def each_clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(each_clean(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: each_clean(getattr(value, one.name)) for one in fields(value)}
        )
    return value


def breakable(text: str) -> str:
    """Words of 25 letters and more may break after a sign, or anywhere: a column is narrow."""
    return _LONG_WORD.sub(lambda found: _BREAK.join(_PIECE.findall(found[0])), text)


def moment(value: datetime | date | None) -> str:
    return absolute_words(value) if value else ""
