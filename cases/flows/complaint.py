"""The general complaint, from the first call to closure (shared/DOMAIN.md 3)."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases.domain import arbitrations, ending, handling, triage
from cases.enums import CaseState as S
from cases.flows.acts import ACTS, COUNTERSIGNS, RULES
from cases.flows.routing import anywhere, in_charge, in_quality, in_service, to_logger
from cases.models import Case, CaseProcess, CorrectiveAction
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.flows.spawn import Handover, Spawn


class ComplaintFlow(BaseFlow):
    key = "complaint"
    process_title = _("Complaint")
    process_class = CaseProcess
    subject_model = Case

    start = Start("log").Titled(_("Log")).Next(this.acknowledge)
    restart = Start("reopen").Titled(_("Reopen")).Next(this.triage)
    lowered = Start("lower").Titled(_("Lowered to general")).Next(this.triage)

    acknowledge = (
        Step(Role.SERVICE_AGENT, at=in_service, to=to_logger).Titled(_("Acknowledge"))
        .Outcome("acknowledge", _("Acknowledged to the customer"), handling.acknowledge)
        .Next(this.triage)
    )  # fmt: skip
    triage = (
        Step(Role.SERVICE_LEAD, at=in_service).Titled(_("Triage"))
        .Outcome("accept", _("Accept"), triage.accept,
                 hint=_("The responsible department is asked for its statement."))
        .Outcome("raise_major", _("Raise to major"), triage.raise_major,
                 hint=_("It goes on as a major incident, with everything it has."))
        .Outcome("merge", _("Merge into another case"), triage.merge,
                 hint=_("This case ends; the other one goes on for both."))
        .Outcome("convert", _("Turn into another kind"), triage.convert,
                 hint=_("A new record of that kind follows this one."))
        .Outcome("reject", _("Reject"), reason=True,
                 hint=_("The case ends without action; the reason is kept.")).Next(this.triaged)
    )  # fmt: skip
    triaged = (
        StateSwitch(_("Accepted?")).State(S.STATEMENT, then=this.statement)
        .State(S.RAISED, then=this.incident)
        .State(S.REJECTED, S.MERGED, S.CONVERTED, then=this.ended)
    )  # fmt: skip
    incident = Handover("incident", "raised").Titled(_("Major incident"))
    statement = (
        Step(Role.HANDLER, at=in_charge).Titled(_("State facts, cause and remedy"))
        .Outcome("answer", _("File statement"), handling.answer)
        .Outcome("dispute", _("Dispute responsibility"), handling.dispute,
                 hint=_("The quality department arbitrates."))
        .Back("return_to_triage", _("Return to triage")).Next(this.stated)
    )  # fmt: skip
    stated = (
        StateSwitch(_("Disputed?")).State(S.ARBITRATION, then=this.arbitration)
        .State(S.REVIEW, then=this.review).State(S.TRIAGE, then=this.triage)
    )  # fmt: skip
    arbitration = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Arbitrate"))
        .Outcome("rule", _("Rule"), arbitrations.rule, signs=RULES,
                 hint=_("A department that has not stated yet is asked next."))
        .Back("return_to_statement", _("Return for a better statement"), arbitrations.send_back)
        .Next(this.ruled)
    )  # fmt: skip
    ruled = (
        StateSwitch(_("Stated already?")).State(S.REVIEW, then=this.review)
        .State(S.STATEMENT, then=this.statement)
    )  # fmt: skip
    review = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Review"))
        .Outcome("accept_remedy", _("Remedy is enough"), handling.accept_remedy,
                 hint=_("No corrective action; the customer gets a reply."))
        .Outcome("order_actions", _("Order corrective actions"), handling.order_actions)
        .Back("return_to_statement", _("Return for a better statement")).Next(this.reviewed)
    )  # fmt: skip
    reviewed = (
        StateSwitch(_("Action needed?")).State(S.REPLY, then=this.reply)
        .State(S.ACTION, then=this.actions).State(S.STATEMENT, then=this.statement)
    )  # fmt: skip
    actions = (
        Spawn("corrective_action", "start", this.ordered, fires="complete_actions")
        .Titled(_("Corrective actions")).Next(this.verification)
    )  # fmt: skip
    verification = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Verify the result"))
        .Outcome("verify", _("Verified"))
        .Back("return_to_review", _("Not enough, back to review")).Next(this.verified)
    )  # fmt: skip
    verified = (
        StateSwitch(_("Effective?")).State(S.REPLY, then=this.reply)
        .State(S.REVIEW, then=this.review)
    )  # fmt: skip
    reply = (
        Step(Role.SERVICE_AGENT, at=in_service).Titled(_("Reply to the customer"))
        .Outcome("reply", _("Replied"), handling.reply)
        .Back("return_to_review", _("Back to review")).Next(this.replied)
    )  # fmt: skip
    replied = (
        StateSwitch(_("Replied?")).State(S.FEEDBACK, then=this.feedback)
        .State(S.REVIEW, then=this.review)
    )  # fmt: skip
    feedback = (
        Step(Role.SERVICE_AGENT, at=in_service).Titled(_("Ask whether the customer is satisfied"))
        .Outcome("satisfied", _("Satisfied"), handling.satisfied)
        .Outcome("unsatisfied", _("Not satisfied"), handling.unsatisfied,
                 hint=_("The case goes back to review."))
        .Outcome("no_answer", _("No answer"), handling.no_answer, reason=True).Next(this.answered)
    )  # fmt: skip
    answered = (
        StateSwitch(_("Satisfied?")).State(S.CLOSING, then=this.closing)
        .State(S.REVIEW, then=this.review)
    )  # fmt: skip
    closing = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Close"))
        .Outcome("close", _("Close the case"), ending.close)
        .Back("return_to_review", _("Back to review")).Next(this.closed)
    )  # fmt: skip
    closed = (
        StateSwitch(_("Closed?")).State(S.CLOSED, then=this.ended)
        .State(S.COUNTERSIGNATURE, then=this.countersignature).State(S.REVIEW, then=this.review)
    )  # fmt: skip
    countersignature = (
        Step(Role.MANAGEMENT_REPRESENTATIVE, at=anywhere).Titled(_("Countersign the closing"))
        .Outcome("countersign", _("Countersign"), ending.countersign, signs=COUNTERSIGNS)
        .Back("return_to_closing", _("Back to quality")).Next(this.countersigned)
    )  # fmt: skip
    countersigned = (
        StateSwitch(_("Countersigned?")).State(S.CLOSED, then=this.ended)
        .State(S.CLOSING, then=this.closing)
    )  # fmt: skip
    ended = End().Titled(_("Ended"))

    acts = ACTS

    def ordered(self, process: CaseProcess) -> list[CorrectiveAction]:
        """The actions that the review has just ordered; the start of their flow saves them."""
        return process.case.new_actions
