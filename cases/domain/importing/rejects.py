"""The file of rows in error: as they came, with the reason, to be corrected and imported again."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from django.utils.translation import get_language, gettext as _

from cases.domain.importing.binding import Binding
from cases.domain.importing.cells import text_of
from cases.domain.importing.errors import Problem, Unusable
from cases.domain.importing.run import Report
from cases.domain.importing.source import Cell, Table, Unreadable
from cases.domain.importing.text import FORMULA_STARTS
from cases.domain.importing.words import read


class Done(Protocol):
    """An import that has run. `lines` has at least the rows in error, as they came."""

    table: Table
    report: Report

    @property
    def binding(self) -> Binding: ...

    @property
    def lines(self) -> Mapping[int, list[Cell]]: ...


def write_rejects(path: Path, done: Done) -> int:
    """Write the rows in error as UTF-8 with mark, as Excel wants it; returns how many."""
    reasons: dict[int, list[Problem]] = {}
    for problem in done.report.problems:
        reasons.setdefault(problem.row, []).append(problem)
    table, width = done.table, done.binding.width
    chinese = (get_language() or "").startswith("zh")
    added = [words[1 if chinese else 0] for words in read()["ours"].values()]
    rows, lines = sorted(done.report.bad_rows), done.lines
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file, delimiter=table.delimiter)
            out.writerows([safe(cell) for cell in row] for row in table.preamble)
            if table.heading:
                out.writerow([safe(name) for name in table.heading] + added)
            for row in rows:
                cells = lines[row]
                padded = [*cells, *[None] * (width - len(cells))]
                reason = "; ".join(str(problem) for problem in reasons.get(row, []))
                texts = [safe(cell) for cell in padded]
                out.writerow([*texts, row, safe(reason or _("Belongs to a row in error."))])
    except OSError as error:
        raise Unusable(
            _("%(file)s cannot be written: %(error)s") % {"file": path, "error": error.strerror}
        ) from error
    return len(rows)


def safe(cell: Cell) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = "" if isinstance(cell, Unreadable) else text_of(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
