"""Reading management reviews: who sees which, the list, one with everything its page prints."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Department
from cases.domain import papers
from cases.domain.papers import SignedBy
from surveys import permissions
from surveys.domain.reviews import frozen
from surveys.enums import InputState
from surveys.models import ManagementReview, ReviewFile, ReviewInput
from workflows.models import Signature, Transition


def visible(by: Any) -> QuerySet[ManagementReview]:
    """All of them for quality, management and auditors; else those one takes part in."""
    found: QuerySet[ManagementReview] = ManagementReview.objects.all()
    if permissions.reads_reviews(by):
        return found
    return found.filter(participants__person=by.pk)


def may_open_list(by: Any) -> bool:
    """Whether the list is worth a place in the navigation."""
    return permissions.reads_reviews(by)


def listed(by: Any) -> QuerySet[ManagementReview]:
    """The rows of the list, each with the number of its gaps and decisions."""
    gap = Q(inputs__state=InputState.GAP, inputs__required=True)
    return (
        visible(by)
        .defer("content", "minutes")
        .annotate(
            gap_count=Count("inputs", filter=gap, distinct=True),
            decision_count=Count("decisions", distinct=True),
        )
        .select_related("chair")
    )


def by_number(number: str, by: Any) -> ManagementReview | None:
    """The review with the names that stand at its head; None for one that is not to be seen."""
    names = ("edition", "chair", "prepared_by", "representative", "director")
    return visible(by).select_related(*names).filter(number=number).first()


def inputs(review: ManagementReview) -> list[ReviewInput]:
    """The agenda with the files that count: two statements."""
    counting = Prefetch(
        "files", ReviewFile.objects.filter(removed_at=None).order_by("pk"), to_attr="counting"
    )
    return list(review.inputs.prefetch_related(counting).order_by("position"))


def decisions(review: ManagementReview) -> list[Any]:
    """The decisions with owner, department and action: one statement."""
    names = ("owner", "department", "origin", "action")
    rows = list(review.decisions.select_related(*names))
    for row in rows:
        row.review = review
    return rows


def signatures(review: ManagementReview) -> list[Signature]:
    """The signatures under what is frozen now: those of an earlier round were taken back with
    it."""
    if review.frozen_at is None:
        return []
    found = Signature.objects.filter(
        root_kind=review.SUBJECT_KIND, root_id=review.pk, at__gte=review.frozen_at
    )
    return list(found.select_related("by"))


def deeds(review: ManagementReview, most: int = 60) -> list[Any]:
    """What was done with it, the latest first: one statement."""
    rows = Transition.objects.filter(
        subject_kind=review.SUBJECT_KIND, subject_id=review.pk
    ).select_related("by", "on_behalf_of")
    return list(rows.order_by("-pk")[:most])


# ---------------------------------------------------------------------------- on paper
@dataclass(frozen=True)
class Paper:
    """What the document prints: the frozen content (that of now while nothing is frozen), its
    digest, who signed, and the number of the action of each decision by its position. `made` is
    the moment it was signed or frozen: what is printed again is the same to the byte."""

    content: dict[str, Any]
    digest: str
    company: str
    signatures: tuple[SignedBy, ...]
    actions: dict[int, str]
    made: datetime | None


def paper(review: ManagementReview) -> Paper:
    actions = review.decisions.filter(action__isnull=False)
    top = Department.objects.filter(parent=None).order_by("pk").first()
    return Paper(
        content=review.content or frozen.content(review),
        digest=review.digest,
        company=top.label if top else "",
        signatures=papers.signed(signatures(review)),
        actions=dict(actions.order_by("position").values_list("position", "action__number")),
        made=review.closed_at or review.frozen_at,
    )
