"""Who is told at once, behind the bell, and of what."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Membership
from cases.domain.responses import ALERT
from cases.models import Case, CorrectiveAction, FlagMotion
from workflows.domain import notices, outbox
from workflows.models import Outbox

# Quality and management: they hear of an incident, and of a flag that waits for two of them.
ALARMED = (
    Role.QUALITY_ENGINEER,
    Role.QUALITY_MANAGER,
    Role.MANAGEMENT_REPRESENTATIVE,
    Role.GENERAL_MANAGER,
)
# What the bell says of each.
WORDS = {
    "incident": _("A major case was logged"),
    "flag": _("A flag waits for two people to confirm it"),
    "recurred": _("The effect of an action did not last"),
}
# These reach people in the night as well.
URGENT = {"incident"}
FLAG = "flag.proposed"
RECURRED = "action.recurred"


@outbox.handles(ALERT)
def tell_quality_and_management(row: Outbox) -> None:
    case = Case.objects.get(pk=row.payload["case"])
    tell(row, case, "incident", alarmed())


@outbox.handles(FLAG)
def tell_of_flag(row: Outbox) -> None:
    motions = FlagMotion.objects.filter(case=row.payload["case"], flag=row.payload["flag"])
    motion = motions.select_related("case").order_by("-pk")[0]
    tell(row, motion.case, "flag", alarmed() - {motion.proposed_by_id})


@outbox.handles(RECURRED)
def tell_of_recurrence(row: Outbox) -> None:
    """The verifier, the owner and who ordered it learn that the effect did not last."""
    action = CorrectiveAction.objects.select_related("case").get(pk=row.payload["action"])
    people = {action.verifier_id, action.owner_id, action.ordered_by_id} - {None}
    tell(row, action, "recurred", people)


def alarmed() -> set[int]:
    held = Q(role__in=ALARMED, until=None, user__is_active=True, department__is_active=True)
    return set(Membership.objects.filter(held).values_list("user", flat=True))


def tell(
    row: Outbox, subject: Case | CorrectiveAction, kind: str, people: Iterable[int | None]
) -> None:
    """Put a line behind the bell of each person, once per effect."""
    about = notices.About.of(subject)
    notices.tell(people, kind=kind, key=row.key, about=about, at=row.created)
