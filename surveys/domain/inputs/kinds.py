"""What a file of each kind of input may hold: its columns, how they are read, which are needed."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _, override

from cases.domain.importing import moments
from cases.domain.importing.cells import number, text_of
from cases.domain.importing.errors import shown
from cases.domain.importing.source import Cell
from cases.domain.importing.words import fold
from surveys.enums import InputKind, PressKind, Verdict
from surveys.models import DeliveredQuality, PressItem, ReturnedGoods, SalesVolume

Dates = tuple[str, ...]
Reader = Callable[[Cell, Dates], Any]
_YEAR, _MONTH_SIGN = "年", "月"  # chinese: the signs of a Chinese month
_MONTH = re.compile(
    rf"(\d{{4}})\s*[-/.{_YEAR}]\s*(\d{{1,2}})\s*{_MONTH_SIGN}?|(\d{{4}})(\d{{2}})", re.ASCII
)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_BETWEEN = re.compile(r"[;；、\n]")
CHOICES: dict[str, Any] = {"kind": PressKind, "verdict": Verdict}


# ---------------------------------------------------------------------------- cells
def text(cell: Cell, dates: Dates) -> str:
    return text_of(cell)


def several(cell: Cell, dates: Dates) -> tuple[str, ...]:
    """Names in one cell, each once."""
    parts = (part.strip() for part in _BETWEEN.split(text_of(cell)))
    return tuple(dict.fromkeys(filter(None, parts)))


def day(cell: Cell, dates: Dates) -> date:
    return moments.day(cell, dates)


def month(cell: Cell, dates: Dates) -> date:
    """The first day of the month that is written, or in which a day lies."""
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text_of(cell)))
    if found is None:
        return moments.day(cell, dates).replace(day=1)
    year, which = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, which, 1)
    except ValueError:
        raise ValueError(
            _("“%(value)s” is not a month we can read, like 2026-01.") % {"value": shown(cell)}
        ) from None


def decimal(cell: Cell, dates: Dates) -> Decimal:
    """A number as a spreadsheet shows it: to fifteen digits, with commas between thousands."""
    if isinstance(cell, float):
        return number(f"{cell:.15g}")
    written = text_of(cell)
    return number(written.replace(",", "") if _THOUSANDS.fullmatch(written) else written)


def whole(cell: Cell, dates: Dates) -> int:
    found = decimal(cell, dates)
    if found != found.to_integral_value():
        raise ValueError(_("“%(value)s” is not a whole number.") % {"value": shown(cell)})
    return int(found)


def choice(name: str) -> Reader:
    """The code of a fixed word. Raises ValueError naming the words there are."""

    def read(cell: Cell, dates: Dates) -> str:
        code = by_word(name).get(fold(text_of(cell)))
        if code is None:
            labels = ", ".join(str(label) for _code, label in CHOICES[name].choices)
            raise ValueError(
                _("“%(value)s” is none of: %(labels)s.") % {"value": shown(cell), "labels": labels}
            )
        return code

    return read


@cache
def by_word(name: str) -> dict[str, str]:
    """Folded word → code: other usual words, then the labels of both languages."""
    found = {
        fold(word): code for code, words in read()["words"][name].items() for word in (code, *words)
    }
    for language in ("en", "zh-hans"):
        with override(language):
            for code, label in CHOICES[name].choices:
                found.setdefault(fold(str(label)), str(code))
    return found


@cache
def read() -> dict[str, Any]:
    path = Path(__file__).with_name("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


# ---------------------------------------------------------------------------- kinds
@dataclass(frozen=True)
class FileKind:
    """`needed`: of each group one column must be there, or have a default in the mapping."""

    kind: InputKind
    model: Any
    columns: Mapping[str, Reader]
    needed: tuple[tuple[str, ...], ...]

    @property
    def headings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = read()[self.kind]
        return found

    @property
    def is_event(self) -> bool:
        """Known by a reference; monthly figures are known by what they are of."""
        return "external_ref" in self.columns

    def by_heading(self) -> dict[str, str]:
        """Folded heading → our column; where two columns share one, the first."""
        found: dict[str, str] = {}
        for ours, words in self.headings.items():
            for word in (ours, *words):
                found.setdefault(fold(word), ours)
        return found

    def label(self, column: str, *, chinese: bool) -> str:
        words = self.headings[column]
        return next(word for word in words if word.isascii() is not chinese)


KINDS: dict[str, FileKind] = {
    one.kind: one
    for one in (
        FileKind(
            InputKind.PRESS,
            PressItem,
            {
                "external_ref": text, "kind": choice("kind"), "publisher": text, "title": text,
                "published_on": day, "verdict": choice("verdict"), "url": text, "summary": text,
                "products": several, "cases": several,
            },
            (("kind",), ("publisher",), ("title",), ("published_on",), ("verdict",)),
        ),
        FileKind(
            InputKind.RETURNS,
            ReturnedGoods,
            {
                "external_ref": text, "product": text, "customer": text, "customer_ref": text,
                "quantity": whole, "category": text, "reason": text, "batch_number": text,
                "returned_on": day, "case": text,
            },
            (("product",), ("quantity",), ("returned_on",)),
        ),
        FileKind(
            InputKind.QUALITY,
            DeliveredQuality,
            {
                "product": text, "month": month, "delivered": whole, "inspected": whole,
                "defective": whole, "unit": text,
            },
            (("product",), ("month",), ("delivered",), ("defective",)),
        ),
        FileKind(
            InputKind.SALES,
            SalesVolume,
            {
                "customer": text, "customer_ref": text, "product": text, "month": month,
                "quantity": decimal, "amount": decimal,
            },
            (("customer", "customer_ref"), ("month",), ("quantity", "amount")),
        ),
    )
}  # fmt: skip
