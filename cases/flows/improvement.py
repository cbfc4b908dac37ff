"""What our own figures show: a proposal to improve, or a check whether answers were made up."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases import permissions
from cases.domain import corrective, ending, handling, special
from cases.enums import OPEN, CaseState as S
from cases.flows.routing import in_quality
from cases.models import Case, CaseProcess, CorrectiveAction
from workflows.domain.acts import Act
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.flows.spawn import Spawn


class ImprovementFlow(BaseFlow):
    key = "improvement"
    process_title = _("Improvement")
    process_class = CaseProcess
    subject_model = Case

    start = Start("open_finding").Titled(_("Propose")).Next(this.review)
    decided = Start("order_decided").Titled(_("Decided by management")).Next(this.actions)

    review = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Review"))
        .Outcome("order_actions", _("Order actions"), handling.order_actions)
        .Outcome("dismiss", _("No action"), reason=True,
                 hint=_("The case ends without action; the reason is kept."))
        .Next(this.reviewed)
    )  # fmt: skip
    reviewed = (
        StateSwitch(_("Action needed?"))
        .State(S.ACTION, then=this.actions)
        .State(S.REJECTED, then=this.ended)
    )
    actions = (
        Spawn("corrective_action", "start", this.ordered, fires="complete_actions")
        .Titled(_("Corrective actions"))
        .Next(this.verification)
    )
    verification = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Verify the result"))
        .Outcome("verify_finding", _("Verified"))
        .Back("return_to_review", _("Not enough, back to review"))
        .Next(this.verified)
    )
    verified = (
        StateSwitch(_("Effective?"))
        .State(S.CLOSING, then=this.closing)
        .State(S.REVIEW, then=this.review)
    )
    closing = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Close"))
        .Outcome("close", _("Close the case"), ending.close, fires="close_finding")
        .Back("return_to_review", _("Back to review"))
        .Next(this.closed)
    )
    closed = (
        StateSwitch(_("Closed?")).State(S.CLOSED, then=this.ended).State(S.REVIEW, then=this.review)
    )
    ended = End().Titled(_("Ended"))

    acts = (
        Act("edit", _("Correct facts"), permissions.is_quality, OPEN, special.edit,
            needs_reason=False),
        Act("withdraw", _("Withdraw"), permissions.is_quality, OPEN, special.withdraw,
            fires="withdraw", ends="root", hint=_("Raised in error; all open steps end.")),
        Act("add_action", _("Order another action"), permissions.is_quality,
            frozenset({S.ACTION}), corrective.add, spawns="actions", needs_reason=False),
    )  # fmt: skip

    def ordered(self, process: CaseProcess) -> list[CorrectiveAction]:
        """The actions that the review has just ordered; the start of their flow saves them."""
        return process.case.new_actions
