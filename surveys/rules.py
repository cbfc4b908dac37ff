"""When something may be done in the satisfaction module: each rule is one named function."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from surveys.enums import QuestionnaireState
from workflows.domain.context import now
from workflows.rules import Refusal


def others_approve(questionnaire: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody approves a questionnaire they wrote at."""
    if by.pk in questionnaire.writers:
        return Refusal(_("You wrote at this questionnaire yourself; somebody else approves it."))
    return None


def nobody_is_ahead(questionnaire: Any, by: Any) -> Refusal | None:
    """One revision after the other: no second draft beside one that is being written."""
    if questionnaire.later_numbers:
        return Refusal(_("There is a later revision:"), questionnaire.later_numbers)
    return None


def second_person(finding: Any, by: Any) -> Refusal | None:
    """Four eyes: whoever took the suspicion up does not confirm it."""
    if by.pk == finding.decided_by_id:
        return Refusal(_("You took this finding up yourself; somebody else confirms it."))
    return None


def not_over(campaign: Any, by: Any) -> Refusal | None:
    """A window that is over brings no answer in."""
    if campaign.ends_at <= now():
        return Refusal(_("Its window is over; set another one first."))
    return None


def asks_something_approved(campaign: Any, by: Any) -> Refusal | None:
    """Only an approved questionnaire is sent out."""
    questionnaire = campaign.questionnaire
    if questionnaire is None:
        return Refusal(_("Choose a questionnaire first."))
    if questionnaire.state != QuestionnaireState.APPROVED:
        told = _("The questionnaire %(number)s is not approved yet.")
        return Refusal(told % {"number": questionnaire.number})
    return None


def asks_somebody(campaign: Any, by: Any) -> Refusal | None:
    """Without a frame, and without forms that an agency sends out, nobody is asked."""
    if campaign.has_frame or campaign.declared_sent:
        return None
    return Refusal(_("Nobody is to be asked yet: draw the frame first."))


def others_sign(report: Any, by: Any) -> Refusal | None:
    """Four eyes: nobody signs a report they wrote at."""
    if by.pk in report.writers:
        return Refusal(_("You wrote at this report yourself; somebody else signs it."))
    return None


def remarks_answered(report: Any, by: Any) -> Refusal | None:
    """A returned report goes on when every remark has its answer."""
    if report.unanswered:
        told = _("Remarks without an answer: %(count)s. Answer each one first.")
        return Refusal(told % {"count": report.unanswered})
    return None


# ---------------------------------------------------------------------------- management review
def inputs_are_complete(review: Any, by: Any) -> Refusal | None:
    """Nothing that the standard asks for is passed over: compiled, uploaded, or not applicable
    with a reason."""
    if review.gaps:
        return Refusal(_("Inputs are still missing:"), review.gaps)
    return None


def minutes_are_written(review: Any, by: Any) -> Refusal | None:
    if not review.minutes:
        return Refusal(_("The minutes are not written yet."))
    return None


def somebody_was_there(review: Any, by: Any) -> Refusal | None:
    """Who took part stands in the record before it is signed."""
    if not review.is_attended:
        return Refusal(_("Say first who was present."))
    return None


def somebody_is_invited(review: Any, by: Any) -> Refusal | None:
    if not review.attendance:
        return Refusal(_("Name the participants first."))
    return None


def decisions_lie_ahead(review: Any, by: Any) -> Refusal | None:
    """What is decided is still to be done."""
    moment = now()
    late = tuple(str(place) for place, due in review.decision_dates if due <= moment)
    if late:
        return Refusal(_("The date of these decisions has passed:"), late)
    return None


def did_not_prepare(review: Any, by: Any) -> Refusal | None:
    """Four eyes: whoever wrote at a review does not sign it."""
    if by.pk in review.writers:
        return Refusal(_("You prepared this review yourself; somebody else signs it."))
    return None


def signs_once(review: Any, by: Any) -> Refusal | None:
    """The two signatures are those of two people."""
    if by.pk == review.representative_id:
        return Refusal(_("You have signed already; the second signature is somebody else's."))
    return None
