"""What runs beside the steps of a case: responses, opinions, the appeal, flags."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases.domain import arbitrations, flags, joint_reviews, responses
from cases.enums import MotionState as M
from cases.flows.routing import (
    appeal_place,
    appeal_role,
    in_asked,
    in_quality,
    in_response,
    opinion_due,
    response_role,
    to_responder,
)
from cases.models import Appeal, CaseProcess, FlagMotion, Opinion, Response
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step

MANAGEMENT = (Role.MANAGEMENT_REPRESENTATIVE, Role.GENERAL_MANAGER)
CONFIRMS = _("I have seen the evidence and confirm that the motion on this flag holds.")
DECIDES = _("I did not rule on this case and decide on the appeal.")


class ResponseFlow(BaseFlow):
    key = "response"
    process_title = _("Immediate response")
    process_class = CaseProcess
    subject_model = Response
    on_cascade = "lapse"
    outlives = True

    start = Start("start").Titled(_("Log")).Next(this.carry_out)
    carry_out = (
        Step(Role.HANDLER, at=in_response, role_of=response_role, to=to_responder)
        .Titled(_("Respond at once"))
        .Outcome("report_done", _("Report what was done"), responses.report_done)
        .Outcome("decline", _("Not needed"), responses.decline, reason=True)
        .Next(this.ended)
    )
    ended = End().Titled(_("Ended"))


class OpinionFlow(BaseFlow):
    key = "opinion"
    process_title = _("Opinion of a department")
    process_class = CaseProcess
    subject_model = Opinion
    on_cascade = "miss"

    start = Start("request").Titled(_("Ask the department")).Next(this.file)
    file = (
        Step(Role.HANDLER, at=in_asked, due=opinion_due)
        .Titled(_("File your department's opinion"))
        .Outcome("file", _("File the opinion"), joint_reviews.file,
                 hint=_("Until you have filed, the others' opinions are not shown."))
        .Next(this.ended)
    )  # fmt: skip
    ended = End().Titled(_("Ended"))


class AppealFlow(BaseFlow):
    key = "appeal"
    process_title = _("Appeal")
    process_class = CaseProcess
    subject_model = Appeal
    on_cascade = "lapse"
    outlives = True

    start = Start("request").Titled(_("Appeal")).Next(this.decide)
    decide = (
        Step(Role.QUALITY_MANAGER, at=appeal_place, role_of=appeal_role)
        .Titled(_("Decide on the appeal"))
        .Outcome("uphold", _("Uphold the ruling"), arbitrations.uphold, signs=DECIDES)
        .Outcome("revise", _("Revise the ruling"), arbitrations.revise, signs=DECIDES)
        .Next(this.ended)
    )
    ended = End().Titled(_("Ended"))


class FlagFlow(BaseFlow):
    key = "flag"
    process_title = _("Motion on a flag")
    process_class = CaseProcess
    subject_model = FlagMotion
    on_cascade = "lapse"
    outlives = True

    start = Start("propose").Titled(_("Propose")).Next(this.first)
    first = (
        Step(Role.QUALITY_ENGINEER, at=in_quality, also=MANAGEMENT)
        .Titled(_("Confirm a flag"))
        .Outcome("confirm_first", _("Confirm"), flags.confirm_first, signs=CONFIRMS,
                 hint=_("A second person has to confirm it too."))
        .Outcome("dismiss", _("Dismiss"), flags.dismiss, reason=True)
        .Next(this.confirmed)
    )  # fmt: skip
    confirmed = (
        StateSwitch(_("Confirmed?"))
        .State(M.SECONDED, then=this.second)
        .State(M.DISMISSED, then=this.ended)
    )
    second = (
        Step(Role.QUALITY_ENGINEER, at=in_quality, also=MANAGEMENT)
        .Titled(_("Confirm a flag as second person"))
        .Outcome("confirm_second", _("Confirm"), flags.confirm_second, signs=CONFIRMS)
        .Outcome("dismiss", _("Dismiss"), flags.dismiss, reason=True)
        .Next(this.ended)
    )
    ended = End().Titled(_("Ended"))
