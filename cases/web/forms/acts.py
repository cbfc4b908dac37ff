"""Forms of the acts beside the steps of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.special import FACTS
from cases.enums import Flag
from cases.models import Case
from cases.web.forms.base import StepForm
from cases.web.forms.fields import Long, Pick, Uploads


class Edit(StepForm):
    """The facts with their present values."""

    title = forms.CharField(label=_("Title"), max_length=200)
    description = Long(label=_("What happened"), rows=6)
    remedy_sought = Long(label=_("Remedy sought"), rows=3, required=False)
    product = Pick("product", label=_("Product"), required=False)
    batch = forms.CharField(label=_("Batch or serial number"), max_length=80, required=False)
    category = Pick("category", label=_("Category"), required=False)
    channel = Pick("channel", label=_("Channel"))
    occurred_on = forms.DateField(
        label=_("Occurred on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    contact_name = forms.CharField(label=_("Contact"), max_length=80, required=False)
    contact_phone = forms.CharField(label=_("Contact phone"), max_length=40, required=False)
    submit = _("Save")

    def prepare(self, subject: Case) -> None:
        for name in FACTS:
            value = getattr(subject, f"{name}_id", None)
            self.initial[name] = value if value is not None else getattr(subject, name)
        # What is no longer on offer stays what it is until somebody chooses anew.
        for name in ("product", "category", "channel"):
            field = self.fields[name]
            assert isinstance(field, Pick)
            field.kept = getattr(subject, name)


class FlagForm(StepForm):
    flag = forms.ChoiceField(label=_("Flag"), choices=Flag.choices, widget=forms.RadioSelect)
    evidence = Long(
        label=_("Evidence"), rows=4, help_text=_("Court letter, article, notice: what shows it.")
    )
    uploads = Uploads(label=_("Files"))


class ProposeFlag(FlagForm):
    def prepare(self, subject: Case) -> None:
        only(self, [flag for flag in Flag if not getattr(subject, flag)])


class ProposeRevocation(FlagForm):
    def prepare(self, subject: Case) -> None:
        only(self, [flag for flag in Flag if getattr(subject, flag)])


def only(form: StepForm, flags: list[Flag]) -> None:
    """Offer what can be chosen now; with one left it is chosen already."""
    if form.is_bound:
        return
    form.fields["flag"].choices = [(flag.value, flag.label) for flag in flags]  # type: ignore[attr-defined]
    if len(flags) == 1:
        form.initial["flag"] = flags[0].value
