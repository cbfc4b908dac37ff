"""Which column of a file is which question, and the mapping file of answers (docs/files.md).

The mapping is that of import_cases with the same [file], [columns], [values.COLUMN] and
[defaults]; [levels] exchanges words in all questions at once.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.importing.binding import Binding
from cases.domain.importing.cells import Key, Pick
from cases.domain.importing.errors import Unusable
from cases.domain.importing.mapping import (
    Mapping,
    Section,
    contents,
    known,
    layout,
    recipe,
    texts,
)
from cases.domain.importing.source import Table
from cases.domain.importing.words import fold, plain
from surveys.domain.answers_words import FIXED, column_of, label, read, reason_of
from surveys.domain.questionnaires import Form, OpenQuestion, SubItem

NEEDED = ("external_id", "received_at")


class Columns:
    """The columns that a file of answers to one questionnaire may have."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.levels = {column_of(key): key for key in form.keys}
        self.texts = {column_of(one.key): one.key for one in form.open}
        self.texts |= {reason_of(key): key for key in form.keys}
        self.all = (*FIXED, *self.levels, *self.texts)

    def by_heading(self) -> dict[str, str]:
        """Folded heading → our column: the fixed ones, keys, then names that occur once."""
        headings = read()["headings"]
        found = {fold(word): ours for ours, words in headings.items() for word in (ours, *words)}
        for column in (*self.levels, *self.texts):
            found.setdefault(fold(column), column)
        named: list[SubItem | OpenQuestion] = [*self.form.subitems, *self.form.open]
        names = [(fold(name), one.key) for one in named for name in {one.name, one.name_en} if name]
        often = Counter(name for name, _key in names)
        for name, key in names:
            if often[name] == 1:
                found.setdefault(name, column_of(key))
        return found


def read_mapping(path: Path | None, columns: Columns) -> Mapping:
    """Read and check a mapping file; without one, the empty mapping."""
    return Mapping() if path is None else parsed(contents(path), columns)


def parsed(data: dict[str, Any], columns: Columns) -> Mapping:
    whole = Section("mapping", data)
    file = Section("file", whole.take("file", dict, {}))
    levels = texts("levels", whole.take("levels", dict, {}))
    everywhere = {plain(word): level for word, level in levels.items()}
    values = dict.fromkeys(columns.levels, everywhere) if everywhere else {}
    for column, table in whole.take("values", dict, {}).items():
        words = {plain(word): text for word, text in texts(column, table).items()}
        values[known("values", column, columns.all)] = {**values.get(column, {}), **words}
    mapping = Mapping(
        layout=layout(file),
        columns={
            known("columns", column, columns.all): recipe(column, given)
            for column, given in whole.take("columns", dict, {}).items()
        },
        values=values,
        defaults={
            known("defaults", column, columns.all): text
            for column, text in texts("defaults", whole.take("defaults", dict, {})).items()
        },
    )
    file.done()
    whole.done()
    return mapping


class AnswerBinding(Binding):
    """The columns found in a file of answers."""

    def __init__(self, table: Table, mapping: Mapping, columns: Columns) -> None:
        self.columns_of_form, self.known_headings = columns, columns.by_heading()
        super().__init__(table, mapping)

    def ours(self, heading: str) -> str | None:
        exact = self.columns_of_form.all
        return heading if heading in exact else self.known_headings.get(fold(heading))

    def place(self, key: Key) -> int:
        """Where in a row; two keys may differ in an underline only."""
        if isinstance(key, str) and self.heading.count(key) == 1:
            return self.heading.index(key)
        return super().place(key)

    def heading_of(self, column: str, *, chinese: bool) -> str:
        return label(column, chinese=chinese)

    def check_enough(self) -> None:
        """Without a number, a moment and one question no row could become a form."""
        has = {ours for ours, found in self.recipes.items() if found != Pick(None)}
        has |= {*self.mapping.defaults}
        missing = [self.label(name) for name in NEEDED if name not in has]
        if not has & {*self.columns_of_form.levels}:
            missing.append(", ".join(self.columns_of_form.levels))
        if missing:
            raise Unusable(
                _("Columns are missing: %(missing)s. Headings in the file: %(names)s.")
                % {"missing": ", ".join(missing), "names": self.headings()}
            )
