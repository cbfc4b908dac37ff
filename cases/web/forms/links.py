"""Forms of what joins and parts cases: linking, ending a link, splitting, solving together."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.domain.relations import links_to_end
from cases.domain.splitting import MOST, FurtherComplaint
from cases.enums import Relation
from cases.models import Case, CaseLink
from cases.web.forms.base import StepForm
from cases.web.forms.fields import CHOOSE, CaseNumber, Long, Pick


class Link(StepForm):
    template = "cases/forms/merge.html"
    relation = forms.ChoiceField(
        label=_("This case is"), choices=[("", CHOOSE), *Relation.choices],
        help_text=_("Read from this case to the other one."),
    )  # fmt: skip
    other = CaseNumber(
        label=_("Number of the other case"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "near-links"}),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    submit = _("Link")

    @property
    def numbered(self) -> Any:
        """The field that the cases near this one are offered for."""
        return self["other"]


class Unlink(StepForm):
    """One of the links that somebody has made."""

    link = forms.ChoiceField(label=_("Which link"), widget=forms.RadioSelect)

    def prepare(self, subject: Case) -> None:
        assert self.by is not None
        self.found = {str(link.pk): (link, one) for link, one in links_to_end(subject, self.by)}
        choices = [
            (key, f"{one.words} {one.number} {one.title}")
            for key, (_link, one) in self.found.items()
        ]
        self.fields["link"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial["link"] = choices[0][0]

    def preset(self, query: Any) -> None:
        if query.get("link", "") in self.found:
            self.initial["link"] = query["link"]

    def clean_link(self) -> CaseLink:
        return self.found[self.cleaned_data["link"]][0]


class SolveTogether(StepForm):
    text = Long(
        label=_("What this customer is told now"), rows=3, required=False,
        help_text=_("Needed where the other case has been answered already."),
    )  # fmt: skip


# ---------------------------------------------------------------------------- splitting
class ComplaintRow(forms.Form):
    """One further complaint. `options` are those of the page."""

    title = forms.CharField(label=_("Title"), max_length=200)
    description = Long(label=_("What happened"), rows=3)
    product = Pick("product", label=_("Product"), required=False)
    category = Pick("category", label=_("Category"), required=False)

    def __init__(self, *args: Any, options: Any, product: int | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.initial["product"] = product
        for field in self.fields.values():
            if isinstance(field, Pick):
                field.offer(options)

    def has_changed(self) -> bool:
        """A row counts when something is complained of; the product alone is nothing."""
        return any(self[name].value() for name in ("title", "description"))


class BaseComplaintRows(forms.BaseFormSet):
    def complaints(self) -> list[FurtherComplaint]:
        return [
            FurtherComplaint(**form.cleaned_data)
            for form in self.forms
            if form.has_changed() and form.cleaned_data
        ]


ComplaintRows = forms.formset_factory(
    ComplaintRow,
    formset=BaseComplaintRows,
    extra=2,
    max_num=MOST,
    absolute_max=MOST + 10,
    validate_max=True,
)


class Split(StepForm):
    """One to nine further complaints as rows; this case keeps the rest."""

    template = "cases/forms/split.html"
    INPUTS = ("complaints",)
    submit = _("Log the further complaints")

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        self.options.want("product", "category")
        product = getattr(self.subject, "product_id", None)
        self.rows: Any = ComplaintRows(
            data,
            prefix="complaints",
            auto_id=given.get("auto_id", "id_%s"),
            form_kwargs={"options": self.options, "product": product},
        )

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not self.rows.is_valid():
            raise ValidationError(_("Please check the complaints below."))
        data["complaints"] = self.rows.complaints()
        if not data["complaints"]:
            raise ValidationError(_("Write down at least one further complaint."))
        return data

    def typed(self) -> list[tuple[str, str]]:
        rows = [
            (str(bound.label), str(bound.value()))
            for form in self.rows.forms
            for bound in form
            if bound.name in {"title", "description"} and bound.value()
        ]
        return [*super().typed(), *rows]
