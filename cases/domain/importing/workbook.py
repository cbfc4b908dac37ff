"""Excel workbooks: one sheet, its values and never its formulas."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from cases.domain.importing.errors import Unusable
from cases.domain.importing.source import Cell, Layout, Line, Table, Unreadable

# A workbook is compressed; more than this unpacked is a bomb, not a ledger.
LARGEST = 1024 * 2**20


def read(path: Path, layout: Layout) -> Table:
    """The first sheet, or the one that the mapping names."""
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST:
            raise Unusable(_("Unpacked, the workbook is larger than %(most)s MB.") % {"most": 1024})
        # Two readings side by side: a formula is known by one, its stored result by the other.
        formulas = load_workbook(path, read_only=True, data_only=False)
        values = load_workbook(path, read_only=True, data_only=True)
        sheet = chosen(formulas, layout.sheet)
        lines = rows(formulas[sheet], values[sheet])
    except Unusable:
        raise
    except Exception as error:
        raise broken(path, error) from error
    return Table(_("Excel, sheet “%(sheet)s”") % {"sheet": sheet}, guarded(path, lines), even=False)


def chosen(book: Any, wanted: str) -> str:
    names = [sheet.title for sheet in book.worksheets]
    if not names:
        raise Unusable(_("The workbook has no sheet with cells."))
    if wanted and wanted not in names:
        raise Unusable(
            _("There is no sheet “%(sheet)s”; there are: %(sheets)s.")
            % {"sheet": wanted, "sheets": ", ".join(names)}
        )
    return wanted or names[0]


def broken(path: Path, error: Exception) -> Unusable:
    return Unusable(
        _("%(file)s is damaged and cannot be read: %(error)s")
        % {"file": path.name, "error": str(error)[:100] or type(error).__name__}
    )


def guarded(path: Path, lines: Iterator[Line]) -> Iterator[Line]:
    """Rows are unpacked while we read, so a damaged file may show itself late."""
    try:
        yield from lines
    except Unusable:
        raise
    except Exception as error:
        raise broken(path, error) from error


def rows(formulas: Any, values: Any) -> Iterator[Line]:
    # Some programs write a wrong extent of the sheet, and it would be believed.
    formulas.reset_dimensions()
    values.reset_dimensions()
    pairs = zip(formulas.iter_rows(), values.iter_rows(), strict=True)
    for number, (sources, results) in enumerate(pairs, start=1):
        cells = [cell(*pair) for pair in zip(sources, results, strict=True)]
        while cells and cells[-1] is None:
            cells.pop()
        yield Line(number, cells)


def cell(source: Any, result: Any) -> Cell:
    if result.data_type == "e":
        return Unreadable(_("Excel shows the error %(error)s here.") % {"error": result.value})
    if source.data_type == "f" and result.value is None:
        return Unreadable(
            _("A formula without a stored result. Open the file in Excel and save it.")
        )
    return result.value
