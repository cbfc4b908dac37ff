"""The mapping file: what a foreign ledger calls things (docs/files.md describes it).

Everything in it is checked when it is read; a key that means nothing is refused, as it would
otherwise be a typing mistake that nobody sees.
"""

import codecs
import tomllib
from collections.abc import Mapping as Dict, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.importing.cells import Condition, Key, Pick, Recipe, Template
from cases.domain.importing.errors import Unusable
from cases.domain.importing.source import Layout
from cases.domain.importing.words import COLUMNS, fold, plain

CREATABLE = ("customer", "product", "channel", "category")
DEFAULT_SOURCE = "import"


@dataclass(frozen=True)
class Rule:
    """Sets columns of ours when any of the conditions holds."""

    any: tuple[Condition, ...]
    set: Dict[str, str]


@dataclass(frozen=True)
class Mapping:
    """How to read a file. The empty mapping reads one with our own headings."""

    source: str = DEFAULT_SOURCE
    layout: Layout = field(default_factory=Layout)
    create: frozenset[str] = frozenset()
    join_rows: bool = False
    columns: Dict[str, Recipe] = field(default_factory=dict)
    values: Dict[str, Dict[str, str]] = field(default_factory=dict)
    defaults: Dict[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


class Section:
    """A table of the mapping; what nobody asked for when it is left is refused."""

    def __init__(self, name: str, data: Any) -> None:
        if not isinstance(data, dict):
            raise Unusable(_("Mapping: [%(name)s] is not a table.") % {"name": name})
        self.name, self.data = name, dict(data)

    def take(self, key: str, kinds: type | tuple[type, ...], default: Any) -> Any:
        value = self.data.pop(key, default)
        known = isinstance(value, kinds) and not (isinstance(value, bool) and kinds is int)
        if value is not default and not known:
            raise self.wrong(key)
        return value

    def texts(self, key: str) -> list[str]:
        values = self.take(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key)
        return values

    def wrong(self, key: str) -> Unusable:
        return Unusable(
            _("Mapping: [%(name)s] %(key)s is not of the kind it must be.")
            % {"name": self.name, "key": key}
        )

    def done(self) -> None:
        for key in self.data:
            raise Unusable(
                _("Mapping: [%(name)s] knows no “%(key)s”.") % {"name": self.name, "key": key}
            )


def read_mapping(path: Path | None) -> Mapping:
    """Read and check a mapping file; without one, the empty mapping."""
    return Mapping() if path is None else parsed(contents(path))


def contents(path: Path) -> dict[str, Any]:
    """A mapping file, as it is written."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unusable(
            _("The mapping %(file)s cannot be read: %(error)s") % {"file": path, "error": error}
        ) from error


def parsed(data: dict[str, Any]) -> Mapping:
    whole = Section("mapping", data)
    file = Section("file", whole.take("file", dict, {}))
    cases = Section("cases", whole.take("cases", dict, {}))
    mapping = Mapping(
        source=cases.take("source", str, DEFAULT_SOURCE).strip(),
        layout=layout(file),
        create=frozenset(cases.texts("create")),
        join_rows=cases.take("join_rows", bool, False),
        columns={
            known("columns", ours): recipe(ours, given)
            for ours, given in whole.take("columns", dict, {}).items()
        },
        values={
            known("values", ours): {plain(key): text for key, text in texts(ours, table).items()}
            for ours, table in whole.take("values", dict, {}).items()
        },
        defaults=ours_to_text("defaults", whole.take("defaults", dict, {})),
        rules=tuple(rule(given) for given in whole.take("rules", list, [])),
    )
    for section in (file, cases, whole):
        section.done()
    if not mapping.source or len(mapping.source) > 40:
        raise cases.wrong("source")
    if mapping.create - set(CREATABLE):
        raise Unusable(
            _("Mapping: only these can be created: %(names)s.") % {"names": ", ".join(CREATABLE)}
        )
    return mapping


def layout(file: Section) -> Layout:
    found = Layout(
        encoding=file.take("encoding", str, ""),
        delimiter=file.take("delimiter", str, ""),
        quote=file.take("quote", str, None),
        header=file.take("header", bool, True),
        skip=file.take("skip", int, 0),
        sheet=file.take("sheet", str, ""),
        blank=frozenset(plain(text) for text in file.texts("blank")),
        dates=tuple(file.texts("dates")),
    )
    if found.encoding:
        try:
            codecs.lookup(found.encoding)
        except LookupError as error:
            raise file.wrong("encoding") from error
    if len(found.delimiter) > 1 or found.delimiter in {"\n", "\r", '"'}:
        raise file.wrong("delimiter")
    if found.quote is not None and len(found.quote) > 1:
        raise file.wrong("quote")
    if not 0 <= found.skip <= 1000:
        raise file.wrong("skip")
    return found


def known(section: str, column: str, columns: Sequence[str] = COLUMNS) -> str:
    if column not in columns:
        raise Unusable(
            _("Mapping: [%(name)s] there is no column “%(column)s”; there are: %(columns)s.")
            % {"name": section, "column": column, "columns": ", ".join(columns)}
        )
    return column


def recipe(ours: str, given: Any) -> Recipe:
    """A column is a number, a heading, a text with {numbers or headings}, or not read at all."""
    if isinstance(given, dict):
        table = Section(f"columns.{ours}", given)
        key, before = table.take("column", (int, str), None), table.take("before", str, "")
        table.done()
        return Pick(key_of(ours, key), before)
    if isinstance(given, str) and "{" in given:
        try:
            return Template.read(given)
        except ValueError as error:
            raise Section("columns", {}).wrong(ours) from error
    if given is False:
        return Pick(None)
    return Pick(key_of(ours, given))


def key_of(name: str, given: Any) -> Key:
    """The number of a column from 1, or its heading."""
    if isinstance(given, str) and given.strip():
        return given.strip()
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 16_384:
        return given
    raise Unusable(
        _("Mapping: “%(name)s” must name a column by its number from 1 or by its heading.")
        % {"name": name}
    )


def texts(name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        raise Section("values", {}).wrong(name)
    return table


def ours_to_text(name: str, table: Any) -> dict[str, str]:
    return {known(name, column): text for column, text in texts(name, table).items()}


def rule(given: Any) -> Rule:
    table = Section("rules", given)
    conditions = tuple(condition(each) for each in table.take("any", list, []))
    sets = ours_to_text("rules.set", table.take("set", dict, {}))
    table.done()
    if not conditions or not sets:
        raise Unusable(_("Mapping: a rule needs “any” with conditions and “set” with columns."))
    return Rule(conditions, sets)


def condition(given: Any) -> Condition:
    table = Section("rules.any", given)
    key = key_of("column", table.take("column", (int, str), None))
    same = table.take("is", (str, list), None)
    above = table.take("above", (int, float), None)
    part = table.take("contains", str, "")
    table.done()
    if sum(test not in (None, "") for test in (same, above, part)) != 1:
        raise Unusable(_("Mapping: a condition has one of “is”, “above” and “contains”."))
    words = [same] if isinstance(same, str) else (same or [])
    if not all(isinstance(word, str) for word in words):
        raise table.wrong("is")
    return Condition(
        key,
        same=frozenset(fold(word) for word in words),
        above=None if above is None else Decimal(str(above)),
        part=plain(part),
    )
