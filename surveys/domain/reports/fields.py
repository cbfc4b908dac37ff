"""Narratives: paragraphs with live fields, such as {{index.index.points}}.

A field names a figure of the report's tables by “table.row.column”; nothing else is understood,
and nothing is ever run. Paragraphs are parted by blank lines.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveys.domain.reports.content import Cell, Words

_FIELD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_GAP = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True)
class Piece:
    """A stretch of plain text, or a field with the figure it stands for."""

    text: str
    cell: Cell | None = None


def paragraphs(text: str) -> list[str]:
    return [one.strip() for one in _GAP.split(text.replace("\r\n", "\n")) if one.strip()]


def keys(text: str) -> list[str]:
    return [found.strip() for found in _FIELD.findall(text)]


def unknown(text: str, figures: Mapping[str, Cell]) -> list[str]:
    """The fields of a text that name no figure, once each, in their order."""
    return list(dict.fromkeys(key for key in keys(text) if key not in figures))


def pieces(paragraph: str, figures: Mapping[str, Cell]) -> Iterator[Piece]:
    """For showing: text and figures in turn; an unknown field stays as it was typed."""
    at = 0
    for found in _FIELD.finditer(paragraph):
        if paragraph[at : found.start()]:
            yield Piece(paragraph[at : found.start()])
        cell = figures.get(found[1].strip())
        yield Piece(found[0] if cell is None else "", cell)
        at = found.end()
    if paragraph[at:]:
        yield Piece(paragraph[at:])


def resolved(text: str, figures: Mapping[str, Cell]) -> tuple[Words, ...]:
    """The paragraphs with their figures put in, in both languages."""
    return tuple(
        Words(put_in(one, figures, chinese=True), put_in(one, figures, chinese=False))
        for one in paragraphs(text)
    )


def put_in(paragraph: str, figures: Mapping[str, Cell], *, chinese: bool) -> str:
    def value(found: re.Match[str]) -> str:
        cell = figures.get(found[1].strip())
        if cell is None:
            return found[0]
        if isinstance(cell, Words):
            return cell.zh if chinese else (cell.en or cell.zh)
        return str(cell).replace("-", "−", 1)

    return _FIELD.sub(value, paragraph)
