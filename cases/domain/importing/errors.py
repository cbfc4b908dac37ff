"""How a file is refused, and what is wrong with a row."""

from dataclasses import dataclass
from typing import Any


class Unusable(Exception):
    """The file or the mapping cannot be used at all; the argument is a sentence for the person."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))


@dataclass(frozen=True)
class Problem:
    """Something wrong in one row. `row` counts as a spreadsheet does, headings included."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.column}: {self.reason}" if self.column else self.reason


def shown(value: Any, most: int = 40) -> str:
    """A value from a file as it may stand in a message: short, and harmless on a terminal."""
    text = "".join(char if char.isprintable() else "�" for char in str(value)[: most + 1])
    return text if len(text) <= most else text[:most] + "…"
