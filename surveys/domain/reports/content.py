"""The analysis report as one object: what the screen, Word, PDF and Excel print alike.

    Report → Section → Table → Row → Words or Figure

Words are there in both languages, figures as they are printed, so that a report that was frozen
prints the same years later, whatever policy, catalogue or translation says then. What somebody
typed is the same in both languages. `to_json` and `read` go there and back; `digest` is the
SHA-256 of the canonical JSON, without signatures, which come after it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import get_language

SCHEMA = 1


@dataclass(frozen=True)
class Words:
    """A text in both languages; `link` leads to what it names."""

    zh: str
    en: str
    link: str = ""

    @property
    def label(self) -> str:
        chinese = (get_language() or "").startswith("zh")
        return self.zh if chinese else (self.en or self.zh)

    def __str__(self) -> str:
        return self.label


NOTHING = Words("", "")


@dataclass(frozen=True)
class Figure:
    """A number as it is printed, always an exact decimal string; None where nothing is known.

    `unit` is "" or "%"; `link` leads to the list behind it; `n` is the forms it rests on,
    `interval` its 95 % interval; `marks` are values of surveys.enums.Mark.
    """

    value: str | None
    unit: str = ""
    link: str = ""
    n: int | None = None
    interval: tuple[str, str] | None = None
    marks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "–" if self.value is None else f"{self.value}{' %' if self.unit else ''}"


Cell = Words | Figure


@dataclass(frozen=True)
class Column:
    """`kind`: "text", "score" (0–100), "change" (signed points), "count", "percent", "points"."""

    key: str
    title: Words
    kind: str = "text"


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns; `level` 1 is below the row of level 0 before it."""

    key: str
    cells: tuple[Cell, ...]
    level: int = 0


@dataclass(frozen=True)
class Limit:
    """A value that a chart is read against, such as the rate that is asked for."""

    title: Words
    value: str


@dataclass(frozen=True)
class Chart:
    """A drawing of some rows of its table: `values` are keys of columns, each one series.

    `kind`: "bar" (lying), "column" (standing, over time), "waterfall". Only rows of `level`
    are drawn, all where it is None.
    """

    kind: str
    label: str
    values: tuple[str, ...]
    level: int | None = None
    limit: Limit | None = None


@dataclass(frozen=True)
class Table:
    """`empty` is said where there is no row, `note` below the table."""

    key: str
    title: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...] = ()
    note: Words = NOTHING
    empty: Words = NOTHING

    def place(self, column: str) -> int:
        return [one.key for one in self.columns].index(column)

    def figures(self) -> Iterator[tuple[str, Cell]]:
        """Everything that is no plain text, by “table.row.column”: what narratives may insert."""
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if isinstance(cell, Figure) or column.kind != "text":
                    yield f"{self.key}.{row.key}.{column.key}", cell


@dataclass(frozen=True)
class Section:
    """`narrative` is paragraphs with their figures resolved; `important`: for the general
    manager."""

    key: str
    title: Words
    tables: tuple[Table, ...]
    narrative: tuple[Words, ...] = ()
    important: bool = False


@dataclass(frozen=True)
class Conclusion:
    """What follows: `case` is the number of the improvement case it raised, if any."""

    key: str
    text: str
    kind: Words
    owner: Words
    due: str
    case: str = ""
    link: str = ""


@dataclass(frozen=True)
class Difference:
    """A figure that was another in the report that this one restates."""

    key: str
    label: Words
    before: Cell
    after: Cell


@dataclass(frozen=True)
class Restatement:
    """Which report is restated, why, and every figure that differs, both side by side."""

    number: str
    reason: str
    digest: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class SignatureLine:
    """`role` as the signer held it on the day; `at` is ISO 8601."""

    meaning: Words
    name: str
    role: Words
    at: str


@dataclass(frozen=True)
class Report:
    """`computed_at` is ISO 8601; `policy` the number of the version that held. `signatures` and
    `sealed` (the digest, for printing) are added when a frozen report is printed."""

    number: str
    revision: int
    period: str
    period_name: Words
    title: Words
    company: Words
    author: str
    computed_at: str
    policy: int | None
    sections: tuple[Section, ...]
    conclusions: tuple[Conclusion, ...] = ()
    restates: Restatement | None = None
    signatures: tuple[SignatureLine, ...] = ()
    sealed: str = ""
    schema: int = field(default=SCHEMA)

    def section(self, key: str) -> Section | None:
        return next((one for one in self.sections if one.key == key), None)

    def table(self, key: str) -> Table | None:
        return next((one for one in self.tables() if one.key == key), None)

    def tables(self) -> Iterator[Table]:
        for section in self.sections:
            yield from section.tables

    def figures(self) -> dict[str, Cell]:
        """The figures that a narrative may insert, by their key."""
        return {key: cell for table in self.tables() for key, cell in table.figures()}


