"""Writes TOML; the standard library only reads it.

Figures are decimal strings in our files, so that no reader makes floats of them: a Decimal is
written as a string and a float is refused. Nothing (None) is left out: TOML has no word for it.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# A table of at most so many plain values stands on one line: points = {5 = "100", …}.
MOST_ON_A_LINE = 5

Table = Mapping[Any, Any]


def dumps(mapping: Table) -> str:
    """The document of a mapping: plain values, then [tables] and [[lists of tables]]."""
    return "\n".join(lines(mapping, ())).lstrip("\n") + "\n"


def lines(mapping: Table, path: tuple[str, ...]) -> Iterator[str]:
    """Plain values come first: after a heading they would belong to it."""
    present = {str(name): value for name, value in mapping.items() if value is not None}
    for name, value in present.items():
        if not is_section(value):
            yield f"{key(name)} = {plain(value)}"
    for name, value in present.items():
        if is_section(value):
            yield from section((*path, name), value)


def section(path: tuple[str, ...], value: Any) -> Iterator[str]:
    heading = ".".join(key(name) for name in path)
    if isinstance(value, Mapping):
        yield from ("", f"[{heading}]", *lines(value, path))
        return
    for row in value:
        yield from ("", f"[[{heading}]]", *lines(row, path))


def is_section(value: Any) -> bool:
    """Whether it needs a heading of its own."""
    if isinstance(value, Mapping):
        return len(value) > MOST_ON_A_LINE or any(
            isinstance(one, (Mapping, list, tuple)) for one in value.values()
        )
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and all(isinstance(row, Mapping) for row in value)
    )


def key(name: str) -> str:
    return name if _BARE.fullmatch(name) else text(name)


def plain(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Decimal):
        return text(format(value, "f"))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = ((str(name), one) for name, one in value.items() if one is not None)
        return "{" + ", ".join(f"{key(name)} = {plain(one)}" for name, one in pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(plain(one) for one in value) + "]"
    if isinstance(value, float):
        raise TypeError("A figure is written as a Decimal or a string, never as a float.")
    return text(str(value))


def text(value: str) -> str:
    """In quotes; whatever cannot stand in a TOML string is escaped."""
    return '"' + "".join(_SHORT.get(sign) or escaped(sign) for sign in value) + '"'


def escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else sign
