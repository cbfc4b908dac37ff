"""What a document is made of, before it becomes Word or PDF: both print the same blocks.

Every text is plain: what people typed is printed as it stands, never read as markup.
"""

from dataclasses import dataclass
from pathlib import Path

# More characters than this may be torn by the end of a page; what is shorter stays together.
LONG = 600


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


@dataclass(frozen=True)
class Table:
    """`widths` are parts of the line, in any unit."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    @property
    def is_long(self) -> bool:
        return sum(len(text) for row in self.rows for text in row) > LONG


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


Block = Facts | Table | Tree | Heading | Pictures | Bar | Signatures | Nothing


@dataclass(frozen=True)
class Section:
    """`code` is the short sign before the title, such as D4; it may be empty."""

    code: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document. `head` is the table below the title, `foot` stands on every page, and so
    do the words of `page` around its number."""

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
