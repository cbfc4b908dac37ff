"""The policy of lost business among the policies of the administration."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.web.forms.policy import VersionForm, plain
from cases.web.policy import POLICIES, Policy
from surveys.domain.inputs import lost_policy
from surveys.domain.inputs.lost_policy import FIGURES, HUNDREDTH, MOST_FLOOR, MOST_PERCENT
from surveys.enums import Comparison, Measure


class LostPolicyForm(VersionForm):
    comparison = forms.ChoiceField(
        label=capfirst(lost_policy.label("comparison")), choices=Comparison.choices,
        help_text=_("A half-year that still runs is compared with as many months."),
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=capfirst(lost_policy.label("measure")), choices=Measure.choices
    )
    fall_percent = forms.DecimalField(
        label=capfirst(lost_policy.label("fall_percent")), min_value=HUNDREDTH,
        max_value=MOST_PERCENT, decimal_places=2,
        help_text=_("Who bought so much less, or still less than that, counts as falling."),
    )  # fmt: skip
    floor = forms.DecimalField(
        label=capfirst(lost_policy.label("floor")), min_value=0, max_value=MOST_FLOOR,
        decimal_places=2,
        help_text=_("In the measure above; who bought less in the earlier period is not told."),
    )  # fmt: skip
    field_order = ["seen", *FIGURES, "holds_from", "supersede", "reason"]

    def held(self, base: Any) -> dict[str, Any]:
        return {
            "comparison": base.comparison,
            "measure": base.measure,
            "fall_percent": plain(base.fall_percent),
            "floor": plain(base.floor),
        }


POLICIES["lost"] = Policy(
    _("Lost business"),
    lost_policy.all_versions,
    lost_policy.changes,
    lost_policy.new_lost_policy,
    LostPolicyForm,
    lost_policy.facts,
)
