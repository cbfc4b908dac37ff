"""Reads a gettext .po file and writes the .mo of it, in Python alone.

Nobody who starts the product, and nobody who translates, needs the gettext programs for that.
"""

import ast
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MAGIC, CONTEXT_END = 0x950412DE, "\x04"


class BadCatalogue(ValueError):
    """The file cannot be read; says in which line."""


@dataclass
class Entry:
    """One message. `texts` holds one translation, or one for each plural form."""

    line: int
    msgid: str = ""
    context: str | None = None
    plural: str | None = None
    fuzzy: bool = False
    texts: dict[int, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key the .mo file knows the message by; unique in a catalogue."""
        before = "" if self.context is None else self.context + CONTEXT_END
        return before + self.msgid + ("" if self.plural is None else "\0" + self.plural)

    @property
    def is_header(self) -> bool:
        return self.msgid == "" and self.context is None

    @property
    def translated(self) -> bool:
        return bool(self.texts) and all(self.texts.values())


def parse(text: str) -> list[Entry]:
    """All living entries of a .po file, in order, the header first; `#~` leftovers are skipped."""
    entries: list[Entry] = []
    current, keyword, fuzzy = Entry(0), "", False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ") if not line.startswith('"') else (keyword, "", line)
        try:
            value = ast.literal_eval(rest.strip())
        except (SyntaxError, ValueError):
            raise BadCatalogue(f"line {number}: no quoted text: {line}") from None
        begins = word == "msgctxt" or (word == "msgid" and keyword != "msgctxt")
        if begins and not line.startswith('"'):
            current = Entry(number, fuzzy=fuzzy)
            entries.append(current)
            fuzzy = False
        keyword = word
        _add(current, word, value, number)
    _refuse_doubles(entries)
    return entries


def _add(entry: Entry, keyword: str, value: str, line: int) -> None:
    """Append the text of one line to the part of the entry that the keyword names."""
    if keyword == "msgid":
        entry.msgid += value
    elif keyword == "msgctxt":
        entry.context = (entry.context or "") + value
    elif keyword == "msgid_plural":
        entry.plural = (entry.plural or "") + value
    elif keyword.startswith("msgstr"):
        form = int(keyword.removeprefix("msgstr").strip("[]") or 0)
        entry.texts[form] = entry.texts.get(form, "") + value
    else:
        raise BadCatalogue(f"line {line}: unknown keyword {keyword!r}")


def _refuse_doubles(entries: Iterable[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.key in seen:
            raise BadCatalogue(f"line {entry.line}: {entry.msgid!r} stands there twice")
        seen.add(entry.key)


def read(path: Path) -> list[Entry]:
    return parse(path.read_text(encoding="utf-8"))


def compile_entries(entries: Iterable[Entry]) -> bytes:
    """The .mo file: header, two tables of (length, offset) sorted by key, then the texts.

    Fuzzy and untranslated entries stay out: the reader then sees the original.
    """
    kept = sorted(
        (entry.key.encode(), "\0".join(entry.texts[form] for form in sorted(entry.texts)).encode())
        for entry in entries
        if entry.translated and (entry.is_header or not entry.fuzzy)
    )
    start_of_table, start_of_texts = 7 * 4, 7 * 4 + 16 * len(kept)
    header = struct.pack(
        "<7I", MAGIC, 0, len(kept), start_of_table, start_of_table + 8 * len(kept), 0, 0
    )
    tables, texts = bytearray(), bytearray()
    for text in [key for key, _ in kept] + [value for _, value in kept]:
        tables += struct.pack("<2I", len(text), start_of_texts + len(texts))
        texts += text + b"\0"
    return header + bytes(tables + texts)
