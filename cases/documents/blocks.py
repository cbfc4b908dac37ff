"""What a document is made of, before it becomes Word or PDF: both print the same blocks.

Every text is plain: what people typed is printed as it stands, never read as markup.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

# More characters than this may be torn by the end of a page; what is shorter stays together.
LONG = 600
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Fact:
    """A value under its name; a wide one takes a whole line and may be of any length. `missing`
    is one whose text only says that there is none."""

    name: str
    text: str
    wide: bool = False
    missing: bool = False


@dataclass(frozen=True)
class Facts:
    """Narrow ones stand two in a line."""

    rows: tuple[Fact, ...]

    @property
    def is_long(self) -> bool:
        return sum(len(fact.text) for fact in self.rows) > LONG

    @property
    def lines(self) -> list[tuple[Fact, ...]]:
        found: list[tuple[Fact, ...]] = []
        for fact in self.rows:
            last = found[-1] if found else ()
            if not fact.wide and len(last) == 1 and not last[0].wide:
                found[-1] = (*last, fact)
            else:
                found.append((fact,))
        return found


# ---------------------------------------------------------------------------- tables
@dataclass(frozen=True)
class Figure:
    """A number in a table, to as many places as its value has; None is not known or hidden.
    `mark` is a short sign of ours behind it; `to` is the key of the list behind it (Excel)."""

    value: Decimal | None
    mark: str = ""
    to: str = ""
    # With its sign where it is a change.
    signed: bool = False

    @property
    def text(self) -> str:
        if self.value is None:
            return f"–{NO_BREAK}{self.mark}".rstrip()
        # A minus before nothing but zeros says nothing.
        value = self.value or abs(self.value)
        figure = f"{value:{'+' if self.signed and value else ''},f}"
        figure = figure.replace("-", "\N{MINUS SIGN}")
        return f"{figure}{NO_BREAK}{self.mark.replace(' ', NO_BREAK)}".rstrip()


@dataclass(frozen=True)
class Linked:
    """A text that leads to the list `to` of the same workbook."""

    text: str
    to: str


# A day or a moment stays one in Excel; on paper it is words.
Cell = str | Figure | Linked | date


@dataclass(frozen=True)
class Table:
    """`widths` are parts of the line, in any unit. `name` stands above it and names its sheet,
    `note` says below what its marks mean. `strong` rows are sums, printed in bold; `depths` say
    how far the first cell of each row stands in (none: nowhere)."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    name: str = ""
    note: str = ""
    strong: tuple[int, ...] = ()
    depths: tuple[int, ...] = ()

    def depth(self, row: int) -> int:
        return self.depths[row] if self.depths else 0

    @property
    def is_long(self) -> bool:
        return sum(len(as_text(cell)) for row in self.rows for cell in row) > LONG

    @property
    def figures(self) -> tuple[bool, ...]:
        """Which columns hold figures: they stand right, with their heading."""
        return tuple(
            any(isinstance(row[place], Figure) for row in self.rows)
            for place in range(len(self.headings))
        )


def as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else f"{cell:%Y-%m-%d}"
    return cell.text


# ---------------------------------------------------------------------------- charts
@dataclass(frozen=True)
class Series:
    """One value for each category; None leaves a gap. `manner` is how it looks: "" in the next
    colour, "sum", "rise" and "fall" of a waterfall, "hidden" for what only carries the others."""

    name: str
    values: tuple[Decimal | None, ...]
    manner: Literal["", "sum", "rise", "fall", "hidden"] = ""


@dataclass(frozen=True)
class Chart:
    """A diagram that can be edited in Word and Excel; `unit` stands at its scale. `line` is a
    reference across it, such as 80 %; lying bars have none."""

    kind: Literal["columns", "bars", "stacked", "line"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    line: tuple[str, Decimal] | None = None

    def __post_init__(self) -> None:
        assert all(len(one.values) == len(self.categories) for one in self.series)
        assert self.line is None or self.kind != "bars"


@dataclass(frozen=True)
class Prose:
    """Paragraphs as they were written; an empty line parts them."""

    text: str


@dataclass(frozen=True)
class Remarks:
    """A frame with what was remarked, and room to write on."""

    name: str
    text: str = ""


# ---------------------------------------------------------------------------- the others
@dataclass(frozen=True)
class Branch:
    """A line of a tree; `label` says how deep it is in words, `is_end` that nothing follows."""

    depth: int
    label: str
    text: str
    is_end: bool


@dataclass(frozen=True)
class Tree:
    """An outline under its name; its ends are marked with the words `end`."""

    name: str
    branches: tuple[Branch, ...]
    end: str

    @property
    def is_long(self) -> bool:
        return sum(len(branch.text) for branch in self.branches) > LONG


@dataclass(frozen=True)
class Heading:
    """A name inside a section, kept together with what follows."""

    text: str


@dataclass(frozen=True)
class Pictures:
    """(file, what stands below it), two in a row."""

    items: tuple[tuple[Path, str], ...]


@dataclass(frozen=True)
class Bar:
    """Parts of a hundred, in their order, as one bar."""

    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Signed:
    """One signature: what was declared, by whom, in which role, when."""

    meaning: str
    name: str
    role: str
    at: str


@dataclass(frozen=True)
class Signatures:
    """Signatures, each with room above its line for a pen or a seal."""

    items: tuple[Signed, ...]


@dataclass(frozen=True)
class Nothing:
    """Says that the case holds nothing here."""

    text: str


Block = (
    Facts | Table | Tree | Heading | Pictures | Bar | Signatures | Nothing | Chart | Prose | Remarks
)


@dataclass(frozen=True)
class Section:
    """`code` is the short sign before the title, such as D4; it may be empty."""

    code: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def on_paper(self) -> tuple[Block, ...]:
        """A table named as its section needs no second heading."""
        return tuple(
            replace(one, name="") if isinstance(one, Table) and one.name == self.title else one
            for one in self.blocks
        )


@dataclass(frozen=True)
class Document:
    """A whole document. `head` is the table below the title, `foot` stands on every page, and so
    do the words of `page` around its number. `contents` is the title of a list of the sections,
    empty for none. `made` is the moment the file bears: where it is given, one content makes the
    same bytes every time."""

    title: str
    subtitle: str
    number: str
    company: str
    head: Facts
    sections: tuple[Section, ...]
    foot: str
    page: tuple[str, str, str]
    author: str
    digest: str = ""
    digest_name: str = ""
    contents: str = ""
    made: datetime | None = None
