"""More time for a clock of a case: requested by who works on it, decided by quality."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases.domain import clock_acts
from cases.flows.routing import in_quality
from cases.models import CaseProcess, ClockExtension
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, Step


class ClockExtensionFlow(BaseFlow):
    key = "clock_extension"
    process_title = _("Extension of a clock")
    process_class = CaseProcess
    subject_model = ClockExtension
    on_cascade = "lapse"
    outlives = True

    start = Start("request").Titled(_("Request")).Next(this.decide)
    decide = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Decide on more time"))
        .Outcome("grant", _("Grant"), clock_acts.grant,
                 hint=_("The original date stays; what is missed by now stays missed."))
        .Outcome("refuse", _("Refuse"), clock_acts.refuse, reason=True)
        .Next(this.ended)
    )  # fmt: skip
    ended = End().Titled(_("Ended"))
