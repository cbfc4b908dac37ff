"""From rows of a file to forms: levels, texts and what describes the customer, or what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.domain.importing import moments
from cases.domain.importing.cells import number, text_of
from cases.domain.importing.errors import Problem, shown
from cases.domain.importing.reading import choice
from cases.domain.importing.source import Cell, Line
from cases.domain.importing.words import fold, plain
from cases.validators import SKEW
from surveys.domain.answers import HIDDEN, LONGEST, shown_keys
from surveys.domain.answers_binding import AnswerBinding, Columns
from surveys.domain.answers_words import Levels, channels
from surveys.domain.questionnaires import OpenQuestion, SubItem
from surveys.enums import BLANK, LEVELS, ResponseChannel
from surveys.models import Campaign
from workflows.domain.context import now
from workflows.validators import clean_text

# How long the texts of a form may be; a customer or product is only looked for by theirs.
MOST = {"external_id": 60, "customer": 120, "product": 300, "region": 60, "city": 60,
        "interviewer": 80}  # fmt: skip
# Somebody may leave a form open for days; more is no figure of seconds.
MOST_SECONDS = 30 * 86_400


@dataclass(slots=True)
class Form:
    """A form of the file. `values` holds the fixed columns that the row filled in."""

    row: int
    external_id: str = ""
    levels: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def same(self, other: "Form") -> bool:
        """Whether another row says the same."""
        mine = self.levels, self.values, self.texts
        return mine == (other.levels, other.values, other.texts)


class FormReader:
    """Reads rows for one campaign. Everything that is the same for all rows is found out once."""

    def __init__(self, binding: AnswerBinding, columns: Columns, campaign: Campaign) -> None:
        self.binding, self.columns, self.campaign = binding, columns, campaign
        self.levels, self.latest = Levels(columns.form), now() + SKEW
        asked: list[SubItem | OpenQuestion] = [*columns.form.subitems, *columns.form.open]
        self.has_conditions = any(one.show_if is not None for one in asked)

    def read(self, line: Line) -> Form:
        form, binding = Form(line.number), self.binding
        if reason := binding.ragged(line.cells):
            form.problems.append(Problem(line.number, "", reason))
            return form
        look, raw = binding.look(line.cells), dict[str, Cell](binding.mapping.defaults)
        for ours, recipe in binding.recipes.items():
            try:
                cell = recipe.value(look)
                if words := binding.mapping.values.get(ours):
                    text = text_of(cell)
                    cell = words.get(plain(text), words.get("*", cell) if text else cell)
                if cell is not None and cell != "":
                    raw[ours] = cell
            except ValueError as error:
                self.wrong(form, ours, error)
        self.answered(form, raw)
        self.described(form, raw)
        return form

    def wrong(self, form: Form, column: str, reason: Any) -> None:
        named = self.binding.label(column) if column else ""
        form.problems.append(Problem(form.row, named, str(reason)))

    # ---------------------------------------------------------------------- answers
    def answered(self, form: Form, raw: dict[str, Cell]) -> None:
        """One character a question, in the order of the questionnaire."""
        levels = []
        for column in self.columns.levels:
            try:
                levels.append(self.levels.read(raw.get(column, "")))
            except ValueError as error:
                levels.append(BLANK)
                self.wrong(form, column, error)
        form.levels = "".join(levels)
        for column, key in self.columns.texts.items():
            if column in raw and (
                text := self.text(form, column, raw[column], LONGEST, lines=True)
            ):
                form.texts[key] = text
        if self.has_conditions:
            self.check_asked(form)
        if not form.levels.strip() and not form.texts and not form.problems:
            self.wrong(form, "", _("The form has no answer."))

    def check_asked(self, form: Form) -> None:
        """A question that was not to be asked cannot have an answer."""
        answers = dict(zip(self.columns.form.keys, form.levels, strict=True))
        asked = shown_keys(self.columns.form, answers)
        for column, key in self.columns.levels.items():
            if key not in asked and answers[key] in LEVELS:
                self.wrong(form, column, HIDDEN.message)
        for column, key in self.columns.texts.items():
            if key not in asked and key in form.texts:
                self.wrong(form, column, HIDDEN.message)

    # ---------------------------------------------------------------------- the rest
    def described(self, form: Form, raw: dict[str, Cell]) -> None:
        for column, most in MOST.items():
            if column in raw and (text := self.text(form, column, raw[column], most)):
                form.values[column] = text
        for column, read in (
            ("received_at", self.moment),
            ("customer_type", customer_type),
            ("channel", channel),
            ("seconds", seconds),
        ):
            try:
                if (cell := raw.get(column)) is not None and text_of(cell):
                    form.values[column] = read(cell)
            except ValueError as error:
                self.wrong(form, column, error)
        form.external_id = form.values.pop("external_id", "")
        for column in ("external_id", "received_at"):
            if not text_or_none(raw.get(column)):
                self.wrong(form, column, _("Please fill this in."))

    def text(self, form: Form, column: str, cell: Cell, most: int, *, lines: bool = False) -> str:
        try:
            return clean_text(text_of(cell), lines=lines, most=most)
        except ValidationError as error:
            self.wrong(form, column, error.messages[0])
        except ValueError as error:
            self.wrong(form, column, error)
        return ""

    def moment(self, cell: Cell) -> datetime:
        """Inside the window of the campaign, and not in the future."""
        found = moments.moment(cell, self.binding.mapping.layout.dates)
        if not self.campaign.is_open(found):
            raise ValueError(
                _("“%(value)s” lies outside the window of the campaign.") % {"value": shown(cell)}
            )
        if found > self.latest:
            raise ValueError(_("The date of receipt lies in the future."))
        return found


def text_or_none(cell: Cell) -> str | None:
    """Whether anything stands in the cell, even something that cannot be read."""
    try:
        return text_of(cell) if cell is not None else None
    except ValueError:
        return str(cell)


def customer_type(cell: Cell) -> str:
    return choice("customer_type", text_of(cell))


def channel(cell: Cell) -> str:
    """How a form came back. Raises ValueError naming the ways there are."""
    code = channels().get(fold(text_of(cell)))
    if code is None:
        labels = ", ".join(str(label) for _code, label in ResponseChannel.choices)
        raise ValueError(
            _("“%(value)s” is none of: %(labels)s.") % {"value": shown(cell), "labels": labels}
        )
    return code


def seconds(cell: Cell) -> int:
    """Whole seconds; a part of one is cut off."""
    found = number(text_of(cell))
    if not Decimal(0) <= found <= MOST_SECONDS:
        raise ValueError(
            _("A number from %(least)s to %(most)s is needed.") % {"least": 0, "most": MOST_SECONDS}
        )
    return int(found)


def gather(forms: Iterable[Form]) -> tuple[list[Form], list[Form]]:
    """Forms of the file by their number, and the rows that only repeat another one.

    The second must say the same as the first, else which is right is for a person to decide.
    """
    first: dict[str, Form] = {}
    kept, repeated = [], []
    for form in forms:
        other = first.setdefault(form.external_id, form) if form.external_id else form
        broken = form.problems or other.problems
        if other is not form and not broken and other.same(form):
            repeated.append(form)
            continue
        if other is not form and not form.problems:
            form.problems.append(clash(form, other))
        kept.append(form)
    return kept, repeated


def clash(form: Form, other: Form) -> Problem:
    return Problem(
        form.row,
        "",
        _("Row %(row)s has the same external id “%(reference)s” and says something else.")
        % {"row": other.row, "reference": shown(form.external_id)},
    )
