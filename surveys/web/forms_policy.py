"""The form of a policy: one page for the whole document. What is wrong, the domain says."""

from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import LineField
from cases.enums import CustomerType
from surveys.domain import periods
from surveys.domain.policies import REASON_LENGTH, stamp
from surveys.domain.policy import KINDS, MOST_SOURCES
from surveys.enums import DeductionRule
from surveys.models import SatisfactionPolicy
from surveys.web.fields import Boxes, Names
from workflows.domain.context import now

MOST_BANDS = 10
# Halves on offer: from the one before this to two years ahead.
BACK, AHEAD = 1, 4
LIMITS = ("threshold", "minimum_n", "floor", "low_score", "survey_cap_days", "missing", "approval")


class Figure(LineField):
    """A number as text: the domain reads it exactly and says what is wrong with it."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **given)


class BandRow(forms.Form):
    start = Figure(label=_("Begins at"))
    name = LineField(label=_("Chinese name"), required=False, max_length=100)
    name_en = LineField(label=_("English name"), required=False, max_length=100)

    PLACES = {"from": "start"}

    def has_changed(self) -> bool:
        return any(self[name].value() for name in ("start", "name", "name_en"))

    def row(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"from": given["start"], "name": given["name"], "name_en": given["name_en"]}


class SourceRow(forms.Form):
    key = LineField(label=_("Key"), required=False, max_length=40)
    name = LineField(label=_("Chinese name"), required=False, max_length=100)
    name_en = LineField(label=_("English name"), required=False, max_length=100)
    weight = Figure(label=_("Weight in %"))
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[(kind.value, kind.label) for kind in KINDS]
    )
    customer_types = Boxes(
        label=_("Customer types (none: everybody)"), choices=CustomerType.choices
    )
    products = Names(label=_("Product codes (none: everything)"), required=False, max_length=1000)

    PLACES: dict[str, str] = {}

    def has_changed(self) -> bool:
        return any(self[name].value() for name in ("key", "name", "name_en", "weight"))

    def row(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "products": list(given["products"])}


BandRows = forms.formset_factory(
    BandRow, extra=1, max_num=MOST_BANDS, absolute_max=MOST_BANDS + 5
)  # fmt: skip
SourceRows = forms.formset_factory(
    SourceRow, extra=1, max_num=MOST_SOURCES, absolute_max=MOST_SOURCES + 5
)


class PolicyForm(forms.Form):
    """`bands` and `sources` are rows of their own; an empty row is left out of the document.

    `seen` is the stamp of the draft its reader had before them.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    holds_from = forms.ChoiceField(label=_("Holds from"))
    reason = LineField(label=_("Reason"), required=False, max_length=REASON_LENGTH)
    threshold = Figure(label=_("Response rate that is representative, in %"))
    minimum_n = Figure(label=_("Fewest answers for a score"))
    floor = Figure(label=_("The index never goes below"))
    low_score = Figure(label=_("A score below it proposes an action"))
    survey_cap_days = Figure(label=_("Days between two surveys of one person"))
    missing = forms.ChoiceField(
        label=_("When a source has no data"),
        required=False,
        choices=[
            ("provisional", _("The index is provisional")),
            ("renormalise", _("Its weight is shared by the others, and that is printed")),
        ],
    )
    approval = forms.BooleanField(label=_("Questionnaires need approval"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        document: dict[str, Any],
        starts: date,
        reason: str = "",
        seen: str = "",
    ) -> None:
        head = {"holds_from": starts.isoformat(), "reason": reason, "seen": seen}
        super().__init__(data, initial={**initial(document), **head})
        for level in "54321":
            self.fields[f"points-{level}"] = Figure(label=_("Level %(level)s") % {"level": level})
        # In the order of the document, then those it does not name.
        self.order = list(
            dict.fromkeys([*(one["rule"] for one in document["deductions"]), *DeductionRule.values])
        )
        for rule in self.order:
            self.fields[f"{rule}-every"] = Figure(label=_("For every … cases"))
            self.fields[f"{rule}-points"] = Figure(label=_("Points"))
        chosen: Any = self.fields["holds_from"]
        chosen.choices = offered(starts)
        self.bands = BandRows(data, prefix="bands", initial=band_rows(document))
        self.sources = SourceRows(data, prefix="sources", initial=document["sources"])

    def is_valid(self) -> bool:
        """Of all parts: each shows its own errors."""
        return all([super().is_valid(), self.bands.is_valid(), self.sources.is_valid()])

    # What the template prints, part by part.
    def points(self) -> list[tuple[str, BoundField]]:
        return [(level, self[f"points-{level}"]) for level in "54321"]

    def deductions(self) -> list[tuple[str, BoundField, BoundField]]:
        return [
            (str(DeductionRule(rule).label), self[f"{rule}-every"], self[f"{rule}-points"])
            for rule in self.order
        ]

    def limits(self) -> list[BoundField]:
        return [self[name] for name in LIMITS]

    # What goes to the command, and what it answers.
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "document": self.document(),
            "holds_from": date.fromisoformat(data["holds_from"]),
            "reason": data["reason"],
        }

    def document(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **{name: data[name] for name in LIMITS},
            "points": {level: data[f"points-{level}"] for level in "54321"},
            "bands": [form.row() for form in filled(self.bands)],
            "sources": [form.row() for form in filled(self.sources)],
            "deductions": [
                {"rule": rule, "every": data[f"{rule}-every"], "points": data[f"{rule}-points"]}
                for rule in self.rules
            ],
        }

    @cached_property
    def rules(self) -> list[str]:
        """A rule with both fields empty is none."""
        data = self.cleaned_data
        return [rule for rule in self.order if data[f"{rule}-every"] or data[f"{rule}-points"]]

    def refuse(self, error: ValidationError) -> None:
        """Put each sentence at its field, or on top where it is about a whole table."""
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for place, sentences in found.items():
            form, name = self.at(place.split("."))
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)

    def renew(self, row: SatisfactionPolicy) -> None:
        """A colleague's text has been told of now: sending the form again writes over it."""
        row.refresh_from_db()
        data: Any = self.data
        self.data = data = data.copy()
        data["seen"] = stamp(row)

    def at(self, place: list[str]) -> tuple[forms.Form, str]:
        """The form and the field of a place in the document."""
        tables = {"bands": self.bands, "sources": self.sources}
        if place[0] in tables and len(place) > 2:
            form = filled(tables[place[0]])[int(place[1])]
            return form, form.PLACES.get(place[2], place[2])
        if place[0] == "deductions" and len(place) > 2:
            return self, f"{self.rules[int(place[1])]}-{place[2]}"
        return self, "-".join(place)

    def all_errors(self) -> list[tuple[str, str]]:
        """(field id or nothing, sentence) of all parts, for the list on top."""
        rows, forms_ = (self.bands, self.sources), (self, *self.bands, *self.sources)
        general = [one for part in rows for one in part.non_form_errors()]
        general += [one for form in forms_ for one in form.non_field_errors()]
        return [("", str(sentence)) for sentence in general] + [
            (field.id_for_label, f"{field.label}: {sentence}")
            for form in forms_
            for field in form
            for sentence in field.errors
        ]


def filled(formset: Any) -> list[Any]:
    return [form for form in formset.forms if form.has_changed()]


def initial(document: dict[str, Any]) -> dict[str, Any]:
    found = {name: document[name] for name in LIMITS}
    found |= {f"points-{level}": worth for level, worth in document["points"].items()}
    for one in document["deductions"]:
        found |= {f"{one['rule']}-{name}": one[name] for name in ("every", "points")}
    return found


def band_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**band, "start": band["from"]} for band in document["bands"]]


def offered(starts: date) -> list[tuple[str, str]]:
    """The half-years that may be chosen, and the one the draft has."""
    half = periods.half_of(now())
    for _turn in range(BACK):
        half = half.before
    days = {}
    for _turn in range(BACK + 1 + AHEAD):
        days[half.first_day] = half.label
        half = half.after
    days.setdefault(starts, str(starts))
    return [(day.isoformat(), f"{day} · {label}") for day, label in sorted(days.items())]
