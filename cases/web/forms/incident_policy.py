"""The form of a new version of the incident policy: its matrix as a table of selects."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.domain.incident_versions import (
    FIGURES,
    HOURS_LABEL,
    LONGEST,
    MOST_PHRASES,
    PHRASES_LABEL,
    cell_name,
)
from cases.domain.severity import brief
from cases.enums import Extent, Harm, Severity
from cases.web.forms.fields import Long
from cases.web.forms.policy import VersionForm, hours_field, plain


def days_field(name: str, help_text: Any) -> forms.IntegerField:
    limits = FIGURES[name]
    return forms.IntegerField(
        label=capfirst(limits.label), min_value=limits.least, max_value=limits.most,
        help_text=help_text,
    )  # fmt: skip


class IncidentPolicyForm(VersionForm):
    table_template = "cases/policy_new_matrix.html"
    quorum_percent = days_field(
        "quorum_percent",
        _("So many of the departments asked must file before a joint review can be concluded."),
    )
    hearing_hours = hours_field(
        capfirst(HOURS_LABEL), help_text=_("From the opening of an arbitration.")
    )
    appeal_days = days_field("appeal_days", _("Calendar days after the ruling."))
    watch_days = days_field(
        "watch_days", _("Proposed for the actions of a major case; the verifier may change it.")
    )
    vague_phrases = Long(
        label=PHRASES_LABEL, rows=8, required=False,
        max_length=MOST_PHRASES * (LONGEST + 2),
        help_text=_("One a line. A measure that says nothing else is pointed out to its author."),
    )  # fmt: skip
    field_order = [
        "seen", "quorum_percent", "hearing_hours", "appeal_days", "watch_days", "vague_phrases",
        "holds_from", "supersede", "reason",
    ]  # fmt: skip

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.heads = [brief(extent.label) for extent in Extent]
        self.matrix = [(harm.label, [self.cell(harm, one) for one in Extent]) for harm in Harm]

    def cell(self, harm: Harm, extent: Extent) -> BoundField:
        """A select of the table; which one it is, is heard."""
        name = cell_name(harm, extent)
        label = f"{brief(harm.label)} × {brief(extent.label)}"
        self.fields[name] = forms.ChoiceField(label=label, choices=Severity.choices)
        return self[name]

    def plain(self) -> Iterator[BoundField]:
        return (field for field in self if not field.name.startswith("matrix."))

    def held(self, base: Any) -> dict[str, Any]:
        cells = {
            cell_name(harm, extent): base.matrix.get(harm, {}).get(extent, Severity.GENERAL)
            for harm in Harm
            for extent in Extent
        }
        return {
            **{name: getattr(base, name) for name in FIGURES},
            "hearing_hours": plain(base.hearing_hours),
            "vague_phrases": "\n".join(base.vague_phrases),
            **cells,
        }

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        matrix = {
            str(harm): {str(one): given.pop(cell_name(harm, one)) for one in Extent}
            for harm in Harm
        }
        lines = given.pop("vague_phrases").splitlines()
        phrases = [line.strip() for line in lines if line.strip()]
        return {**given, "matrix": matrix, "vague_phrases": phrases}
