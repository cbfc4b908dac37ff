"""A document as PDF."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from cases.documents import blocks, charts, pdf, pictures
from cases.documents.blocks import Block, Document, Figure, as_text
from cases.documents.plain import breakable, cleaned

TEMPLATE = Path(__file__).with_name("document.typ")


def printed(document: Document) -> bytes:
    """The PDF, in the language in force."""
    data, photos = handed(document)
    return pdf.make(TEMPLATE, data, photos, moment=document.made)


def handed(document: Document) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the template is given: the texts, and the pictures by file name."""
    document = cleaned(document)
    photos: dict[str, bytes] = {}
    data = asdict(document) | {
        "language": ["zh", "cn"] if (get_language() or "").startswith("zh") else ["en", "us"],
        "head": content(document.head, photos),
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "blocks": [content(block, photos) for block in section.on_paper],
            }
            for section in document.sections
        ],
    }
    del data["made"]
    # The words around the number of the page keep their blanks.
    return fit(data) | {"page": document.page}, photos


def content(block: Block, photos: dict[str, bytes]) -> dict[str, Any]:
    """What the template needs of a block; the pictures go beside it, by file name."""
    data: dict[str, Any] = {"block": type(block).__name__}
    match block:
        case blocks.Facts():
            named = [[asdict(fact) for fact in line] for line in block.lines]
            return data | {"lines": named, "is_long": block.is_long}
        case blocks.Tree():
            return data | asdict(block) | {"is_long": block.is_long}
        case blocks.Table():
            return data | table(block)
        case blocks.Chart():
            return data | charts.drawn(block)
        case blocks.Pictures():
            return data | {"items": [*taken_in(block, photos)]}
        case _:
            return data | asdict(block)


def table(block: blocks.Table) -> dict[str, Any]:
    """Its cells as words; `right` says of each column whether it holds figures."""
    return {
        "name": block.name,
        "note": block.note,
        "headings": block.headings,
        "widths": block.widths,
        "strong": block.strong,
        "right": block.figures,
        "depths": block.depths or (0,) * len(block.rows),
        "rows": [[[as_text(one), isinstance(one, Figure)] for one in row] for row in block.rows],
        "is_long": block.is_long,
    }


def taken_in(block: blocks.Pictures, photos: dict[str, bytes]) -> Any:
    for path, caption in block.items:
        small = pictures.shrunk(path)
        if small is not None:
            name = f"{len(photos) + 1}.jpg"
            photos[name] = small
            yield name, caption


def fit(value: Any) -> Any:
    """No word longer than its column."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, dict):
        return {key: fit(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [fit(one) for one in value]
    return value
