"""Forms of campaigns: the draft, drawing its frame, what is reported of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import LineField
from cases.enums import CustomerType
from cases.web.forms import FORMS
from cases.web.forms.base import Plain, StepForm
from surveys.domain import frames
from surveys.domain.campaigns import MOST_FORMS, MOST_UNITS, UnitDraft
from surveys.enums import Mode
from surveys.models import Campaign
from surveys.web import campaign_choices as offered
from surveys.web.fields import Boxes, Many, Moment, Names, One

OUTSIDE = ("", _("Outside the index"))


class UnitRow(forms.Form):
    """A unit with the regions it answers for. `units` are the departments on offer."""

    department = One(label=_("Unit"))
    regions = Names(
        label=_("Regions"), required=False, max_length=1000, help_text=_("Empty: all the others.")
    )
    target = forms.IntegerField(
        label=_("Forms to bring back"), required=False, min_value=0, max_value=MOST_FORMS
    )

    def __init__(self, *args: Any, units: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["department"]
        field.offer(units)

    def has_changed(self) -> bool:
        return any(self[name].value() for name in ("department", "regions", "target"))


class BaseUnitRows(forms.BaseFormSet):
    def drafts(self) -> list[UnitDraft]:
        return [
            UnitDraft(data["department"], data["regions"], data["target"] or 0)
            for form in self.forms
            if form.has_changed() and (data := form.cleaned_data)
        ]


UnitRows = forms.formset_factory(
    UnitRow, formset=BaseUnitRows, extra=2, max_num=MOST_UNITS, absolute_max=MOST_UNITS + 10,
    validate_max=True,
)  # fmt: skip


class CampaignForm(StepForm):
    """A draft with all it consists of; the same for a new one and for a change."""

    template = "surveys/forms/campaign.html"
    INPUTS = ("population", "units")
    submit = _("Save the draft")

    title = LineField(label=_("Title"), max_length=200)
    source = forms.ChoiceField(
        label=_("Source"), required=False,
        help_text=_("Under which heading of the index its answers count."),
    )  # fmt: skip
    questionnaire = One(label=_("Questionnaire"), required=False)
    starts_at = Moment(label=_("Starts"))
    ends_at = Moment(label=_("Ends"), help_text=_("Nothing is received from this moment on."))
    period = LineField(
        label=_("Period"), required=False, max_length=7,
        help_text=_("Like 2026-H1. Empty: the half-year in which it starts."),
    )  # fmt: skip
    department = One(label=_("Responsible department"))
    mode = forms.ChoiceField(label=_("Mode"), required=False, choices=Mode.choices)
    agency = LineField(label=_("Agency"), required=False, max_length=120)
    declared_sent = forms.IntegerField(
        label=_("Forms sent outside the frame"), required=False, min_value=0, max_value=MOST_FORMS,
        help_text=_("What an agency sends to people of its own; they count for the rate."),
    )  # fmt: skip
    customer_types = Boxes(label=_("Customer types"), choices=CustomerType.choices)
    classes = Boxes(label=_("Customer classes"))
    products = Many(
        label=_("Products"), help_text=_("Who got one of these or what lies below them.")
    )
    cities = Names(label=_("Cities"), required=False, max_length=3000, help_text=_("Empty: all."))
    margin = forms.DecimalField(
        label=_("Wanted margin of error, in points"), required=False, max_digits=4,
        decimal_places=1, help_text=_("At 95 per cent confidence; 5 is usual."),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        subject: Any = self.subject
        fields: Any = self.fields
        fields["source"].choices = [OUTSIDE, *offered.sources(subject)]
        fields["questionnaire"].offer(offered.questionnaires())
        fields["department"].offer(offered.surveying_departments())
        fields["products"].choices = offered.products()
        fields["classes"].choices = offered.classes()
        self.rows: Any = UnitRows(
            data, prefix="units", initial=unit_rows(subject), auto_id=given.get("auto_id", "id_%s"),
            form_kwargs={"units": offered.departments()},
        )  # fmt: skip

    @classmethod
    def inputs(cls) -> set[str]:
        """The lists of the population go to the command as one."""
        return super().inputs() - set(frames.LIST_NAMES)

    def prepare(self, subject: Campaign) -> None:
        names = ("title", "source", "starts_at", "ends_at", "period", "mode", "agency", "margin")
        for name in names:
            self.initial[name] = getattr(subject, name)
        self.initial["declared_sent"] = subject.declared_sent or None
        self.initial["questionnaire"] = subject.questionnaire_id
        self.initial["department"] = subject.department_id
        for name in frames.LIST_NAMES:
            self.initial[name] = subject.population.get(name, [])

    def clean(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        if not self.rows.is_valid():
            self.add_error(None, _("Please check the units below."))
        else:
            data["units"] = self.rows.drafts()
        data["mode"] = data.get("mode") or Mode.OWN
        data["population"] = {name: list(data.get(name) or ()) for name in frames.LIST_NAMES}
        return data


def unit_rows(campaign: Campaign | None) -> list[dict[str, Any]]:
    if campaign is None:
        return []
    return [
        {"department": unit.department_id, "regions": unit.regions, "target": unit.target or None}
        for unit in campaign.units.order_by("pk")
    ]


class Draw(StepForm):
    """How many to draw; the page proposes as many as the wanted margin needs."""

    submit = _("Draw the frame")
    size = forms.IntegerField(
        label=_("How many customers"), required=False, min_value=1, max_value=MOST_FORMS,
        help_text=_("Empty: everybody of the population."),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Seed"), required=False, min_value=0, max_value=2**31 - 1,
        help_text=_("The same seed draws the same customers again. Empty: by chance."),
    )  # fmt: skip

    def prepare(self, subject: Campaign) -> None:
        self.initial["size"] = getattr(subject, "proposed_size", None)


class DeclareSent(StepForm):
    declared_sent = forms.IntegerField(
        label=_("Forms sent outside the frame"), min_value=0, max_value=MOST_FORMS
    )

    def prepare(self, subject: Campaign) -> None:
        self.initial["declared_sent"] = subject.declared_sent


FORMS.update(
    {
        "campaign.prepare.launch": Plain,
        "campaign.prepare.cancel": Plain,
        "campaign.act.edit": CampaignForm,
        "campaign.act.draw": Draw,
        "campaign.act.declare_sent": DeclareSent,
    }
)
