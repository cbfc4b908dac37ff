"""Importing inputs, from beginning to end: checked row by row, stored in one transaction.

source (bytes → cells) is that of import_cases; files reads rows, rows finds what they name.
Nothing is half imported, and never twice.
"""

from collections.abc import Mapping as Dict
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.importing.errors import Problem, Unusable
from cases.domain.importing.finding import Makers, Planned
from cases.domain.importing.mapping import Mapping
from cases.domain.importing.reading import Draft
from cases.domain.importing.run import Progress, Report
from cases.domain.importing.source import Cell, open_table
from surveys.domain.answers_import import digest
from surveys.domain.inputs.files import InputBinding, RowReader
from surveys.domain.inputs.guards import guard
from surveys.domain.inputs.kinds import FileKind
from surveys.domain.inputs.rows import Figures, Finder, Ready, There
from surveys.models import InputBatch, PressCase, PressProduct
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict

CHUNK = 2000


class Import:
    """One run over one file. `name` is what people call the file; `most` the rows it may have."""

    def __init__(
        self,
        path: Path,
        *,
        kind: FileKind,
        mapping: Mapping,
        by: User,
        progress: Progress = lambda *_told: None,
        name: str = "",
        most: int | None = None,
    ) -> None:
        guard(by)
        self.path, self.kind, self.mapping, self.by = path, kind, mapping, by
        self.progress, self.name, self.most = progress, name or path.name, most
        self.table = open_table(path, mapping.layout)
        self.binding = InputBinding(self.table, mapping, kind)
        self.reader = RowReader(self.binding)
        self.report = Report(
            self.table.form, self.binding.columns(), self.binding.ignored()
        )  # fmt: skip
        self.makers = Makers()

    def run(self, *, dry_run: bool = False, skip_errors: bool = False) -> Report:
        """Check everything, then store everything, or nothing where it may not be.

        A dry run stores nothing at all, so that it keeps nobody waiting.
        """
        drafts, report = self.drafts(), self.report
        report.read = len(drafts)
        if dry_run:
            self.checked(drafts)
        else:
            with business_transaction():
                self.stored(self.checked(drafts), skip_errors=skip_errors)
        if report.problems and not skip_errors:
            report.logged = report.replaced = 0
        report.problems.sort(key=lambda problem: problem.row)
        return report

    def drafts(self) -> list[Draft]:
        found: list[Draft] = []
        for line in self.table.lines:
            if self.most is not None and len(found) == self.most:
                raise Unusable(
                    _("Files with more than %(most)s rows are imported by the command.")
                    % {"most": self.most}
                )
            found.append(self.reader.read(line))
            if len(found) % 500 == 0:
                self.progress(_("Reading"), len(found), 0)
        return found

    # ---------------------------------------------------------------------- checking
    def checked(self, drafts: list[Draft]) -> list[Ready]:
        """The rows that are new or say something new; those with problems are left out."""
        finder = Finder(drafts, reader=self.reader, mapping=self.mapping, by=self.by)
        report, rows, firsts = self.report, list[Ready](), dict[Any, Ready]()
        for draft in drafts:
            ready = finder.ready(draft)
            if ready is not None:
                first = firsts.setdefault(ready.key, ready)
                if first is ready:
                    rows.append(ready)
                elif same(first, ready):
                    report.known += 1
                else:
                    draft.problems.append(clash(ready, first))
            if draft.problems:
                report.problems += draft.problems
                report.bad_rows.add(draft.rows[0])
        fresh = [one for one in rows if not self.there(rows).holds(one)] if rows else []
        report.known += len(rows) - len(fresh)
        report.logged = len(fresh)
        report.replaced = sum(one.replaces is not None for one in fresh)
        return fresh

    def there(self, rows: list[Ready]) -> There | Figures:
        """What is there already of what the rows speak of; read once."""
        if not hasattr(self, "_there"):
            model = self.kind.model
            self._there: There | Figures = (
                There(model, rows, self.mapping.source)
                if self.kind.is_event
                else Figures(model, rows)
            )
        return self._there

    # ---------------------------------------------------------------------- storing
    def stored(self, ready: list[Ready], *, skip_errors: bool) -> None:
        report = self.report
        if not ready or (report.problems and not skip_errors):
            return
        batch = InputBatch.objects.create(
            kind=self.kind.kind,
            file_name=self.name[-200:],
            sha256=digest(self.path),
            rows=report.read,
            taken=len(ready),
            refused=len(report.bad_rows),
            by=self.by,
            at=now(),
        )
        try:
            self.retire([one.replaces for one in ready if one.replaces is not None])
            for start in range(0, len(ready), CHUNK):
                self.store(ready[start : start + CHUNK], batch)
                self.progress(_("Storing"), min(start + CHUNK, len(ready)), len(ready))
        except IntegrityError:
            raise meanwhile() from None
        self.makers.keep()
        report.created = self.makers.made
        report.kept = True

    def retire(self, keys: list[int]) -> None:
        """Revisions that another one replaces; somebody may have been faster."""
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            rows = self.kind.model.objects.filter(pk__in=part, is_current=True)
            if rows.update(is_current=False) != len(part):
                raise meanwhile()

    def store(self, part: list[Ready], batch: InputBatch) -> None:
        model, entries = self.kind.model, []
        for one in part:
            values = {
                name: self.makers.get(value) if isinstance(value, Planned) else value
                for name, value in one.values.items()
            }
            if not self.kind.is_event:
                values |= {"revision": one.revision, "source": self.mapping.source}
            entries.append(model(**values, batch=batch, logged_by=self.by, logged_at=batch.at))
        model.objects.bulk_create(entries)
        if "cases" in self.kind.columns:
            link(part, entries, self.makers)

    @property
    def lines(self) -> Dict[int, list[Cell]]:
        """The rows in error as they came, read once more: they are few, the rows are many."""
        wanted = self.report.bad_rows
        again = open_table(self.path, self.mapping.layout)
        return {line.number: line.cells for line in again.lines if line.number in wanted}


def link(part: list[Ready], entries: list[Any], makers: Makers) -> None:
    """Cases and products of what was stored."""
    pairs = list(zip(part, entries, strict=True))
    PressCase.objects.bulk_create(
        PressCase(item=entry, case_id=case) for one, entry in pairs for case in one.cases
    )
    PressProduct.objects.bulk_create(
        PressProduct(item=entry, product=makers.get(product))
        for one, entry in pairs
        for product in dict.fromkeys(one.products)
    )


def same(first: Ready, other: Ready) -> bool:
    mine = first.values, first.products, first.cases
    return mine == (other.values, other.products, other.cases)


def clash(ready: Ready, first: Ready) -> Problem:
    return Problem(
        ready.row, "", _("Row %(row)s is about the same and says something else.")
        % {"row": first.row},
    )  # fmt: skip


def meanwhile() -> Conflict:
    return Conflict(
        _("Somebody else has stored some of this meanwhile. Nothing was imported; please"
          " try again.")
    )  # fmt: skip
