"""When something may be done: each rule of the procedure is one named function."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.domain.context import now
from workflows.rules import Refusal


def not_ruled_yet(case: Any, by: Any) -> Refusal | None:
    """Once arbitration has ruled, responsibility is not disputed again (one ruling per case)."""
    if case.ruled:
        return Refusal(_("Arbitration has ruled; responsibility cannot be disputed again."))
    return None


def not_major_yet(case: Any, by: Any) -> Refusal | None:
    if case.is_major:
        return Refusal(_("It is major already: accepting it leads to arbitration as well."))
    return None


def nothing_open(case: Any, by: Any) -> Refusal | None:
    """A case cannot close while an action of it is open (DOMAIN.md 3)."""
    numbers = case.open_action_numbers
    if numbers:
        return Refusal(_("Corrective actions are still open:"), numbers)
    return None


def closer_did_not_handle(case: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody closes a case they handled."""
    if by.pk in case.handler_ids:
        return Refusal(_("You handled this case yourself; somebody else of quality closes it."))
    return None


def verifier_did_not_implement(action: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody verifies their own action."""
    if by.pk in action.implementer_ids:
        return Refusal(_("You carried out this action yourself; somebody else verifies it."))
    return None


def no_extension_pending(action: Any, by: Any) -> Refusal | None:
    if action.open_extension is not None:
        return Refusal(_("An extension is already requested and not decided yet."))
    return None


def did_not_request(extension: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody decides on their own request."""
    if extension.requested_by_id == by.pk:
        return Refusal(_("You requested this extension yourself; somebody else decides."))
    return None


def reopen_in_time(case: Any, by: Any) -> Refusal | None:
    """A case is reopened within the days of the policy; later a linked one is logged."""
    if case.reopen_until is not None and now() > case.reopen_until:
        return Refusal(
            _("The time to reopen this case is over; log a new case that follows it instead.")
        )
    return None
