"""The analysis report: drafted, reviewed, approved where it is important, frozen, copied."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from surveys import permissions
from surveys.domain.reports import path, writing
from surveys.enums import ReportState as S
from surveys.flows.routing import in_marketing
from surveys.models import AnalysisReport, ReportProcess
from workflows.domain.acts import Act
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.models import Process

REVIEWED = _("I have reviewed this report and agree with its figures and conclusions.")
RELEASED = _("I approve this report and the actions that follow from it.")
DRAFT, WITH_MANAGEMENT = frozenset({S.DRAFT}), frozenset({S.REVIEW, S.APPROVAL})


def anywhere(process: Process) -> None:
    return None


def to_author(process: Process) -> Any:
    """Whoever drew it up goes on with it, unless they have left marketing."""
    author = cast(AnalysisReport, process.root).created_by
    there = author.is_active and permissions.may_draft_report(author)
    return author.pk if there else None


class ReportFlow(BaseFlow):
    key = "report"
    process_title = _("Analysis report")
    process_class = ReportProcess
    subject_model = AnalysisReport

    start = Start("draw_up").Titled(_("Draw up")).Next(this.draft)

    draft = (
        Step(Role.MARKETING, at=in_marketing, to=to_author)
        .Titled(_("Write the analysis report"))
        .Outcome("submit", _("Submit"), writing.submit,
                 hint=_("The management representative reviews it."))
        .Outcome("drop", _("Drop the draft"), reason=True)
        .Next(this.drafted)
    )  # fmt: skip
    drafted = (
        StateSwitch(_("Submitted?"))
        .State(S.REVIEW, then=this.review)
        .State(S.DROPPED, then=this.ended)
    )
    review = (
        Step(Role.MANAGEMENT_REPRESENTATIVE, at=anywhere)
        .Titled(_("Review the analysis report"))
        .Outcome("approve", _("Agree"), path.approve, signs=REVIEWED,
                 hint=_("It goes to the general manager where something is marked important; "
                        "else it is frozen."))
        .Back("return_to_draft", _("Return to the author"))
        .Next(this.reviewed)
    )  # fmt: skip
    reviewed = (
        StateSwitch(_("Reviewed?"))
        .State(S.APPROVAL, then=this.approval)
        .State(S.FROZEN, then=this.ended)
        .State(S.DRAFT, then=this.draft)
    )
    approval = (
        Step(Role.GENERAL_MANAGER, at=anywhere)
        .Titled(_("Approve the analysis report"))
        .Outcome("release", _("Approve"), path.release, signs=RELEASED,
                 hint=_("It is frozen, and its conclusions become cases."))
        .Back("return_to_draft", _("Return to the author"))
        .Next(this.approved)
    )  # fmt: skip
    approved = (
        StateSwitch(_("Approved?")).State(S.FROZEN, then=this.ended).State(S.DRAFT, then=this.draft)
    )
    ended = End().Titled(_("Ended"))

    acts = (
        Act("write", _("Write a section"), permissions.drafts, DRAFT, writing.write,
            needs_reason=False),
        Act("conclude", _("Add a conclusion"), permissions.drafts, DRAFT, writing.conclude,
            needs_reason=False, hint=_("An improvement becomes a case when the report is frozen.")),
        Act("drop_conclusion", _("Take a conclusion out"), permissions.drafts, DRAFT,
            writing.drop_conclusion, needs_reason=False),
        Act("answer", _("Answer a remark"), permissions.drafts, DRAFT, writing.answer,
            needs_reason=False),
        Act("remark", _("Remark at a paragraph"), permissions.reviews, WITH_MANAGEMENT,
            path.remark, needs_reason=False),
    )  # fmt: skip
