"""What is signed: the whole review as plain values, with its SHA-256.

It is made when the review is handed over for the signatures, and both sign the same digest.
Later facts, renamed people and other policies leave it as it is; a return takes it back.
"""

from typing import Any

from django.utils import timezone

from surveys.domain import signing
from surveys.domain.reviews.parts import named
from surveys.models import ManagementReview, ReviewInput

SCHEMA = 1


def freeze(review: ManagementReview) -> None:
    """Put the content and its digest on the review; four statements."""
    review.content = content(review)
    review.digest = signing.digest(review.content)


def is_unaltered(review: ManagementReview) -> bool:
    """Whether the content is what was signed."""
    return bool(review.digest) and signing.digest(review.content) == review.digest


def content(review: ManagementReview) -> dict[str, Any]:
    """Everything of a review but its signatures, which come after it."""
    return {
        "schema": SCHEMA,
        "number": review.number,
        "title": review.title,
        "period": review.period,
        "edition": {
            "code": review.edition.code,
            **named(review.edition.name, review.edition.name_en),
        },
        "held_at": moment(review.held_at),
        "place": review.place,
        "chair": review.chair.name if review.chair else "",
        "prepared_by": review.prepared_by.name,
        "minutes": review.minutes,
        "participants": [
            {"name": one.name, "role": one.role, "presence": one.presence}
            for one in review.participants.all()
        ],
        "inputs": [
            told(one) for one in review.inputs.prefetch_related("files").order_by("position")
        ],
        "decisions": [
            {
                "position": one.position,
                "kind": one.kind,
                "title": one.title,
                "text": one.text,
                "owner": one.owner.name,
                "department": named(one.department.name, one.department.name_en),
                "due": moment(one.due),
                "origin": one.origin.clause if one.origin else "",
            }
            for one in review.decisions.select_related("owner", "department", "origin")
        ],
    }


def told(one: ReviewInput) -> dict[str, Any]:
    """An input with its figures and the hashes of its files."""
    return {
        "clause": one.clause,
        "title": named(one.title, one.title_en),
        "state": one.state,
        "reason": one.reason,
        "compiled_at": moment(one.compiled_at) if one.compiled_at else "",
        "parts": one.snapshot,
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256}
            for file in sorted(one.files.all(), key=lambda file: file.pk)
            if file.removed_at is None
        ],
    }


def moment(at: Any) -> str:
    """A moment by the company's clock, to the minute."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return f"{local:%Y-%m-%d %H:%M}"
