"""The meeting: who took part, the minutes, and the decisions with their owners and dates."""

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain.corrective import check_owner
from cases.domain.departments import check_can_handle
from cases.validators import LONG, Problems, check_future
from surveys.enums import DecisionKind, Presence
from surveys.models import Decision, ManagementReview, Participant, ReviewInput
from workflows.domain.acts import command
from workflows.errors import NotFound, Stale

MOST_PEOPLE = 100
MOST_DECISIONS = 200
MINUTES = 100_000


# ---------------------------------------------------------------------------- participants
@command()
def add_participant(
    review: ManagementReview,
    *,
    by: User,
    at: datetime,
    person: User | None = None,
    name: str = "",
    role: str = "",
) -> None:
    """Somebody of the company, or a name from outside; a person stands once."""
    problems = Problems()
    name = person.name if person else problems.text("name", name, most=80, lines=False, needed=True)
    role = problems.text("role", role, most=120, lines=False)
    if person is not None and review.participants.filter(person=person).exists():
        problems.add("person", _("%(name)s takes part already.") % {"name": person.name})
    if review.participants.count() >= MOST_PEOPLE:
        problems.add("name", _("At most %(most)s entries.") % {"most": MOST_PEOPLE})
    problems.check()
    Participant.objects.create(review=review, person=person, name=name, role=role)


@command()
def mark_presence(
    review: ManagementReview, *, by: User, at: datetime, presence: dict[int, str]
) -> None:
    """Who was there: the presence of each participant by key."""
    rows = list(review.participants.filter(pk__in=list(presence)))
    if len(rows) != len(presence):
        raise NotFound(_("There is no such participant."))
    problems = Problems()
    for row in rows:
        if presence[row.pk] not in Presence.values:
            problems.add("presence", _("Choose one of those on offer."))
        row.presence = presence[row.pk]
    problems.check()
    Participant.objects.bulk_update(rows, ["presence"])


@command()
def drop_participant(review: ManagementReview, *, by: User, at: datetime, participant: int) -> None:
    """Take somebody off the list who was put on it in error."""
    gone, _kinds = review.participants.filter(pk=participant).delete()
    if not gone:
        raise NotFound(_("There is no such participant."))


# ---------------------------------------------------------------------------- minutes
@command()
def write_minutes(
    review: ManagementReview, *, by: User, at: datetime, seen: int, minutes: str = ""
) -> None:
    """The minutes as a whole; `seen` is the version they were written on. Raises Stale where
    somebody else has written meanwhile."""
    if seen != review.minutes_no:
        raise Stale(_("Somebody else has changed the minutes meanwhile."))
    problems = Problems()
    review.minutes = problems.text("minutes", minutes, most=MINUTES)
    problems.check()
    review.minutes_no += 1


# ---------------------------------------------------------------------------- decisions
@command()
def put_decision(
    review: ManagementReview,
    *,
    by: User,
    at: datetime,
    kind: str,
    title: str,
    owner: User,
    department: Department,
    due: datetime,
    text: str = "",
    origin: int | None = None,
    decision: int | None = None,
    seen: int = 0,
) -> None:
    """Add a decision, or change the one whose key is given; `seen` is the version it was read in.

    Owner and department are such that the action can begin at once. Raises ValidationError by
    field, NotFound, Stale.
    """
    row = decision_of(review, decision, seen) if decision else new_decision(review)
    problems = Problems()
    row.title = problems.text("title", title, most=200, lines=False, needed=True)
    row.text = problems.text("text", text, most=LONG)
    if kind not in DecisionKind.values:
        problems.add("kind", _("Choose one of those on offer."))
    check_future(problems, "due", due)
    problems.check()
    check_can_handle(department)
    check_owner(owner, department)
    row.kind, row.owner, row.department, row.due = kind, owner, department, due
    row.origin = origin_of(review, origin)
    row.seen += 1
    save(row, by)


def new_decision(review: ManagementReview) -> Decision:
    count = review.decisions.count()
    if count >= MOST_DECISIONS:
        problems = Problems()
        problems.add("title", _("At most %(most)s entries.") % {"most": MOST_DECISIONS})
        problems.check()
    last = review.decisions.aggregate(last=Max("position"))["last"] or 0
    return Decision(review=review, position=last + 1)


def decision_of(review: ManagementReview, key: int, seen: int) -> Decision:
    found = review.decisions.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such decision."))
    if found.seen != seen:
        raise Stale(_("Somebody else has changed this decision meanwhile."))
    return found


def origin_of(review: ManagementReview, key: int | None) -> ReviewInput | None:
    if key is None:
        return None
    found = review.inputs.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such input."))
    return found


def save(row: Any, by: User) -> None:
    row._history_user = by
    row.save()


@command()
def drop_decision(
    review: ManagementReview, *, by: User, at: datetime, decision: int, seen: int
) -> None:
    """Take a decision out before it is signed; the history keeps it."""
    row: Any = decision_of(review, decision, seen)
    row._history_user = by
    row.delete()
