"""From rows of the file to drafts: checked values of our columns, or what is wrong with them."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils.translation import gettext as _, ngettext

from cases.domain.importing import moments
from cases.domain.importing.binding import NEEDED, Binding
from cases.domain.importing.cells import Look, text_of
from cases.domain.importing.errors import Problem, shown
from cases.domain.importing.source import Cell, Line
from cases.domain.importing.words import CHOICES, by_word, fold, plain
from cases.enums import Kind, Severity
from cases.models import Case, Customer
from cases.validators import LONG, Problems, check_occurred, check_received

# The field that takes a text, where it is called otherwise than our column.
_CASE = {"external_ref": "", "title": "", "batch": "", "contact_phone": "",
         "contact": "contact_name"}  # fmt: skip
_CUSTOMER = {"customer": "name", "customer_ref": "external_ref", "phone": "", "email": "",
             "region": "", "city": "", "address": ""}  # fmt: skip


def limits(model: type[Model], fields: dict[str, str]) -> dict[str, int]:
    """How long our texts may be, as the table says."""
    found = {ours: model._meta.get_field(name or ours) for ours, name in fields.items()}
    return {ours: getattr(field, "max_length", None) or LONG for ours, field in found.items()}


MOST: dict[str, int] = {
    "channel": 100,
    "category": 100,
    "product": 300,
    "description": LONG,
    "remedy": LONG,
    **limits(Case, _CASE),
    **limits(Customer, _CUSTOMER),
}
_IN_LINES = ("description", "remedy")

Wrong = Callable[[str, Any], None]


@dataclass
class Draft:
    """A case to be logged, from one row or several; with problems it will not be."""

    rows: list[int]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Of what the row says, before defaults and rules: equal rows have equal prints.
    print: str = ""

    def get(self, column: str, default: Any = "") -> Any:
        return self.values.get(column, default)

    @property
    def reference(self) -> str:
        return self.get("external_ref") or self.print


def read_row(binding: Binding, line: Line) -> Draft:
    """The values of one row, and everything that is wrong with it."""
    draft = Draft([line.number])

    def wrong(column: str, reason: Any) -> None:
        named = binding.label(column) if column else ""
        draft.problems.append(Problem(line.number, named, str(reason)))

    if reason := binding.ragged(line.cells):
        wrong("", reason)
        return draft
    look = binding.look(line.cells)
    raw = from_cells(binding, look, wrong)
    given = {*raw}
    for ours, text in ruled(binding, look, draft, line.number).items():
        raw[ours] = text
        given.discard(ours)
    raw = {**binding.mapping.defaults, **raw}
    draft.values = checked(raw, wrong, binding.mapping.layout.dates)
    draft.print = fingerprint({key: draft.values.get(key) for key in given})
    complete(draft.values, raw, wrong)
    return draft


def from_cells(binding: Binding, look: Look, wrong: Wrong) -> dict[str, Cell]:
    """Cells by our columns, words exchanged as the mapping says; empty ones left out."""
    found: dict[str, Cell] = {}
    for ours, recipe in binding.recipes.items():
        try:
            cell = recipe.value(look)
            if words := binding.mapping.values.get(ours):
                text = text_of(cell)
                cell = words.get(plain(text), words.get("*", cell) if text else cell)
            if text_of(cell):
                found[ours] = cell
        except ValueError as error:
            wrong(ours, error)
    return found


def ruled(binding: Binding, look: Look, draft: Draft, row: int) -> dict[str, str]:
    """What the rules of the mapping set in this row; the later rule wins."""
    found: dict[str, str] = {}
    for rule in binding.mapping.rules:
        for condition in rule.any:
            try:
                if condition.holds(look):
                    found.update(rule.set)
            except ValueError as error:
                draft.problems.append(Problem(row, binding.named(condition.key), str(error)))
    return found


def checked(raw: dict[str, Cell], wrong: Wrong, dates: tuple[str, ...]) -> dict[str, Any]:
    """Values of the kind their column wants."""
    values: dict[str, Any] = {}
    texts = Problems()
    for ours, cell in raw.items():
        try:
            if ours == "received_at":
                values[ours] = moments.moment(cell, dates)
            elif ours == "occurred_on":
                values[ours] = moments.day(cell, dates)
            elif ours in CHOICES:
                values[ours] = choice(ours, text_of(cell))
            else:
                text = text_of(cell)
                if ours in ("phone", "contact_phone"):
                    text = unicodedata.normalize("NFKC", text)
                lines = ours in _IN_LINES
                values[ours] = texts.text(ours, text, most=MOST[ours], lines=lines)
        except ValueError as error:
            wrong(ours, error)
    for ours, messages in texts.found.items():
        wrong(ours, messages[0])
    return values


def choice(column: str, text: str) -> str:
    """The code of a fixed word. Raises ValueError naming the words there are."""
    code = by_word(column).get(fold(text))
    if code is None:
        labels = ", ".join(str(label) for _code, label in CHOICES[column])
        raise ValueError(
            _("“%(value)s” is none of: %(labels)s.") % {"value": shown(text), "labels": labels}
        )
    return code


def complete(values: dict[str, Any], raw: dict[str, Cell], wrong: Wrong) -> None:
    """Fill in what follows from the rest, and name what is missing or contradicts itself."""
    for names in NEEDED:
        if not any(raw.get(name) for name in names):
            wrong(names[0], _("Please fill this in."))
    values.setdefault("description", values.get("title", ""))
    values.setdefault("kind", Kind.COMPLAINT.value)
    values.setdefault("severity", Severity.GENERAL.value)
    if values.get("email"):
        try:
            validate_email(values["email"])
        except ValidationError as error:
            wrong("email", error.messages[0])
    received = values.get("received_at")
    if received is not None:
        times = Problems()
        check_received(times, received, limit=None)
        check_occurred(times, values.get("occurred_on"), received)
        for ours, messages in times.found.items():
            wrong(ours, messages[0])


def fingerprint(values: dict[str, Any]) -> str:
    """A reference made of the content: the same row gives the same, in whatever file it comes."""
    parts = (f"{key}={text_of(value)}" for key, value in sorted(values.items()) if value)
    return "sha256-" + hashlib.sha256("\x1f".join(parts).encode(errors="replace")).hexdigest()[:40]


def gather(drafts: Iterable[Draft], *, join: bool) -> tuple[list[Draft], list[int]]:
    """Put rows with one reference together; also returns the rows that only repeat another.

    With `join`, rows of one reference become one case. Without it the second must say the same
    as the first, else which of them is right is for a person to decide.
    """
    kept: dict[str, Draft] = {}
    broken: list[Draft] = []
    repeated: list[int] = []
    for draft in drafts:
        if not draft.values:
            broken.append(draft)
        elif (first := kept.setdefault(draft.reference, draft)) is draft:
            continue
        elif draft.print == first.print:
            # Nothing new in it; what is wrong with the first is wrong with this one.
            repeated.append(draft.rows[0])
            if first.problems:
                broken.append(draft)
                repeated.pop()
        elif join:
            merge(first, draft)
        else:
            draft.problems.append(clash(draft, first))
            broken.append(draft)
    return [*kept.values(), *broken], repeated


def clash(draft: Draft, first: Draft) -> Problem:
    return Problem(
        draft.rows[0],
        "",
        _("Row %(row)s has the same external reference “%(reference)s” and says something else.")
        % {"row": first.rows[0], "reference": shown(draft.reference)},
    )


def merge(first: Draft, draft: Draft) -> None:
    """One case of two rows: texts follow one another, the heavier severity holds, and for the
    rest the first row that says something."""
    first.rows += draft.rows
    first.problems += draft.problems
    for column, value in draft.values.items():
        mine = first.values.get(column)
        if column in _IN_LINES and mine and value and value not in mine.split("\n\n"):
            first.values[column] = f"{mine}\n\n{value}"
            if len(first.values[column]) > LONG:
                first.problems.append(too_much(first, draft))
        elif column == "severity" and value == Severity.MAJOR or not mine:
            first.values[column] = value


def too_much(first: Draft, draft: Draft) -> Problem:
    count = len(first.rows)
    return Problem(
        draft.rows[0],
        "",
        ngettext(
            "The text of %(count)s row is too long for one case.",
            "The texts of %(count)s rows are too long for one case.",
            count,
        )
        % {"count": count},
    )
