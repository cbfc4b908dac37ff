"""The form of a catalogue's entry. What the commands check is not checked here a second time."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.domain import queries
from accounts.models import Department
from accounts.web.fields import LineField
from cases.domain import catalogue_lists
from cases.domain.catalogues import LAST_POSITION, changeable, fields_of
from cases.models import Product
from cases.models.catalogue import Entry

Choices = list[tuple[Any, str]]


class EntryForm(forms.Form):
    code = LineField(
        label=_("Code"),
        max_length=40,
        help_text=_("Short and unique; imports find the entry by it."),
    )
    name = LineField(label=_("Chinese name"), max_length=100)
    name_en = LineField(
        label=_("English name"),
        max_length=100,
        required=False,
        help_text=_("Shown to colleagues who read English."),
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Usually responsible"),
        required=False,
        help_text=_("Proposed when a case is handed on."),
    )
    parent = forms.ModelChoiceField(
        Product.objects.none(),
        label=_("Parent product"),
        required=False,
        help_text=_("The product line or family it belongs to."),
    )
    position = forms.IntegerField(
        label=_("Place in the list"),
        min_value=0,
        max_value=LAST_POSITION,
        required=False,
        help_text=_("Smaller numbers stand first. Empty: at the end."),
    )

    def __init__(
        self, data: Any = None, *, model: type[Entry], entry: Any = None, initial: Any = None
    ) -> None:
        names = changeable(model) if entry else fields_of(model)
        held = {name: getattr(entry, name) for name in names} if entry else {}
        super().__init__(data, initial={**held, **(initial or {})})
        for name in self.fields.keys() - set(names):
            del self.fields[name]
        if entry:
            self.fields["position"].required = True
            self.fields["position"].help_text = _("Smaller numbers stand first.")
        if "department" in self.fields:
            self.offer("department", Department, queries.indented(), held.get("department"))
        if "parent" in self.fields:
            choices = catalogue_lists.parents(without=entry)
            self.offer("parent", Product, choices, held.get("parent"))

    def offer(self, name: str, model: Any, choices: Choices, held: Any) -> None:
        """The active rows as a tree, and the one it has, though that may be switched off."""
        field: Any = self.fields[name]
        field.queryset = model.objects.filter(Q(is_active=True) | Q(pk=held.pk if held else None))
        if held is not None and not held.is_active:
            choices = [*choices, (held.pk, held.label)]
        field.choices = [("", "—"), *choices]
        self.initial[name] = held.pk if held else self.initial.get(name)
