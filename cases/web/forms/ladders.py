"""The form of a new version of the ladders: one block for each, its rungs as a table."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import LineField
from cases.web.forms.policy import VersionForm, plain
from workflows.domain.ladder_policies import (
    MOST_HOURS,
    MOST_LADDERS,
    NAME_LENGTH,
    RUNGS,
    field,
    flow_titles,
)
from workflows.domain.ladders import Ladder, Step, read
from workflows.enums import Rung

PERCENT, HOURS = "percent", "hours"
UNITS = [(PERCENT, _("% of the time it has")), (HOURS, _("hours after it is due"))]


class Line(NamedTuple):
    """A row of the table: whom, and the two fields that say when."""

    rung: Rung
    when: BoundField
    unit: BoundField


class Block(NamedTuple):
    """What a page shows of one ladder. The first one is spare: it stays empty, or becomes a ladder
    before all others."""

    title: Any
    is_spare: bool
    head: list[BoundField]
    lines: list[Line]


class LadderForm(VersionForm):
    table_template = "cases/policy_new_ladders.html"
    field_order = ["seen", "holds_from", "supersede", "reason"]

    def __init__(self, data: Any = None, **given: Any) -> None:
        known = read(given["base"].ladders)
        super().__init__(data, **given)
        self.blocks = [self.block(place, one) for place, one in enumerate((None, *known))]
        if len(known) >= MOST_LADDERS:
            self.blocks = self.blocks[1:]

    def block(self, place: int, ladder: Ladder | None) -> Block:
        name = str(ladder or _("A ladder before these"))
        fields: dict[str, forms.Field] = {
            "name": LineField(
                label=_("Name of the ladder"), max_length=NAME_LENGTH, required=ladder is not None
            ),
            "name_en": LineField(
                label=_("English name"), max_length=NAME_LENGTH, required=False
            ),
            "flows": forms.MultipleChoiceField(
                label=_("Processes"), choices=list(flow_titles().items()), required=False,
                widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all of them."),
            ),
            "major_only": forms.BooleanField(label=_("Major cases only"), required=False),
            "urgent": forms.BooleanField(
                label=_("Urgent: hours are counted by the clock, at night and on free days too"),
                required=False,
            ),
        }  # fmt: skip
        if ladder is not None and not ladder.is_general:
            fields["leave_out"] = forms.BooleanField(
                label=_("Leave this ladder out"), required=False
            )
        for key, one in fields.items():
            self.fields[field(place, key)] = one
        head = [self[field(place, key)] for key in fields]
        return Block(name, ladder is None, head, [self.line(place, rung, name) for rung in RUNGS])

    def line(self, place: int, rung: Rung, ladder: str) -> Line:
        """The fields of a rung; of which ladder they are is heard, the page shows it."""
        when, unit = field(place, rung.name.lower()), field(place, f"{rung.name.lower()}.unit")
        label = f"{ladder} · {rung.label}"
        self.fields[when] = forms.DecimalField(
            label=label, required=False, min_value=0, max_value=MOST_HOURS, decimal_places=2
        )
        self.fields[unit] = forms.ChoiceField(
            label=f"{label} · {_('counted in')}", choices=UNITS, required=False
        )
        return Line(rung, self[when], self[unit])

    def plain(self) -> Iterator[BoundField]:
        return (one for one in self if not one.name.startswith("ladder."))

    def held(self, base: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for place, ladder in enumerate(read(base.ladders), 1):
            for key in ("name", "name_en", "major_only", "urgent"):
                values[field(place, key)] = getattr(ladder, key)
            values[field(place, "flows")] = sorted(ladder.flows)
            for step in ladder.steps:
                when = field(place, step.rung.name.lower())
                values[when] = plain(
                    (step.percent if step.hours is None else step.hours) or Decimal()
                )
                values[f"{when}.unit"] = PERCENT if step.hours is None else HOURS
        return values

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        opening = {name: data[name] for name in data if not name.startswith("ladder.")}
        found = {place: self.ladder(place) for place in self.places()}
        return {**opening, "ladders": {place: one for place, one in found.items() if one}}

    def places(self) -> list[int]:
        return sorted({int(name.split(".")[1]) for name in self.fields if "." in name})

    def ladder(self, place: int) -> Ladder | None:
        """What was typed; None for a spare one that stays empty and for one that is left out."""
        data = self.cleaned_data
        steps = tuple(filter(None, (self.step(place, rung) for rung in RUNGS)))
        name = data[field(place, "name")]
        if data.get(field(place, "leave_out")) or not (name or steps):
            return None
        return Ladder(
            steps,
            name,
            data[field(place, "name_en")],
            frozenset(data[field(place, "flows")]),
            data[field(place, "major_only")],
            data[field(place, "urgent")],
        )

    def step(self, place: int, rung: Rung) -> Step | None:
        name = field(place, rung.name.lower())
        value = self.cleaned_data[name]
        if value is None:
            return None
        if self.cleaned_data[f"{name}.unit"] == HOURS:
            return Step(rung, hours=value)
        return Step(rung, percent=value)
