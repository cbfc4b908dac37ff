"""What a file of answers may call its columns, levels and channels."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _, override

from cases.domain.importing.cells import text_of
from cases.domain.importing.errors import shown
from cases.domain.importing.source import Cell
from cases.domain.importing.words import fold, plain
from surveys.domain.questionnaires import LABELS, Form
from surveys.enums import BLANK, NOT_APPLICABLE, ResponseChannel


@cache
def read() -> dict[str, Any]:
    path = Path(__file__).with_name("answers_words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


FIXED: tuple[str, ...] = tuple(read()["headings"])


def label(column: str, *, chinese: bool) -> str:
    """What a fixed column is called in a language."""
    words = read()["headings"].get(column, [column])
    return next((word for word in words if word.isascii() is not chinese), column)


def column_of(key: str) -> str:
    """The column of a question: its key, unless a fixed column has that name already."""
    return f"answer_{key}" if key in FIXED else key


def reason_of(key: str) -> str:
    """The column in which somebody says why the level was low."""
    return f"{key}_reason"


def levels_of(form: Form) -> dict[str, str]:
    """Folded words → levels; the questionnaire's own labeling wins over the other."""
    found: dict[str, str] = {}
    for labeling in (form.labels, *(name for name in LABELS if name != form.labels)):
        for level, words in read()["levels"][labeling].items():
            for word in (*words, *translated(LABELS[labeling][level])):
                found.setdefault(plain(word), level)
    return found


def translated(label: Any) -> list[str]:
    words = []
    for language in ("en", "zh-hans"):
        with override(language):
            words.append(str(label))
    return words


class Levels:
    """Reads the cell of a question into the character that is stored."""

    def __init__(self, form: Form) -> None:
        words = {level: level for level in "54321"}
        words |= {plain(word): NOT_APPLICABLE for word in read()["not_applicable"]["words"]}
        words[""] = BLANK
        self.words = {**levels_of(form), **words}
        # A file has few different cells and very many of them.
        self.seen: dict[Cell, str] = {}

    def read(self, cell: Cell) -> str:
        """Raises ValueError for anything that is no level."""
        found = self.seen.get(cell) if isinstance(cell, str) else None
        if found is None:
            text = text_of(cell)
            found = self.words.get(plain(text))
            if found is None:
                raise ValueError(
                    _("“%(value)s” is not a level from 5 to 1, one of the labels, or empty.")
                    % {"value": shown(text)}
                )
            if isinstance(cell, str):
                self.seen[cell] = found
        return found


@cache
def channels() -> dict[str, str]:
    """Folded word → how a form came back."""
    found: dict[str, str] = {}
    for code, words in read()["channel"].items():
        labels = translated(ResponseChannel(code).label)
        found |= {fold(word): code for word in (code, *words, *labels)}
    return found
