"""The policy of the yearly assessment among the policies of the administration."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.web.forms.policy import VersionForm, plain
from cases.web.policy import POLICIES, Policy
from surveys.domain.assessment import policy
from surveys.domain.assessment.policy import FIGURES


def figure(name: str, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=capfirst(policy.label(name)), min_value=0, max_value=100, decimal_places=2,
        help_text=help_text,
    )  # fmt: skip


class AssessmentPolicyForm(VersionForm):
    result = figure("result", _("For the mean of the half-years; 100 earns all of them."))
    rate = figure("rate", _("All of them from the valid rate on that the index asks for."))
    campaigns = figure("campaigns", _("By the part of the campaigns that were carried out."))
    integrity = figure("integrity")
    finding_points = figure("finding_points")
    most_deducted = figure("most_deducted", _("A case bears its share of the ledger's entry."))
    field_order = ["seen", *FIGURES, "holds_from", "supersede", "reason"]

    def held(self, base: Any) -> dict[str, Any]:
        return {name: plain(getattr(base, name)) for name in FIGURES}


POLICIES["assessment"] = Policy(
    _("Yearly assessment"),
    policy.all_versions,
    policy.changes,
    policy.new_assessment_policy,
    AssessmentPolicyForm,
    policy.facts,
)
