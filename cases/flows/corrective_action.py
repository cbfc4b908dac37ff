"""The corrective action (CAPA) and the request to extend it (shared/DOMAIN.md 3)."""

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from cases import permissions
from cases.domain import clock_acts, corrective, effectiveness, read_across
from cases.enums import ACTION_ENDED, ActionState as A
from cases.flows.routing import (
    action_due,
    in_department,
    in_quality,
    to_owner,
    to_verifier,
    watch_until,
)
from cases.flows.waiting import WAITING
from cases.models import CaseProcess, CorrectiveAction, ExtensionRequest
from workflows.domain.acts import Act
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, StateSwitch, Step
from workflows.flows.watch import Watch

UNDER_WAY = frozenset({A.ACCEPTED, A.IN_PROGRESS})
TIMED = UNDER_WAY | {A.ASSIGNED, A.SUBMITTED}


class CorrectiveActionFlow(BaseFlow):
    key = "corrective_action"
    process_title = _("Corrective action")
    process_class = CaseProcess
    subject_model = CorrectiveAction
    on_cascade = "cancel"
    outlives = True

    start = Start("assign").Titled(_("Order")).Next(this.accept)
    propose = Start("propose").Titled(_("Propose")).Next(this.assign)

    assign = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Decide on the action"))
        .Outcome("assign", _("Order it from a department"), corrective.assign)
        .Outcome("cancel", _("Drop it"), reason=True)
        .Next(this.assigned)
    )
    assigned = (
        StateSwitch(_("Ordered?"))
        .State(A.ASSIGNED, then=this.accept)
        .State(A.CANCELLED, then=this.ended)
    )
    accept = (
        Step(Role.HANDLER, at=in_department, to=to_owner)
        .Titled(_("Accept the action"))
        .Outcome("accept", _("Accept the action"), corrective.accept)
        .Outcome("return_to_orderer", _("Return it"), reason=True,
                 hint=_("The quality department decides anew."))
        .Next(this.accepted)
    )  # fmt: skip
    accepted = (
        StateSwitch(_("Accepted?"))
        .State(A.ACCEPTED, then=this.plan)
        .State(A.RETURNED, then=this.assign)
    )
    plan = (
        Step(Role.HANDLER, at=in_department, to=to_owner)
        .Titled(_("Find the root cause and plan"))
        .Outcome("begin", _("Start carrying it out"), corrective.begin)
        .Next(this.implement)
    )
    implement = (
        Step(Role.HANDLER, at=in_department, to=to_owner, due=action_due)
        .Titled(_("Carry out the action"))
        .Outcome("submit", _("Submit with evidence"), corrective.submit)
        .Next(this.verify)
    )
    verify = (
        Step(Role.QUALITY_ENGINEER, at=in_quality, to=to_verifier)
        .Titled(_("Verify effectiveness"))
        .Outcome("verify", _("Effective"), corrective.verify)
        .Outcome("watch", _("Carried out; watch the effect"), effectiveness.watch,
                 hint=_("Its verifier decides after the window; a recurrence reopens it."))
        .Back("rework", _("Send back for rework"), corrective.rework)
        .Next(this.verified)
    )  # fmt: skip
    verified = (
        StateSwitch(_("Effective?"))
        .State(A.VERIFIED, then=this.close)
        .State(A.WATCHED, then=this.window)
        .State(A.IN_PROGRESS, then=this.implement)
    )
    window = (
        Watch(due=watch_until)
        .Titled(_("Watch the effect"))
        .Outcome("pass_window", _("Window over"), effectiveness.pass_window)
        .Outcome("recur", _("Recurrence"), effectiveness.recur)
        .Next(this.watched)
    )
    watched = (
        StateSwitch(_("Recurred?"))
        .State(A.SUBMITTED, then=this.verify)
        .State(A.ACCEPTED, then=this.plan)
    )
    close = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Close the action"))
        .Outcome("close", _("Close"))
        .Next(this.ended)
    )
    ended = End().Titled(_("Ended"))

    acts = (
        Act("request_extension", _("Request an extension"), permissions.carries_out,
            UNDER_WAY, corrective.request_extension, begins="start", needs_reason=False),
        Act("pause_clocks", _("Pause the clocks"), permissions.carries_out_or_quality,
            TIMED, clock_acts.pause, needs_reason=False,
            hint=WAITING),
        Act("resume_clocks", _("Let the clocks go on"), permissions.carries_out_or_quality,
            TIMED, clock_acts.resume, needs_reason=False),
        Act("list_places", _("List where it could happen too"),
            permissions.carries_out_or_quality, UNDER_WAY, read_across.list_places,
            needs_reason=False, hint=_("Similar products, other sites and lines.")),
        Act("check_place", _("Check a listed place"), permissions.carries_out_or_quality,
            UNDER_WAY, read_across.check_place, needs_reason=False),
        Act("cancel", _("Cancel the action"), permissions.is_quality,
            frozenset(A) - ACTION_ENDED - {A.NEW}, fires="cancel", ends="subject"),
    )  # fmt: skip


class ExtensionFlow(BaseFlow):
    key = "extension"
    process_title = _("Extension of an action")
    process_class = CaseProcess
    subject_model = ExtensionRequest
    on_cascade = "lapse"
    outlives = True

    start = Start("request").Titled(_("Request")).Next(this.decide)
    decide = (
        Step(Role.QUALITY_ENGINEER, at=in_quality)
        .Titled(_("Decide on the extension"))
        .Outcome("grant", _("Grant"), corrective.grant)
        .Outcome("refuse", _("Refuse"), corrective.refuse, reason=True)
        .Next(this.ended)
    )
    ended = End().Titled(_("Ended"))
