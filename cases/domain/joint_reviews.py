"""Joint review (评审): departments file their opinions without seeing the others'."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import arbitrations, files, incident_policies
from cases.domain.departments import check_can_handle, concern
from cases.enums import OpinionState, Part, Purpose
from cases.models import Case, JointReview, Opinion
from cases.rules import quorum_or_deadline
from cases.validators import LONG, Problems, check_future
from workflows.domain.acts import command

MOST = 12


@command()
def convene(
    case: Case,
    *,
    by: User,
    at: datetime,
    departments: Sequence[Department],
    due: datetime,
    question: str = "",
) -> None:
    """Choose the departments concerned and until when they file their opinions."""
    problems = Problems()
    question = problems.text("question", question, most=LONG)
    check_future(problems, "due", due)
    chosen = list({department.pk: department for department in departments}.values())
    if not chosen:
        problems.add("departments", _("Choose at least one department."))
    if len(chosen) > MOST:
        problems.add("departments", _("At most %(n)s departments.") % {"n": MOST})
    problems.check()
    for department in chosen:
        try:
            check_can_handle(department)
        except ValidationError as error:
            raise ValidationError({"departments": error.messages}) from error
        concern(case, department, Part.CONCERNED)
    policy = incident_policies.in_force(at)
    review = JointReview.objects.create(
        case=case, question=question, opened_by=by, opened_at=at, due=due,
        needed=max(1, ceil(len(chosen) * policy.quorum_percent / 100)),
    )  # fmt: skip
    case.new_opinions = [
        Opinion(case=case, review=review, department=department, due=due) for department in chosen
    ]


@command()
def invite(case: Case, *, by: User, at: datetime, department: Department) -> Opinion:
    """Ask one more department while the review is open."""
    check_can_handle(department)
    review = open_review(case)
    assert review is not None
    if review.opinions.filter(department=department).exists():
        raise ValidationError({"department": _("This department is asked already.")})
    concern(case, department, Part.CONCERNED)
    return Opinion(case=case, review=review, department=department, due=review.due)


@command()
def file(
    opinion: Opinion,
    *,
    by: User,
    at: datetime,
    cause: str,
    responsibility: str,
    measure: str,
    uploads: Sequence[Any] = (),
) -> None:
    """A department's opinion on cause, responsibility and measure; after the due moment it is
    marked as late."""
    problems = Problems()
    opinion.cause = problems.text("cause", cause, most=LONG, needed=True)
    opinion.responsibility = problems.text("responsibility", responsibility, most=LONG, needed=True)
    opinion.measure = problems.text("measure", measure, most=LONG, needed=True)
    checked = files.check(problems, uploads)
    problems.check()
    opinion.by, opinion.at, opinion.late = by, at, at > opinion.due
    files.keep(checked, case=opinion.case, by=by, purpose=Purpose.OPINION)


@command(quorum_or_deadline)
def conclude(case: Case, *, by: User, at: datetime) -> None:
    """End the review with the opinions there are; the missing ones stay visible as missing."""


@command()
def opinions_complete(case: Case, *, by: User | None, at: datetime) -> None:
    """All have filed, or somebody concluded: close the review and open the arbitration."""
    review = open_review(case)
    if review is not None:
        filed = review.opinions.filter(state=OpinionState.FILED).count()
        review.concluded_by, review.concluded_at = by, at
        review.quorum_met = filed >= review.needed
        review.save(update_fields=["concluded_by", "concluded_at", "quorum_met"])
    arbitrations.open_for(case, by=by, at=at)


@command()
def record_minutes(
    case: Case,
    *,
    by: User,
    at: datetime,
    held_at: datetime,
    participants: str,
    minutes: str,
    uploads: Sequence[Any] = (),
) -> None:
    """Attach the record of a meeting to the latest joint review."""
    problems = Problems()
    participants = problems.text("participants", participants, most=LONG, needed=True)
    minutes = problems.text("minutes", minutes, most=LONG, needed=True)
    if held_at and held_at > at:
        problems.add("held_at", _("The meeting lies in the future."))
    checked = files.check(problems, uploads)
    problems.check()
    review = case.joint_reviews.order_by("-pk").first()
    assert review is not None
    review.held_at, review.participants = held_at, participants
    review.minutes, review.minutes_by = minutes, by
    review.save(update_fields=["held_at", "participants", "minutes", "minutes_by"])
    files.keep(checked, case=case, by=by, purpose=Purpose.MINUTES)


def open_review(case: Case) -> JointReview | None:
    return case.joint_reviews.filter(concluded_at=None).first()


def abandon(case: Case, *, at: datetime) -> None:
    """The case goes another way: the open review ends as it stands."""
    case.joint_reviews.filter(concluded_at=None).update(concluded_at=at, quorum_met=False)


def proposed_departments(case: Case) -> list[int]:
    """Which departments a review would ask: those of product, category and case: no statement
    where the case was read with them."""
    named = [one.department_id for one in (case.product, case.category) if one is not None]
    return list(dict.fromkeys(key for key in [case.department_id, *named] if key is not None))
