"""A suspicion that answers were made up: proposed by a check, decided by two people."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases.domain.departments import quality
from surveys.domain import integrity
from surveys.enums import FindingState as S
from surveys.models import Finding, FindingProcess
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.models import Process


def in_quality(process: Process) -> int | None:
    return quality()


class FindingFlow(BaseFlow):
    key = "finding"
    process_title = _("Integrity finding")
    process_class = FindingProcess
    subject_model = Finding

    start = Start("propose").Titled(_("Propose")).Next(this.examine)

    examine = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Look into the finding"))
        .Outcome("pursue", _("Take it up"), integrity.pursue,
                 hint=_("Field work follows: the customers themselves are asked."))
        .Outcome("dismiss", _("Dismiss it"), integrity.dismiss, reason=True,
                 hint=_("The forms count as before; the reason is kept."))
        .Next(this.examined)
    )  # fmt: skip
    examined = (
        StateSwitch(_("Taken up?"))
        .State(S.PURSUED, then=this.confirm)
        .State(S.DISMISSED, then=this.ended)
    )
    confirm = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Decide after the field work"))
        .Outcome("confirm", _("Answers were made up"), integrity.confirm,
                 hint=_("The forms leave the score, and an integrity case is opened."))
        .Outcome("dismiss", _("Dismiss it"), integrity.dismiss, reason=True,
                 hint=_("The forms count as before; the reason is kept."))
        .Next(this.ended)
    )  # fmt: skip
    ended = End().Titled(_("Ended"))