# ---------------------------------------------------------------------------- JSON
def to_json(report: Report) -> dict[str, Any]:
    return plain(report)


def plain(part: Report | Section) -> dict[str, Any]:
    """As JSON gives it back: lists for tuples."""
    return json.loads(json.dumps(asdict(part)))


def canonical(data: dict[str, Any]) -> str:
    """Sorted keys, no spaces, UTF-8, without what is added after signing."""
    bare = {key: value for key, value in data.items() if key not in ("signatures", "sealed")}
    return json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def read(data: dict[str, Any]) -> Report:
    """The object of a stored report. Raises ValueError for a schema that is not known."""
    if data.get("schema") != SCHEMA:
        raise ValueError(f"schema {data.get('schema')!r} of a report is not known")
    given = dict(data)
    for name in ("period_name", "title", "company"):
        given[name] = Words(**given[name])
    given["sections"] = tuple(map(section_of, given["sections"]))
    given["conclusions"] = tuple(
        Conclusion(**{**one, "kind": Words(**one["kind"]), "owner": Words(**one["owner"])})
        for one in given["conclusions"]
    )
    given["restates"] = restatement_of(given["restates"])
    given["signatures"] = tuple(
        SignatureLine(**{**one, "meaning": Words(**one["meaning"]), "role": Words(**one["role"])})
        for one in given["signatures"]
    )
    return Report(**given)


def section_of(data: dict[str, Any]) -> Section:
    return Section(
        key=data["key"],
        title=Words(**data["title"]),
        tables=tuple(map(table_of, data["tables"])),
        narrative=tuple(Words(**one) for one in data["narrative"]),
        important=data["important"],
    )


def table_of(data: dict[str, Any]) -> Table:
    return Table(
        key=data["key"],
        title=Words(**data["title"]),
        columns=tuple(
            Column(one["key"], Words(**one["title"]), one["kind"]) for one in data["columns"]
        ),
        rows=tuple(
            Row(one["key"], tuple(map(cell_of, one["cells"])), one["level"]) for one in data["rows"]
        ),
        charts=tuple(map(chart_of, data["charts"])),
        note=Words(**data["note"]),
        empty=Words(**data["empty"]),
    )


def chart_of(data: dict[str, Any]) -> Chart:
    given = data.get("limit")
    limit = Limit(Words(**given["title"]), given["value"]) if given else None
    return Chart(**{**data, "values": tuple(data["values"]), "limit": limit})


def cell_of(data: dict[str, Any]) -> Cell:
    if "zh" in data:
        return Words(**data)
    ends = data["interval"]
    return Figure(**{**data, "interval": ends and tuple(ends), "marks": tuple(data["marks"])})


def restatement_of(data: dict[str, Any] | None) -> Restatement | None:
    if data is None:
        return None
    found = tuple(
        Difference(one["key"], Words(**one["label"]), cell_of(one["before"]), cell_of(one["after"]))
        for one in data["differences"]
    )
    return Restatement(**{**data, "differences": found})


# ---------------------------------------------------------------------------- comparing
def differences(before: Report, after: Report) -> tuple[Difference, ...]:
    """The figures that are others now, in the order of the newer report; what only one of the
    two has stands against “–”."""
    old, new, labels = before.figures(), after.figures(), names(before) | names(after)
    keys = [*new, *(key for key in old if key not in new)]
    none = Figure(None)
    return tuple(
        Difference(key, labels[key], old.get(key, none), new.get(key, none))
        for key in keys
        if printed(old.get(key, none)) != printed(new.get(key, none))
    )


def printed(cell: Cell) -> tuple[str, ...]:
    """What of a cell makes a difference: not where it leads."""
    if isinstance(cell, Words):
        return cell.zh, cell.en
    return (cell.value or "", cell.unit)


def names(report: Report) -> dict[str, Words]:
    """Each figure in words: table · row · column."""
    found = {}
    for table in report.tables():
        for row in table.rows:
            first = row.cells[0] if row.cells else NOTHING
            line = first if isinstance(first, Words) else NOTHING
            for column in table.columns:
                parts = (table.title, line, column.title)
                found[f"{table.key}.{row.key}.{column.key}"] = Words(
                    " · ".join(filter(None, (one.zh for one in parts))),
                    " · ".join(filter(None, (one.en or one.zh for one in parts))),
                )
    return found
