"""Which column of a file of inputs is which, and the mapping file (docs/files.md).

The mapping is that of import_cases with the same [file], [columns], [values.COLUMN] and
[defaults]; [inputs] names the source and what may be created.
"""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.importing.binding import Binding
from cases.domain.importing.cells import Pick, text_of
from cases.domain.importing.errors import Problem, Unusable
from cases.domain.importing.mapping import (
    DEFAULT_SOURCE,
    Mapping,
    Section,
    contents,
    known,
    layout,
    recipe,
    texts,
)
from cases.domain.importing.reading import Draft, fingerprint
from cases.domain.importing.source import Cell, Line, Table
from cases.domain.importing.words import fold, plain
from surveys.domain.inputs.kinds import FileKind
from surveys.models.inputs import SCREEN

CREATABLE = ("customer", "product", "category")


def read_mapping(path: Path | None, kind: FileKind) -> Mapping:
    """Read and check a mapping file; without one, the empty mapping."""
    return Mapping() if path is None else parsed(contents(path), kind)


def parsed(data: dict[str, Any], kind: FileKind) -> Mapping:
    whole = Section("mapping", data)
    file = Section("file", whole.take("file", dict, {}))
    inputs = Section("inputs", whole.take("inputs", dict, {}))
    columns = tuple(kind.columns)
    mapping = Mapping(
        source=inputs.take("source", str, DEFAULT_SOURCE).strip(),
        layout=layout(file),
        create=frozenset(inputs.texts("create")),
        columns={
            known("columns", ours, columns): recipe(ours, given)
            for ours, given in whole.take("columns", dict, {}).items()
        },
        values={
            known("values", ours, columns): {
                plain(word): text for word, text in texts(ours, table).items()
            }
            for ours, table in whole.take("values", dict, {}).items()
        },
        defaults={
            known("defaults", ours, columns): text
            for ours, text in texts("defaults", whole.take("defaults", dict, {})).items()
        },
    )
    for section in (file, inputs, whole):
        section.done()
    if not mapping.source or len(mapping.source) > 40 or mapping.source == SCREEN:
        raise inputs.wrong("source")
    if mapping.create - set(CREATABLE):
        raise Unusable(
            _("Mapping: only these can be created: %(names)s.") % {"names": ", ".join(CREATABLE)}
        )
    return mapping


class InputBinding(Binding):
    """The columns found in a file of inputs of one kind."""

    def __init__(self, table: Table, mapping: Mapping, kind: FileKind) -> None:
        self.kind, self.known_headings = kind, kind.by_heading()
        super().__init__(table, mapping)

    def ours(self, heading: str) -> str | None:
        return self.known_headings.get(fold(heading))

    def heading_of(self, column: str, *, chinese: bool) -> str:
        return self.kind.label(column, chinese=chinese)

    def check_enough(self) -> None:
        """Without what every input of this kind has, no row could become one."""
        has = {ours for ours, found in self.recipes.items() if found != Pick(None)}
        has |= {*self.mapping.defaults}
        missing = [self.label(names[0]) for names in self.kind.needed if not has & {*names}]
        if missing:
            raise Unusable(
                _("Columns are missing: %(missing)s. Headings in the file: %(names)s.")
                % {"missing": ", ".join(missing), "names": self.headings()}
            )


class RowReader:
    """Reads rows of one file; nothing is looked up in the database here."""

    def __init__(self, binding: InputBinding) -> None:
        self.binding, self.kind = binding, binding.kind
        self.defaults: dict[str, Cell] = {**binding.mapping.defaults}

    def read(self, line: Line) -> Draft:
        """The values of one row, and everything that is wrong with it."""
        draft, binding = Draft([line.number]), self.binding
        if reason := binding.ragged(line.cells):
            draft.problems.append(Problem(line.number, "", reason))
            return draft
        look, raw = binding.look(line.cells), self.defaults.copy()
        for ours, found in binding.recipes.items():
            try:
                cell = found.value(look)
                if words := binding.mapping.values.get(ours):
                    text = text_of(cell)
                    cell = words.get(plain(text), words.get("*", cell) if text else cell)
                if cell is not None and text_of(cell):
                    raw[ours] = cell
            except ValueError as error:
                self.wrong(draft, ours, error)
        dates = binding.mapping.layout.dates
        for ours, cell in raw.items():
            try:
                draft.values[ours] = self.kind.columns[ours](cell, dates)
            except ValueError as error:
                self.wrong(draft, ours, error)
        if self.kind.is_event:
            draft.print = fingerprint(draft.values)
        return draft

    def wrong(self, draft: Draft, column: str, reason: Any) -> None:
        named = self.binding.label(column) if column else ""
        draft.problems.append(Problem(draft.rows[0], named, str(reason)))
