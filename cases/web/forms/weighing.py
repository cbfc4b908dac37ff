"""Harm and extent in a form, with what the matrix of the policy proposes for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.domain.options import Options
from cases.domain.severity import Proposal, proposal
from cases.enums import Extent, Harm, Severity
from cases.models import Case
from cases.web.forms.base import StepForm
from cases.web.forms.fields import Long

GENERAL, MAJOR = str(Severity.GENERAL), str(Severity.MAJOR)


def harm_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Harm"), choices=[("", "—"), *Harm.choices], required=False)


def extent_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Extent"), choices=[("", "—"), *Extent.choices], required=False,
        help_text=_("With the harm it proposes the severity, by the matrix of the policy."),
    )  # fmt: skip


class Weighing:
    """What the template cases/forms/weighing.html draws and severity.js keeps up to date.

    `decides` is the severity that the form's choice gives the case; against the matrix it asks
    for the reason. The policy is read when the first form of a page is drawn.
    """

    options: Options
    decides = ""
    weighed = ("harm", "extent", "severity_reason")

    def proposals(self) -> dict[str, dict[str, dict[str, str]]]:
        """What is proposed for every harm and extent, with its sentence."""
        policy, found = self.options.incident_policy, {}
        for harm in Harm:
            made = ((extent, proposal(policy, harm, extent)) for extent in Extent)
            found[str(harm)] = {
                str(extent): {"severity": str(one.severity), "why": one.why}
                for extent, one in made
                if one is not None
            }
        return found

    def proposed(self) -> Proposal | None:
        """What is proposed for what is chosen now."""
        form: Any = self
        harm, extent = (str(form[name].value() or "") for name in ("harm", "extent"))
        return proposal(self.options.incident_policy, harm, extent) if harm and extent else None


class Weighed(Weighing, StepForm):
    """Harm and extent with an act that changes the severity, which gives its reason anyway."""

    template = "cases/forms/weighed.html"
    harm = harm_field()
    extent = extent_field()

    def prepare(self, subject: Case) -> None:
        self.initial.update(harm=subject.harm, extent=subject.extent)


class Decided(Weighed):
    """Harm and extent with a choice that decides the severity."""

    severity_reason = Long(
        label=_("Why the severity is otherwise than proposed"), rows=2, required=False
    )
