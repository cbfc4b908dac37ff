"""What a compiled input is made of: plain values that are frozen as JSON and printed anywhere.

A part is a table under a title with one sentence above it. Every text is kept in both languages,
as it read on the day; a cell may have the address of the list that it counts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import get_language, override

from accounts.models import User
from surveys.domain.periods import Period

# The languages of a snapshot, by the key they have in it.
LANGUAGES = {"zh": "zh-hans", "en": "en"}

Text = str | dict[str, str]
Cell = dict[str, Any]
Row = dict[str, Any]
Part = dict[str, Any]


@dataclass(frozen=True)
class About:
    """What is compiled: for which review (its key; None before it is there), which period, by
    somebody who sees everything."""

    period: Period
    by: User
    review: int | None = None

    @property
    def span(self) -> dict[str, str]:
        """The first and the last day of the period, as the lists take them in their address."""
        last = self.period.day_after - timedelta(days=1)
        return {"from": self.period.first_day.isoformat(), "to": last.isoformat()}


Compiler = Callable[[About], Part | None]


def both(words: Any, **values: Any) -> dict[str, str]:
    """A text in both languages. Values may be lazy texts, texts in both languages, or functions
    that are asked in each language."""
    found = {}
    for key, code in LANGUAGES.items():
        with override(code):
            told = {name: spoken(value, key) for name, value in values.items()}
            text = said(words)
            found[key] = text % told if told else text
    return found


def said(words: Any) -> str:
    """A lazy text has no call of its own; a function is asked in the language in force."""
    return str(words() if callable(words) else words)


def spoken(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value[key]
    return value() if callable(value) else value


def named(name: str, name_en: str) -> dict[str, str]:
    """The name of a row that is data in two languages."""
    return {"zh": name, "en": name_en or name}


def cell(text: Any, link: str = "") -> Cell:
    """One figure or word, with the list behind it."""
    return {"text": text if isinstance(text, dict) else str(text), "link": link}


def row(key: Any, *cells: Any) -> Row:
    """`key` tells the row from the others when it is compiled again."""
    return {
        "key": str(key),
        "cells": [one if is_cell(one) else cell(one) for one in cells],
    }


def is_cell(value: Any) -> bool:
    return isinstance(value, dict) and "text" in value


def part(
    key: str, title: Any, summary: dict[str, str], headings: Sequence[Any], rows: Iterable[Row]
) -> Part:
    return {
        "key": key,
        "title": both(title),
        "summary": summary,
        "headings": [both(one) for one in headings],
        "rows": list(rows),
    }


def address(path: str, **given: Any) -> str:
    return f"{path}?{urlencode(given)}"


def day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else "–"


def percent(part: int, whole: int) -> str:
    """A share with one decimal, never rounded up to a hundred."""
    if not whole:
        return "–"
    return f"{Decimal(part * 1000 // whole) / 10} %"


# ---------------------------------------------------------------------------- reading
def read(text: Text) -> str:
    """A text of a snapshot in the reader's language."""
    if isinstance(text, str):
        return text
    return text["zh" if (get_language() or "").startswith("zh") else "en"]


def differences(before: Sequence[Part], after: Sequence[Part]) -> list[dict[str, Any]]:
    """What reads otherwise now, cell by cell: part, row and heading with both texts."""
    fresh = {one["key"]: one for one in after}
    found = []
    for old in before:
        new = fresh.pop(old["key"], None)
        found += changed(old, new)
    for new in fresh.values():
        found += changed(None, new)
    return found


def changed(old: Part | None, new: Part | None) -> list[dict[str, Any]]:
    about: Part = new or old or {}
    rows_before = {one["key"]: one["cells"] for one in (old or {}).get("rows", [])}
    rows_after = {one["key"]: one["cells"] for one in (new or {}).get("rows", [])}
    found = []
    for key in [*rows_before, *(key for key in rows_after if key not in rows_before)]:
        pair = rows_before.get(key, []), rows_after.get(key, [])
        if texts(pair[0]) != texts(pair[1]):
            found.append(
                {"part": about["title"], "before": texts(pair[0]), "after": texts(pair[1])}
            )
    return found


def texts(cells: Sequence[Cell]) -> list[Text]:
    return [one["text"] for one in cells]
