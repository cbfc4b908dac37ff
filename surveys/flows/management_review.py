"""A management review: its agenda, its meeting, and the two signatures that freeze it."""

from datetime import datetime, timedelta
from typing import cast

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from surveys import permissions
from surveys.domain.reviews import meeting, preparing, signing
from surveys.enums import ReviewState as S
from surveys.flows.routing import anywhere, in_quality
from surveys.models import ManagementReview, ReviewProcess
from workflows.domain.acts import Act
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.models import Process

# How long the agenda may wait where the meeting is called at short notice, and the minutes.
TO_PREPARE = timedelta(days=2)
TO_WRITE = timedelta(days=7)
# Where the agenda and what is decided can still be worked at.
OPEN = frozenset({S.PREPARATION, S.MEETING})
MEETING = frozenset({S.MEETING})


def to_preparer(process: Process) -> int | None:
    """Whoever drew it up goes on with it, unless they have left quality."""
    author = review_of(process).prepared_by
    return author.pk if author.is_active and permissions.prepares_reviews(author) else None


def before_meeting(process: Process) -> datetime:
    review = review_of(process)
    return max(review.held_at, review.created_at + TO_PREPARE)


def after_meeting(process: Process) -> datetime:
    return before_meeting(process) + TO_WRITE


def review_of(process: Process) -> ManagementReview:
    return cast(ManagementReview, process.root)


class ManagementReviewFlow(BaseFlow):
    key = "management_review"
    process_title = _("Management review")
    process_class = ReviewProcess
    subject_model = ManagementReview

    start = Start("draw_up").Titled(_("Draw up")).Next(this.prepare)

    prepare = (
        Step(Role.QUALITY_ENGINEER, at=in_quality, to=to_preparer, due=before_meeting)
        .Titled(_("Prepare the review"))
        .Outcome("invite", _("Call the meeting"), preparing.invite,
                 hint=_("Those who are invited see the agenda and are told."))
        .Outcome("cancel", _("Cancel the review"), reason=True)
        .Next(this.called)
    )  # fmt: skip
    called = (
        StateSwitch(_("Called?"))
        .State(S.MEETING, then=this.hold)
        .State(S.CANCELLED, then=this.ended)
    )
    hold = (
        Step(Role.QUALITY_ENGINEER, at=in_quality, to=to_preparer, due=after_meeting)
        .Titled(_("Hold the meeting and write the minutes"))
        .Outcome("submit", _("Hand over for signature"), signing.submit,
                 hint=_("From then on nothing of it changes, unless it is returned."))
        .Back("return_to_preparation", _("Back to preparation"))
        .Outcome("cancel", _("Cancel the review"), reason=True)
        .Next(this.held)
    )  # fmt: skip
    held = (
        StateSwitch(_("Written?"))
        .State(S.SIGNING, then=this.sign)
        .State(S.PREPARATION, then=this.prepare)
        .State(S.CANCELLED, then=this.ended)
    )
    sign = (
        Step(Role.MANAGEMENT_REPRESENTATIVE, at=anywhere)
        .Titled(_("Sign as management representative"))
        .Outcome("sign", _("Sign the review"), signing.sign,
                 signs=_("I have taken part in this management review; inputs, minutes and"
                         " decisions are complete and right."))
        .Back("return_to_minutes", _("Return it"))
        .Next(this.signed)
    )  # fmt: skip
    signed = (
        StateSwitch(_("Signed?"))
        .State(S.APPROVAL, then=this.approve)
        .State(S.MEETING, then=this.hold)
    )
    approve = (
        Step(Role.GENERAL_MANAGER, at=anywhere)
        .Titled(_("Sign as general manager"))
        .Outcome("approve", _("Sign the review"), signing.approve,
                 hint=_("Each decision becomes an action with its owner and date."),
                 signs=_("I approve this management review and put its decisions into force."))
        .Back("return_to_minutes", _("Return it"))
        .Next(this.approved)
    )  # fmt: skip
    approved = (
        StateSwitch(_("Signed?")).State(S.CLOSED, then=this.ended).State(S.MEETING, then=this.hold)
    )
    ended = End().Titled(_("Ended"))

    acts = tuple(
        Act(name, title, permissions.writes_review, states, command, needs_reason=False, hint=hint)
        for name, title, states, command, hint in (
            ("edit", _("Change the head"), OPEN, preparing.edit,
             _("Title, period, meeting; another period compiles everything anew.")),
            ("compile", _("Compile again"), OPEN, preparing.compile_again,
             _("The figures of this moment replace those compiled before.")),
            ("upload", _("Upload an input"), OPEN, preparing.upload, ""),
            ("take_back", _("Take a file back"), OPEN, preparing.take_back, ""),
            ("not_applicable", _("Not applicable"), OPEN, preparing.not_applicable, ""),
            ("applicable", _("Applicable after all"), OPEN, preparing.applicable, ""),
            ("add_participant", _("Add a participant"), OPEN, meeting.add_participant, ""),
            ("drop_participant", _("Take off the list"), OPEN, meeting.drop_participant, ""),
            ("mark_presence", _("Record the attendance"), MEETING, meeting.mark_presence, ""),
            ("write_minutes", _("Write the minutes"), MEETING, meeting.write_minutes, ""),
            ("put_decision", _("Record a decision"), MEETING, meeting.put_decision, ""),
            ("drop_decision", _("Remove a decision"), MEETING, meeting.drop_decision, ""),
        )
    )  # fmt: skip
