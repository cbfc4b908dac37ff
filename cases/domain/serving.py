"""One action serves many cases: an open action of another case counts for this one too.

Locked is the case that is served: its closing asks which actions serve it, so no closing can
slip past an action that is being linked. Then the case of the action, so that it is still open
and its record gets a row in order. Of two cases that take each other's actions at the same moment
one is told that somebody else is working on it.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.enums import ACTION_ENDED
from cases.models import Case, CorrectiveAction, ServedCase
from workflows.domain import record
from workflows.domain.acts import command
from workflows.domain.record import Deed

NEAR = 5


@command()
def serve(case: Case, *, by: User, at: datetime, action: CorrectiveAction) -> None:
    """Let an open action of another case serve this one: it closes only after that action."""
    if action.case_id == case.pk:
        raise ValidationError({"action": _("This is an action of this case already.")})
    locked = CorrectiveAction.locked(action.pk)
    if locked.has_ended:
        raise ValidationError(
            {"action": _("%(number)s has ended; an open action is needed.")
             % {"number": locked.number}}
        )  # fmt: skip
    _row, made = ServedCase.objects.get_or_create(
        action=locked, case=case, defaults={"by": by, "at": at}
    )
    if not made:
        raise ValidationError(
            {"action": _("%(number)s serves this case already.") % {"number": locked.number}}
        )
    state = str(locked.state)
    record.write(locked, Deed(by=by, act="served", at=at), (state, state), versioned=False)


def near(case: Case, user: User) -> list[CorrectiveAction]:
    """Open actions of other visible cases that come to mind first, those of the same product: one
    statement."""
    found = CorrectiveAction.objects.filter(
        case__in=Case.objects.visible_to(user), case__product=case.product_id
    )
    fitting = found.exclude(state__in=ACTION_ENDED).exclude(case=case.pk).exclude(serves__case=case)
    return list(fitting.select_related("case").order_by("-pk")[:NEAR]) if case.product_id else []
