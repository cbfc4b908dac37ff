"""Fields that forms of campaigns and plans have in common."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import LineField
from cases.web.forms.fields import CHOOSE, YEARS

_SIGNS = re.compile(r"[,，、;；\n]")


class One(forms.ChoiceField):
    """One of the rows that the form has read; becomes the row (None when left empty)."""

    def offer(self, rows: Iterable[tuple[Any, Any]]) -> None:
        """(row, label) of everything on offer."""
        pairs = list(rows)
        self.rows = {str(row.pk): row for row, _label in pairs}
        empty = CHOOSE if self.required else "—"
        self.choices = [("", empty), *((row.pk, label) for row, label in pairs)]

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))


class Boxes(forms.MultipleChoiceField):
    """Any number of a few choices, as boxes."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **given)


class Many(forms.MultipleChoiceField):
    """Any number of many choices, in a searchable select."""

    def __init__(self, **given: Any) -> None:
        widget = forms.SelectMultiple(attrs={"data-search": True})
        super().__init__(required=False, widget=widget, **given)


class Names(LineField):
    """Names in one line, with commas of either script between them; becomes a tuple."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return tuple(dict.fromkeys(filter(None, (part.strip() for part in _SIGNS.split(text)))))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value


class Moment(forms.DateTimeField):
    """A moment of the company's clock."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": 60}
        )
        super().__init__(widget=widget, **given)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and not YEARS[0] <= moment.year <= YEARS[1]:
            raise forms.ValidationError(_("This is not a year we plan for."), "year")
        return moment
