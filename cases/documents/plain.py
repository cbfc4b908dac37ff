"""Text on its way to paper: nothing that turns the line, nothing that XML refuses."""

import re
from datetime import date, datetime

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


def breakable(text: str) -> str:
    """Words of 25 letters and more may break after a sign, or anywhere: a column is narrow."""
    return _LONG_WORD.sub(lambda found: _BREAK.join(_PIECE.findall(found[0])), text)


def moment(value: datetime | date | None) -> str:
    return absolute_words(value) if value else ""
