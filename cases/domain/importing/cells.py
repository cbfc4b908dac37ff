"""From the cells of a row to the raw value of one of our columns."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from cases.domain.importing.errors import shown
from cases.domain.importing.source import Cell, Unreadable
from cases.domain.importing.words import fold, plain

# A column of the file: its number from 1, or its heading.
Key = int | str
# Gives the cell of a column of the file in the row at hand.
Look = Callable[[Key], Cell]
# Left over where a part of a template is empty.
_LOOSE = " ,;:/>-\t，；、·"
_HOLE = re.compile(r"\{([^{}]*)\}")


def text_of(cell: Cell) -> str:
    """What a person sees in the cell. Raises ValueError where nothing can be seen."""
    match cell:
        case None:
            return ""
        case Unreadable():
            raise ValueError(cell.reason)
        case str():
            return cell.strip()
        case bool():
            return "Y" if cell else "N"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
        case datetime():
            return cell.isoformat(" ")
        case date() | time():
            return cell.isoformat()
    return str(cell)


@dataclass(frozen=True)
class Pick:
    """One column of the file, or what stands in it before a sign; no key: never anything."""

    key: Key | None
    before: str = ""

    @property
    def keys(self) -> Iterable[Key]:
        return () if self.key is None else (self.key,)

    def value(self, look: Look) -> Cell:
        cell = None if self.key is None else look(self.key)
        return text_of(cell).split(self.before)[0].strip() if self.before else cell


@dataclass(frozen=True)
class Template:
    """Text with columns of the file in braces. A line whose columns are all empty falls away."""

    lines: tuple[tuple[tuple[str, Key | None], ...], ...]
    keys: tuple[Key, ...] = field(default=())

    @classmethod
    def read(cls, text: str) -> "Template":
        lines, keys = [], []
        for line in text.strip().split("\n"):
            parts: list[tuple[str, Key | None]] = []
            end = 0
            for hole in _HOLE.finditer(line):
                name = hole.group(1).strip()
                if not name:
                    raise ValueError(line)
                key: Key = int(name) if name.isascii() and name.isdigit() else name
                if key == 0:
                    raise ValueError(line)
                keys.append(key)
                parts.append((line[end : hole.start()], key))
                end = hole.end()
            lines.append((*parts, (line[end:], None)))
        if not keys or any(sign in text for line in lines for text, _key in line for sign in "{}"):
            raise ValueError(text)
        return cls(tuple(lines), tuple(keys))

    def value(self, look: Look) -> Cell:
        done = []
        for line in self.lines:
            texts = [None if key is None else text_of(look(key)) for _before, key in line]
            if any(text is not None for text in texts) and not any(texts):
                continue
            parts = zip((before for before, _key in line), texts, strict=True)
            # With an empty column goes the sign that would have set it off.
            done.append(
                "".join(
                    before.rstrip(_LOOSE) if text == "" else before + (text or "")
                    for before, text in parts
                ).strip(_LOOSE)
            )
        return "\n".join(done).strip()


Recipe = Pick | Template


@dataclass(frozen=True)
class Condition:
    """A test of one column of the file."""

    key: Key
    same: frozenset[str] = frozenset()
    above: Decimal | None = None
    part: str = ""

    def holds(self, look: Look) -> bool:
        """Raises ValueError where a number is wanted and something else stands there."""
        text = text_of(look(self.key))
        if self.same:
            return fold(text) in self.same
        if self.part:
            return self.part in plain(text)
        return bool(text) and self.above is not None and number(text) > self.above


def number(text: str) -> Decimal:
    try:
        found = Decimal(plain(text)[:40])
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(text) > 40:
        raise ValueError(_("“%(value)s” is not a number.") % {"value": shown(text)})
    return found
