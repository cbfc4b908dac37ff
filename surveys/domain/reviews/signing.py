"""From the minutes to two signatures: handing over freezes, the second signature makes actions."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _, override

from accounts.models import User
from cases.domain.findings import order_decided
from surveys.domain.reviews import frozen
from surveys.enums import DecisionKind
from surveys.models import Decision, ManagementReview
from surveys.rules import (
    decisions_lie_ahead,
    did_not_prepare,
    inputs_are_complete,
    minutes_are_written,
    signs_once,
    somebody_was_there,
)
from workflows.domain.acts import command
from workflows.errors import Conflict

SOURCE = "management_review"


@command(inputs_are_complete, minutes_are_written, somebody_was_there, decisions_lie_ahead)
def submit(review: ManagementReview, *, by: User, at: datetime) -> None:
    """Hand the review over for the signatures: from now on it is frozen."""
    frozen.freeze(review)
    review.frozen_at = at


@command(inputs_are_complete, decisions_lie_ahead, did_not_prepare)
def sign(review: ManagementReview, *, by: User, at: datetime) -> None:
    """The management representative signs what was frozen."""
    check_unaltered(review)
    review.representative = by


@command(inputs_are_complete, decisions_lie_ahead, did_not_prepare, signs_once)
def approve(review: ManagementReview, *, by: User, at: datetime) -> None:
    """The general manager signs; each decision becomes an action in the same transaction."""
    check_unaltered(review)
    review.director, review.closed_at = by, at
    for decision in review.decisions.select_related("owner", "department", "origin"):
        track(decision, by=by)


def check_unaltered(review: ManagementReview) -> None:
    if not frozen.is_unaltered(review):
        raise Conflict(_("The content is not what was handed over for signature."))


def track(decision: Decision, *, by: User) -> None:
    """Order what was decided, once: the decision keeps its action, the case names the decision."""
    if decision.action_id is not None:
        return
    with override(settings.LANGUAGE_CODE):
        words = dict(DecisionKind.choices)
        lines = [
            _("Decision %(reference)s of the management review: %(kind)s")
            % {"reference": decision.reference, "kind": words[decision.kind]},
            str(decision.origin or ""),
            decision.text,
        ]
    decision.action = order_decided(
        by=by,
        title=decision.title,
        description="\n".join(filter(None, lines)),
        source=SOURCE,
        external_ref=decision.reference,
        department=decision.department,
        owner=decision.owner,
        due=decision.due,
    )
    decision._history_user = by  # type: ignore[attr-defined]
    decision.save(update_fields=["action"])
