"""What people do about clocks: let them wait, let them go on, ask for more time."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, ClockExtension, CorrectiveAction
from cases.rules import clock_is_extendable, did_not_request, is_on_hold, may_be_extended, may_wait
from cases.validators import LONG, Problems, check_future
from workflows.domain import clocks
from workflows.domain.acts import command
from workflows.enums import PauseWhy
from workflows.models import Clock

# What people may wait for; a state that waits pauses by itself.
WAITED_FOR = [choice for choice in PauseWhy.choices if choice[0] != PauseWhy.STATE]
REASON_LENGTH = 200


@command(may_wait)
def pause(subject: Case | CorrectiveAction, *, by: User, at: datetime, why: str, text: str) -> None:
    """Let the clocks of a case or of an action wait, with the reason that everybody reads. They
    go on with the next step, at the latest when the policy's time for it is used up."""
    problems = Problems()
    text = problems.text("text", text, most=REASON_LENGTH, lines=False, needed=True)
    if why not in dict(WAITED_FOR):
        problems.add("why", _("Choose one of the list."))
    problems.check()
    clocks.pause(subject, why=why, reason=text, by=by, at=at)


@command(is_on_hold)
def resume(subject: Case | CorrectiveAction, *, by: User, at: datetime) -> None:
    """What was waited for is there: the clocks go on."""
    clocks.resume(subject, at=at)


@command(may_be_extended)
def request(
    case: Case, *, by: User, at: datetime, clock: Clock, due: datetime, grounds: str
) -> ClockExtension:
    """Ask for a later date for one clock of the case; the original one is kept for ever."""
    problems = Problems()
    grounds = problems.text("grounds", grounds, most=LONG, needed=True)
    check_future(problems, "due", due)
    if due and due <= clock.due:
        problems.add("due", _("The new date must be later than the present one."))
    if refusal := clock_is_extendable(clock, case):
        problems.add("clock", str(refusal))
    problems.check()
    return ClockExtension(
        case=case, clock=clock, requested_by=by, requested_at=at, present_due=clock.due,
        requested_due=due, reason=grounds,
    )  # fmt: skip


@command(did_not_request)
def grant(extension: ClockExtension, *, by: User, at: datetime) -> None:
    """Move the clock to the date that was asked for. What it has missed by now stays missed."""
    clock = Clock.objects.get(pk=extension.clock_id)
    if extension.requested_due <= clock.due:
        raise ValidationError(_("The clock runs longer by now than was asked for."))
    extension.decided_by, extension.decided_at = by, at
    clocks.extend(clock, due=extension.requested_due, at=at, subject=extension)


@command(did_not_request)
def refuse(extension: ClockExtension, *, by: User, at: datetime) -> None:
    """Keep the date; the reason is told to who asked."""
    extension.decided_by, extension.decided_at = by, at
