"""A file as rows of cells, whatever it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from django.utils.translation import gettext as _

from cases.domain.importing.errors import Unusable

TEXT = (".csv", ".tsv", ".txt")
WORKBOOK = (".xlsx", ".xlsm")
MOST_ROWS = 200_000


@dataclass(frozen=True)
class Unreadable:
    """A cell whose content cannot be had: a formula without a result, an Excel error."""

    reason: str

    def __str__(self) -> str:
        return self.reason


Cell = str | int | float | bool | datetime | date | time | Unreadable | None


@dataclass(frozen=True)
class Layout:
    """How a mapping says the file is built; empty means: find out."""

    encoding: str = ""
    delimiter: str = ""
    quote: str | None = None
    header: bool = True
    skip: int = 0
    sheet: str = ""
    blank: frozenset[str] = frozenset()
    dates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A row with its number as a spreadsheet counts: the heading is row 1."""

    number: int
    cells: list[Cell]


@dataclass
class Table:
    """What was read. `form` says how, for the person; `preamble` are the rows before the heading;
    `even`: rows have as many cells as the heading (a workbook leaves empty ones out)."""

    form: str
    lines: Iterator[Line]
    delimiter: str = ","
    even: bool = True
    preamble: list[list[Cell]] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)


def open_table(path: Path, layout: Layout) -> Table:
    """Open a file by what its first bytes say; raises Unusable for everything else."""
    from cases.domain.importing import text, workbook

    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise Unusable(
            _("%(file)s cannot be read: %(error)s") % {"file": path, "error": error.strerror}
        ) from error
    suffix = path.suffix.lower()
    if not head:
        raise Unusable(_("%(file)s is empty.") % {"file": path.name})
    if head.startswith(b"PK\x03\x04"):
        table = workbook.read(path, layout)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unusable(
            _(
                "%(file)s is in the old Excel format (.xls) or protected by a password."
                " Save it as .xlsx without a password."
            )
            % {"file": path.name}
        )
    elif suffix in WORKBOOK:
        raise Unusable(_("%(file)s is not an Excel file, whatever its name.") % {"file": path.name})
    elif suffix in TEXT:
        table = text.read(path, layout)
    else:
        raise Unusable(
            _("%(file)s is of no known kind. Known are .csv, .tsv, .txt and .xlsx.")
            % {"file": path.name}
        )
    return headed(table, layout)


def headed(table: Table, layout: Layout) -> Table:
    """Take the rows before the heading and the heading itself off the table."""
    lines = table.lines
    for _turn in range(layout.skip):
        line = next(lines, None)
        table.preamble.append(line.cells if line else [])
    if layout.header:
        for line in lines:
            if not is_blank(line.cells):
                table.heading = ["" if cell is None else str(cell).strip() for cell in line.cells]
                break
            table.preamble.append(line.cells)
        else:
            raise Unusable(_("The file has no row of headings."))
        while table.heading and not table.heading[-1]:
            table.heading.pop()
    table.lines = filled(lines)
    return table


def is_blank(cells: list[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def filled(lines: Iterator[Line]) -> Iterator[Line]:
    """The rows with something in them, up to the most one import takes."""
    count = 0
    for line in lines:
        if is_blank(line.cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Unusable(
                _("The file has more than %(most)s rows. Divide it.") % {"most": MOST_ROWS}
            )
        yield line
