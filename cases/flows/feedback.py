"""Opinions, inquiries, praise and returns: logged, answered and counted, or made a complaint."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases.domain import handling, triage
from cases.flows.acts import COMMON
from cases.flows.routing import in_service, to_logger
from cases.models import Case, CaseProcess
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, Step


class FeedbackFlow(BaseFlow):
    key = "feedback"
    process_title = _("Feedback")
    process_class = CaseProcess
    subject_model = Case

    start = Start("record").Titled(_("Log")).Next(this.answer)
    answer = (
        Step(Role.SERVICE_AGENT, at=in_service, to=to_logger)
        .Titled(_("Answer"))
        .Outcome("answer", _("Answered"), handling.give_answer, fires="give_answer")
        .Outcome("convert", _("Turn into a complaint"), triage.to_complaint,
                 hint=_("A complaint that follows this record is logged."))
        .Next(this.ended)
    )  # fmt: skip
    ended = End().Titled(_("Ended"))

    acts = COMMON
