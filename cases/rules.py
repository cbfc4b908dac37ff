"""When something may be done: each rule of the procedure is one named function."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
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
    """A case cannot close while an action of it, or one that serves it, is open (DOMAIN.md 3)."""
    numbers = (*case.open_action_numbers, *case.served_action_numbers)
    if numbers:
        return Refusal(_("Corrective actions are still open:"), numbers)
    return None


def nothing_beside(case: Any, by: Any) -> Refusal | None:
    """Nor while a response, an opinion, an appeal or a motion on a flag is open."""
    words = {
        "response": _("immediate response"),
        "opinion": _("opinion of a department"),
        "appeal": _("appeal"),
        "flag": _("motion on a flag"),
    }
    kinds = dict.fromkeys(case.open_beside)
    if kinds:
        return Refusal(_("Still open:"), tuple(str(words[kind]) for kind in kinds))
    return None


def has_been_replied(case: Any, by: Any) -> Refusal | None:
    """The customer has our reply before the case closes."""
    if not case.was_replied:
        return Refusal(_("The customer has not been replied to yet."))
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


def verifier_did_not_order(action: Any, by: Any) -> Refusal | None:
    """Whoever ordered an action does not judge its effect."""
    if action.ordered_by_id == by.pk:
        return Refusal(_("You ordered this action yourself; somebody else verifies it."))
    return None


def window_is_over(action: Any, by: Any) -> Refusal | None:
    """Nothing counts as effective before its criterion has been watched for its window."""
    if not action.criterion:
        return Refusal(_("It has no criterion of effectiveness yet."))
    if not action.window_is_over:
        return Refusal(
            _("Its effect has to be watched for %(n)s days first.") % {"n": action.window_days}
        )
    return None


def has_window(action: Any, by: Any) -> Refusal | None:
    if action.effect:
        return Refusal(_("The window is over; decide now."))
    if action.window_is_over:
        return Refusal(_("There is no window to watch; decide at once."))
    return None


def places_are_checked(action: Any, by: Any) -> Refusal | None:
    """Similar products and sites that were listed are looked at before the work is submitted."""
    if action.unchecked_places:
        return Refusal(_("Still to be checked for the same cause:"), action.unchecked_places)
    return None


def has_unchecked_place(action: Any, by: Any) -> Refusal | None:
    if not action.unchecked_places:
        return Refusal(_("Nothing is listed that has not been checked yet."))
    return None


def no_extension_pending(action: Any, by: Any) -> Refusal | None:
    if action.open_extension is not None:
        return Refusal(_("An extension is already requested and not decided yet."))
    return None


def may_wait(subject: Any, by: Any) -> Refusal | None:
    """Clocks wait for somebody outside only while they run, and once at a time."""
    if subject.on_hold:
        return Refusal(_("Its clocks are paused already."))
    running = [one for one in subject.open_clocks if one.stopped is None]
    internal = [one for one in running if not one.statutory]
    if not running:
        return Refusal(_("No clock is running here."))
    if not internal:
        return Refusal(_("What the law sets waits for nobody."))
    if all(one.is_overdue(now()) for one in internal):
        return Refusal(_("It is overdue already; a pause would hide that."))
    if all(one.state == "paused" for one in internal):
        return Refusal(_("It waits for the customer already."))
    return None


def is_on_hold(subject: Any, by: Any) -> Refusal | None:
    if not subject.on_hold:
        return Refusal(_("Its clocks are not paused."))
    return None


def may_be_extended(case: Any, by: Any) -> Refusal | None:
    """More time is asked for what runs and what no law sets."""
    running = [one for one in case.open_clocks if one.stopped is None]
    if not running:
        return Refusal(_("No clock is running here."))
    if all(one.statutory for one in running):
        return Refusal(_("What the law sets is not extended."))
    return None


def clock_is_extendable(clock: Any, case: Any) -> Refusal | None:
    """A clock of this case that runs, is none of the law, and is not asked about already."""
    if (clock.subject_kind, clock.subject_id) != ("case", case.pk) or clock.stopped is not None:
        return Refusal(_("This clock is not running."))
    if clock.statutory:
        return Refusal(_("What the law sets is not extended."))
    if clock.extensions.filter(state="requested").exists():
        return Refusal(_("An extension is already requested and not decided yet."))
    return None


def did_not_request(extension: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody decides on their own request."""
    if extension.requested_by_id == by.pk:
        return Refusal(_("You requested this extension yourself; somebody else decides."))
    return None


