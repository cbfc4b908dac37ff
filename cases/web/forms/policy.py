"""The forms of a new version of a policy. What the commands check is not checked a second time."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import LineField
from cases.domain.policies import FIGURES, MOST_DAYS
from workflows.domain import policies
from workflows.domain.policies import Key, Ruled
from workflows.domain.versions import PLANNED, REASON_LENGTH, Version, day_of


class VersionForm(forms.Form):
    """From when, why, and whether what is planned already is meant to go."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**62)
    holds_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("Today: at once. A later day: from its first minute. Nothing changes before."),
    )
    supersede = forms.BooleanField(
        label=_("What is planned from this day on or later never comes into force"), required=False
    )
    reason = LineField(label=_("Reason"), max_length=REASON_LENGTH)

    # The template of what stands in a table of its own below the other fields.
    table_template = ""
    # The lines of the deadlines' table: (step, general hours, hours of major cases).
    table: tuple[tuple[Ruled, BoundField, BoundField], ...] = ()

    def __init__(self, data: Any = None, *, versions: list[Version], base: Any) -> None:
        super().__init__(data, initial={"seen": versions[0].row.pk, **self.held(base)})
        planned = [version.row for version in versions if version.standing == PLANNED]
        if not planned:
            del self.fields["supersede"]
        if base in planned:
            self.initial["holds_from"] = day_of(base.holds_from)

    def held(self, base: Any) -> dict[str, Any]:
        """What the version to begin with says."""
        raise NotImplementedError

    def plain(self) -> Iterator[BoundField]:
        """The fields outside the table."""
        in_table = {field.name for _step, *fields in self.table for field in fields}
        return (field for field in self if field.name not in in_table)

    def given(self) -> dict[str, Any]:
        """What goes to the command."""
        return self.cleaned_data

    def renew(self, seen: int) -> None:
        """A colleague's version has been seen now: sending the form again will do."""
        self.data = {**self.data.dict(), "seen": str(seen)}  # type: ignore[attr-defined]


class CasePolicyForm(VersionForm):
    reopen_days = forms.IntegerField(
        label=capfirst(FIGURES["reopen_days"]), min_value=0, max_value=MOST_DAYS,
        help_text=_("A case closed longer ago is not reopened; a linked one is logged instead."),
    )  # fmt: skip
    backdate_days = forms.IntegerField(
        label=capfirst(FIGURES["backdate_days"]), min_value=0, max_value=MOST_DAYS,
        help_text=_("How far before logging a case may have been received."),
    )  # fmt: skip
    field_order = ["seen", "reopen_days", "backdate_days", "holds_from", "supersede", "reason"]

    def held(self, base: Any) -> dict[str, Any]:
        return {name: getattr(base, name) for name in FIGURES}


def hours_field(label: Any, **given: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=policies.LEAST, max_value=policies.MOST, decimal_places=2, **given
    )


class DeadlineForm(VersionForm):
    table_template = "cases/policy_new_table.html"
    default_hours = hours_field(
        _("Hours for a step without a rule"), help_text=_("Working hours, as everywhere here.")
    )
    field_order = ["seen", "default_hours", "holds_from", "supersede", "reason"]

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.keys: dict[str, Key] = {}
        self.table = tuple(self.row(step) for step in policies.ruled())

    def row(self, step: Ruled) -> tuple[Ruled, BoundField, BoundField]:
        """The two fields of a step; what they are is heard, the table shows it."""
        for major, words in ((False, _("all cases")), (True, _("major cases"))):
            key = step.key(major=major)
            label = f"{step.process} · {step.title} · {words}"
            self.fields[key.field] = hours_field(label, required=False)
            self.keys[key.field] = key
        return step, self[step.key(major=False).field], self[step.key(major=True).field]

    def held(self, base: Any) -> dict[str, Any]:
        rules = {key.field: plain(hours) for key, hours in policies.hours_of(base).items()}
        return {"default_hours": plain(base.default_hours), **rules}

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        hours = {key: given.pop(name) for name, key in self.keys.items()}
        return {**given, "hours": {key: value for key, value in hours.items() if value is not None}}


def plain(hours: Decimal) -> str:
    """4, not 4.00."""
    return f"{hours.normalize():f}"
