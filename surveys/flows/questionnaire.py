"""A questionnaire from its first draft to use: written, approved by a second person, frozen."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from surveys.domain import drafting
from surveys.enums import QuestionnaireState as S
from surveys.flows.routing import in_marketing, in_quality, to_author
from surveys.models import Questionnaire, QuestionnaireProcess
from workflows.domain.acts import Act
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step


class QuestionnaireFlow(BaseFlow):
    key = "questionnaire"
    process_title = _("Questionnaire")
    process_class = QuestionnaireProcess
    subject_model = Questionnaire

    start = Start("draw_up").Titled(_("Draw up")).Next(this.edit)
    supplied = Start("adopt").Titled(_("Supplied with the product")).Next(this.ended)

    edit = (
        Step(Role.MARKETING, at=in_marketing, to=to_author)
        .Titled(_("Write the questionnaire"))
        .Outcome("submit", _("Submit"), drafting.submit,
                 hint=_("Somebody else approves it before it is used, where the rules ask for it."))
        .Outcome("drop", _("Drop the draft"), reason=True)
        .Next(this.submitted)
    )  # fmt: skip
    submitted = (
        StateSwitch(_("Approval needed?"))
        .State(S.APPROVAL, then=this.approve)
        .State(S.APPROVED, S.DROPPED, then=this.ended)
    )
    approve = (
        Step(Role.QUALITY_MANAGER, at=in_quality)
        .Titled(_("Approve the questionnaire"))
        .Outcome("approve", _("Approve"), drafting.approve,
                 hint=_("From then on it never changes; the revision before it is retired."))
        .Back("return_to_draft", _("Return to the author"))
        .Next(this.decided)
    )  # fmt: skip
    decided = (
        StateSwitch(_("Approved?"))
        .State(S.APPROVED, then=this.ended)
        .State(S.DRAFT, then=this.edit)
    )
    ended = End().Titled(_("Ended"))

    acts = (
        Act("edit", _("Edit"), drafting.may_write, frozenset({S.DRAFT}), drafting.edit,
            needs_reason=False),
        Act("revise", _("Draw up a new revision"), drafting.may_write,
            frozenset({S.APPROVED, S.RETIRED}), drafting.revise, begins="start",
            needs_reason=False, hint=_("What is approved stays as it is until the new one is.")),
        Act("retire", _("Retire"), drafting.may_retire, frozenset({S.APPROVED}), drafting.retire,
            fires="retire", hint=_("No new campaign can use it; those that did keep it.")),
    )  # fmt: skip
