"""The form of a recurring plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.web.fields import LineField
from cases.enums import CustomerType
from surveys.domain import frames
from surveys.enums import Mode, Rhythm
from surveys.models import CampaignPlan
from surveys.web import campaign_choices as offered
from surveys.web.fields import Boxes, Many, Names, One
from surveys.web.forms_campaign import OUTSIDE

PLAIN = ("name", "name_en", "source", "questionnaire_code", "rhythm", "mode", "is_active")


class PlanForm(forms.Form):
    name = LineField(label=_("Chinese name"), max_length=120)
    name_en = LineField(label=_("English name"), max_length=120, required=False)
    rhythm = forms.ChoiceField(label=_("Rhythm"), choices=Rhythm.choices)
    source = forms.ChoiceField(label=_("Source"), required=False)
    questionnaire_code = forms.ChoiceField(
        label=_("Questionnaire"),
        help_text=_("Each draft takes the revision that is approved at that time."),
    )
    department = One(label=_("Responsible department"))
    mode = forms.ChoiceField(label=_("Mode"), choices=Mode.choices)
    customer_types = Boxes(label=_("Customer types"), choices=CustomerType.choices)
    classes = Boxes(label=_("Customer classes"))
    products = Many(label=_("Products"))
    cities = Names(label=_("Cities"), required=False, max_length=3000, help_text=_("Empty: all."))
    is_active = forms.BooleanField(label=_("Opens drafts"), required=False, initial=True)

    def __init__(self, data: Any = None, *, plan: CampaignPlan | None = None) -> None:
        super().__init__(data, initial=held(plan) if plan else {})
        fields: Any = self.fields
        fields["source"].choices = [OUTSIDE, *offered.sources()]
        fields["questionnaire_code"].choices = codes(plan)
        fields["department"].offer(offered.surveying_departments())
        fields["products"].choices = offered.products()
        fields["classes"].choices = offered.classes()

    def given(self) -> dict[str, Any]:
        """The input of `plans.keep_plan`."""
        data = dict(self.cleaned_data)
        data["population"] = {name: list(data.pop(name) or ()) for name in frames.LIST_NAMES}
        return data


def held(plan: CampaignPlan) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(plan, name) for name in PLAIN}
    values["department"] = plan.department_id
    return values | {name: plan.population.get(name, []) for name in frames.LIST_NAMES}


def codes(plan: CampaignPlan | None) -> list[tuple[str, str]]:
    """Each questionnaire once, whichever revision; that of the plan though it be gone."""
    found: dict[str, str] = {}
    for row, _label in offered.questionnaires():
        found.setdefault(row.code, f"{row.label} ({row.code})")
    if plan is not None:
        found.setdefault(plan.questionnaire_code, plan.questionnaire_code)
    return list(found.items())
