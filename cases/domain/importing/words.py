"""Headings and fixed words in both languages, however they are written."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import override

from cases.enums import LOGGED, CustomerType, Extent, Harm, Severity

_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_SIGNS = re.compile(r"[\s_\-/:*.、&]+")
CHOICES: dict[str, list[Any]] = {
    "kind": LOGGED,
    "severity": Severity.choices,
    "harm": Harm.choices,
    "extent": Extent.choices,
    "customer_type": CustomerType.choices,
}


def plain(text: str) -> str:
    """For comparing names: full-width folded, one case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold(text: str) -> str:
    """For comparing headings and fixed words: like plain, without signs and remarks."""
    text = plain(text)
    return _SIGNS.sub("", _REMARK.sub("", text)) or _SIGNS.sub("", text) or text


@cache
def read() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


COLUMNS: tuple[str, ...] = tuple(read()["headings"])


@cache
def by_heading() -> dict[str, str]:
    """Folded heading → our column."""
    headings = read()["headings"]
    return {fold(word): ours for ours, words in headings.items() for word in (ours, *words)}


@cache
def own_headings() -> frozenset[str]:
    """Folded headings of the columns that the file of rows in error adds."""
    return frozenset(fold(word) for words in read()["ours"].values() for word in words)


@cache
def by_word(column: str) -> dict[str, str]:
    """Folded word → code, for a column of fixed words: codes, labels, other usual words."""
    found = {fold(word): code for code, words in read()[column].items() for word in (code, *words)}
    for language in ("en", "zh-hans"):
        with override(language):
            for code, label in CHOICES[column]:
                found.setdefault(fold(str(label)), str(code))
    return found


def label(column: str, *, chinese: bool) -> str:
    """What our column is called in a language."""
    words = read()["headings"][column]
    return next(word for word in words if word.isascii() is not chinese)
