"""The major incident: at once, investigated, judged together, ruled, remedied, proved to work."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases.domain import arbitrations, ending, handling, investigations, joint_reviews
from cases.domain.measures import approve_measures, draft_measures, ordered, pass_measures
from cases.domain.responses import at_once
from cases.enums import CaseState as S
from cases.flows.acts import CLOSES, COUNTERSIGNS, INCIDENT_ACTS, RULES
from cases.flows.routing import anywhere, in_charge, in_quality, in_service
from cases.models import Case, CaseProcess
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.flows.spawn import Launch, Spawn


class IncidentFlow(BaseFlow):
    key = "incident"
    process_title = _("Major incident")
    process_class = CaseProcess
    subject_model = Case

    start = Start("log_incident").Titled(_("Log")).Next(this.respond)
    raised = Start("take_up").Titled(_("Raised to major")).Next(this.respond)
    restart = Start("reopen_incident").Titled(_("Reopen")).Next(this.investigate)

    respond = (
        Launch("response", "start", this.responses)
        .Titled(_("Contain, go there, tell the customer")).Next(this.investigate)
    )  # fmt: skip
    investigate = (
        Step(Role.SERVICE_AGENT, at=in_service).Titled(_("Investigate"))
        .Outcome("investigate", _("File the record"), investigations.investigate)
        .Outcome("unfounded", _("No incident"), reason=True,
                 hint=_("The case ends without action; the reason is kept."))
        .Next(this.investigated)
    )  # fmt: skip
    investigated = (
        StateSwitch(_("An incident?")).State(S.CONVENING, then=this.convene)
        .State(S.REJECTED, then=this.ended)
    )  # fmt: skip
    convene = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Convene the joint review"))
        .Outcome("convene", _("Ask the departments"), joint_reviews.convene,
                 hint=_("Each files its opinion without seeing the others'."))
        .Back("return_to_investigation", _("Back to the investigation")).Next(this.convened)
    )  # fmt: skip
    convened = (
        StateSwitch(_("Convened?")).State(S.JOINT_REVIEW, then=this.opinions)
        .State(S.INVESTIGATION, then=this.investigate)
    )  # fmt: skip
    opinions = (
        Spawn("opinion", "start", this.asked, fires="complete_opinions",
              command=joint_reviews.opinions_complete).Titled(_("Joint review"))
        .Next(this.arbitration)
    )  # fmt: skip
    arbitration = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Arbitrate"))
        .Outcome("rule", _("Rule"), arbitrations.rule, fires="decide", signs=RULES,
                 hint=_("Who bears which share; the lead drafts the measures."))
        .Back("return_to_review_board", _("Ask the departments again"), arbitrations.send_back)
        .Back("return_to_investigation", _("Back to the investigation"), arbitrations.send_back)
        .Next(this.ruled)
    )  # fmt: skip
    ruled = (
        StateSwitch(_("Ruled?")).State(S.MEASURES, then=this.measures)
        .State(S.CONVENING, then=this.convene).State(S.INVESTIGATION, then=this.investigate)
    )  # fmt: skip
    measures = (
        Step(Role.HANDLER, at=in_charge).Titled(_("Draft the measures"))
        .Outcome("draft_measures", _("Submit the measures"), draft_measures)
        .Next(this.completeness)
    )  # fmt: skip
    completeness = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Check the measures"))
        .Outcome("pass_measures", _("Complete"), pass_measures)
        .Back("return_measures", _("Return for better measures")).Next(this.checked)
    )  # fmt: skip
    checked = (
        StateSwitch(_("Complete?")).State(S.APPROVAL, then=this.approval)
        .State(S.MEASURES, then=this.measures)
    )  # fmt: skip
    approval = (
        Step(Role.QUALITY_MANAGER, at=in_quality).Titled(_("Approve the measures"))
        .Outcome("approve_measures", _("Approve"), approve_measures,
                 hint=_("The measures go to their departments as corrective actions."))
        .Back("return_measures", _("Return for better measures")).Next(this.approved)
    )  # fmt: skip
    approved = (
        StateSwitch(_("Approved?")).State(S.ACTION, then=this.actions)
        .State(S.MEASURES, then=this.measures)
    )  # fmt: skip
    actions = (
        Spawn("corrective_action", "start", this.ordered, fires="complete_actions", adopts=True)
        .Titled(_("Corrective actions")).Next(this.verification)
    )  # fmt: skip
    verification = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Verify the result"))
        .Outcome("verify", _("Verified"))
        .Back("return_to_measures", _("Not enough, back to the measures")).Next(this.verified)
    )  # fmt: skip
    verified = (
        StateSwitch(_("Effective?")).State(S.REPLY, then=this.reply)
        .State(S.MEASURES, then=this.measures)
    )  # fmt: skip
    reply = (
        Step(Role.SERVICE_AGENT, at=in_service).Titled(_("Reply to the customer"))
        .Outcome("reply", _("Replied"), handling.reply)
        .Back("return_to_measures", _("Back to the measures")).Next(this.replied)
    )  # fmt: skip
    replied = (
        StateSwitch(_("Replied?")).State(S.FEEDBACK, then=this.feedback)
        .State(S.MEASURES, then=this.measures)
    )  # fmt: skip
    feedback = (
        Step(Role.SERVICE_AGENT, at=in_service).Titled(_("Ask whether the customer is satisfied"))
        .Outcome("satisfied", _("Satisfied"), handling.satisfied)
        .Outcome("unsatisfied", _("Not satisfied"), handling.unsatisfied, fires="dissatisfied")
        .Outcome("no_answer", _("No answer"), handling.no_answer, reason=True).Next(this.answered)
    )  # fmt: skip
    answered = (
        StateSwitch(_("Satisfied?")).State(S.CLOSING, then=this.closing)
        .State(S.MEASURES, then=this.measures)
    )  # fmt: skip
    closing = (
        Step(Role.QUALITY_ENGINEER, at=in_quality).Titled(_("Close"))
        .Outcome("close", _("Close the case"), ending.close_incident, signs=CLOSES)
        .Back("return_to_measures", _("Back to the measures")).Next(this.closed)
    )  # fmt: skip
    closed = (
        StateSwitch(_("Closed?")).State(S.CLOSED, then=this.ended)
        .State(S.COUNTERSIGNATURE, then=this.countersignature)
        .State(S.MEASURES, then=this.measures)
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

    acts = INCIDENT_ACTS

    def responses(self, process: CaseProcess) -> Any:
        return at_once(process.case)

    def asked(self, process: CaseProcess) -> Any:
        return process.case.new_opinions

    def ordered(self, process: CaseProcess) -> Any:
        return ordered(process.case)
