"""The form of a new version of the clocks: an ordered table whose rows move, come and go.

A button of a row sends everything that is typed; the rows come back in their new order, nothing
is saved, and it works without script.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cases.domain import clock_policies
from cases.domain.clock_policies import FACTS, MOST_RULES, PAUSE_LABEL, RuleDraft, field_name
from cases.enums import ClockName
from cases.web.forms.policy import VersionForm, hours_field, plain
from workflows.enums import ClockUnit
from workflows.models import ClockRule

Row = dict[str, Any]
NEW_ROW: Row = {"unit": ClockUnit.DAYS, "warn_percent": 80, "again": True}
FIGURES = ("name", "amount", "unit", "warn_percent", "statutory", "again")
# What a button of a row asks for.
MOVES = {"up": -1, "down": 1}


class ClockPolicyForm(VersionForm):
    table_template = "cases/policy_new_clocks.html"
    pause_hours = hours_field(
        PAUSE_LABEL, help_text=_("Working hours of one clock in all, while we wait for others.")
    )
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_RULES)
    field_order = ["seen", "pause_hours", "holds_from", "supersede", "reason"]

    def __init__(self, data: Any = None, *, versions: list[Any], base: Any) -> None:
        self.base, turn = base, (data or {}).get("turn", "")
        self.known = clock_policies.labels()
        rows = rows_of(data) if data else [row_of(rule) for rule in base.rules.all()]
        if turn:
            rows = turned(rows, turn)
        self.rows = rows
        # What was only moved is shown as typed, not judged.
        super().__init__(None if turn else data, versions=versions, base=base)
        if turn:
            typed = {name: data[name] for name in data if name in self.fields}
            self.initial.update(typed)
        self.initial["count"] = len(rows)
        for place, row in enumerate(rows):
            self.add_row(place, row)

    def held(self, base: Any) -> dict[str, Any]:
        return {"pause_hours": plain(base.pause_hours)}

    def add_row(self, place: int, row: Row) -> None:
        made: dict[str, forms.Field] = {
            "name": forms.ChoiceField(label=_("Clock"), choices=ClockName.choices),
            "amount": forms.DecimalField(label=_("Target"), max_digits=6, decimal_places=2),
            "unit": forms.ChoiceField(label=_("Unit"), choices=ClockUnit.choices),
            "warn_percent": forms.IntegerField(label=_("Warning at (%)")),
            "statutory": forms.BooleanField(label=_("Set by law"), required=False),
            "again": forms.BooleanField(label=_("Again after reopening"), required=False),
        }
        for fact, label in FACTS.items():
            names = self.known[fact]
            made[fact] = forms.TypedMultipleChoiceField(
                label=label, choices=list(names.items()), required=False,
                coerce=int if fact in {"product", "customer_class", "channel"} else str,
                widget=forms.SelectMultiple(attrs={"size": min(4, max(2, len(names)))}),
            )  # fmt: skip
        for name, field in made.items():
            self.fields[field_name(place, name)] = field
            self.initial[field_name(place, name)] = row.get(name)

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """The rows as the table prints them: bound fields by name, conditions apart."""
        for place, row in enumerate(self.rows):
            conditions = self.cells(place, FACTS)
            yield {
                "place": place,
                "number": place + 1,
                "figures": self.cells(place, FIGURES[:4]),
                "marks": self.cells(place, FIGURES[4:]),
                "conditions": conditions,
                "words": self.words(row),
                "wrong": any(cell.errors for cell in conditions),
            }

    def cells(self, place: int, names: Iterable[str]) -> list[BoundField]:
        return [self[field_name(place, name)] for name in names]

    def words(self, row: Row) -> str:
        chosen = {fact: [whole(value) for value in row.get(fact) or []] for fact in FACTS}
        return clock_policies.condition_words(chosen, self.known)

    def plain(self) -> Iterator[BoundField]:
        return (field for field in self if not field.name.startswith("rules."))

    def given(self) -> dict[str, Any]:
        given = {name: v for name, v in self.cleaned_data.items() if not name.startswith("rules.")}
        given.pop("count")
        return {**given, "rules": [self.draft(place) for place in range(len(self.rows))]}

    def draft(self, place: int) -> RuleDraft:
        cell = {name: self.cleaned_data[field_name(place, name)] for name in (*FIGURES, *FACTS)}
        conditions = {fact: cell[fact] for fact in FACTS if cell[fact]}
        return RuleDraft(conditions=conditions, **{name: cell[name] for name in FIGURES})


def row_of(rule: ClockRule) -> Row:
    return {
        **{name: getattr(rule, name) for name in FIGURES},
        "amount": plain(rule.amount),
        **rule.conditions,
    }


def rows_of(data: Any) -> list[Row]:
    """The rows of a form that was sent, as they were typed."""
    text = data.get("count", "")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return [typed_row(data, place) for place in range(min(count, MOST_RULES))]


def typed_row(data: Any, place: int) -> Row:
    row: Row = {name: data.get(field_name(place, name), "") for name in FIGURES}
    row |= {fact: data.getlist(field_name(place, fact)) for fact in FACTS}
    return row


def turned(rows: list[Row], turn: str) -> list[Row]:
    """The rows after a button: "add", "up.3", "down.3", "remove.3"; nonsense changes nothing."""
    what, _dot, text = turn.partition(".")
    rows = list(rows)
    if what == "add":
        return [*rows, dict(NEW_ROW)][:MOST_RULES]
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
    if not 0 <= place < len(rows):
        return rows
    if what == "remove":
        del rows[place]
    other = place + MOVES.get(what, 0)
    if what in MOVES and 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


def whole(value: Any) -> Any:
    """A key as conditions have it."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