def quorum_or_deadline(case: Any, by: Any) -> Refusal | None:
    """A joint review ends with its quorum; after the deadline the quality manager may end it
    without."""
    filed, needed, due = case.review_count
    if filed >= needed:
        return None
    if now() < due:
        return Refusal(
            _("%(filed)s of %(needed)s opinions needed have been filed; the deadline is not over.")
            % {"filed": filed, "needed": needed}
        )
    if not by.authority.is_any(Role.QUALITY_MANAGER):
        return Refusal(_("Without the quorum only the quality manager concludes the review."))
    return None


def one_appeal_in_time(case: Any, by: Any) -> Refusal | None:
    """A ruling is appealed once, within the days of the policy; what an appeal decided is final."""
    ruling = case.latest_ruling
    if ruling is None:
        return Refusal(_("There is no ruling yet."))
    if case.was_appealed:
        return Refusal(_("There has been an appeal already; a second one is not possible."))
    if case.appeal_until is not None and now() > case.appeal_until:
        return Refusal(_("The time for an appeal is over."))
    return None


def did_not_rule(appeal: Any, by: Any) -> Refusal | None:
    """Somebody else decides on the appeal than who ruled."""
    if appeal.arbitration.by_id == by.pk:
        return Refusal(_("You ruled yourself; somebody else decides on the appeal."))
    return None


def did_not_request_appeal(appeal: Any, by: Any) -> Refusal | None:
    if appeal.requested_by_id == by.pk:
        return Refusal(_("You appealed yourself; somebody else decides."))
    return None


def is_not_first_confirmer(motion: Any, by: Any) -> Refusal | None:
    """One person alone confirms no flag."""
    if motion.first_by_id == by.pk:
        return Refusal(_("You have confirmed it already; it takes a second person."))
    return None


def did_not_draft(case: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody approves the measures they drafted."""
    if by.pk in case.drafter_ids:
        return Refusal(_("You drafted these measures yourself; somebody else approves them."))
    return None


def countersigner_is_another(case: Any, by: Any) -> Refusal | None:
    """Two signatures are of two people."""
    if by.pk in case.closer_ids:
        return Refusal(_("You signed for quality already; somebody else countersigns."))
    return None


def has_links(case: Any, by: Any) -> Refusal | None:
    """Only what people have said of two cases is taken back; what follows of itself stays."""
    if not case.has_links:
        return Refusal(_("No link has been made here."))
    return None


def is_duplicate(case: Any, by: Any) -> Refusal | None:
    """Solved together is what has been recognised as the same matter first."""
    if not case.is_duplicate:
        return Refusal(_("It is not linked as duplicate of an open case."))
    return None


def own_actions_ended(case: Any, by: Any) -> Refusal | None:
    """A duplicate takes no open action with it: each is finished or cancelled where it was
    ordered. What serves both cases belongs to the other one."""
    if case.open_action_numbers:
        return Refusal(_("Corrective actions are still open:"), case.open_action_numbers)
    return None


def nothing_urgent_beside(case: Any, by: Any) -> Refusal | None:
    """Nor does it leave an immediate response, an appeal or a motion on a flag undecided."""
    words = {
        "response": _("immediate response"),
        "appeal": _("appeal"),
        "flag": _("motion on a flag"),
    }
    kinds = [kind for kind in dict.fromkeys(case.open_beside) if kind in words]
    if kinds:
        return Refusal(_("Still open:"), tuple(str(words[kind]) for kind in kinds))
    return None


def no_case_merged_into_it(case: Any, by: Any) -> Refusal | None:
    """What one customer takes back stays for the others whose cases were merged into it."""
    if case.has_merged:
        return Refusal(_("Other cases were merged into this one; it goes on for their customers."))
    return None


def reopen_in_time(case: Any, by: Any) -> Refusal | None:
    """A case is reopened within the days of the policy; later a linked one is logged."""
    if case.reopen_until is not None and now() > case.reopen_until:
        return Refusal(
            _("The time to reopen this case is over; log a new case that follows it instead.")
        )
    return None
