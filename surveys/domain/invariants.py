"""Invariants of the satisfaction module (QUALITY.md 3), added to the engine's list."""

from collections.abc import Iterator

from django.db.models import F, Q

from surveys.domain import index, periods, policy, questionnaires, signing
from surveys.domain.reviews import frozen
from surveys.enums import InputState, ReviewState
from surveys.models import (
    Decision,
    ManagementReview,
    PeriodIndex,
    Questionnaire,
    Response,
    ReviewInput,
    SignedIndex,
)
from workflows.domain.invariants import invariant


@invariant(20, "The stored index equals its recomputation from raw rows")
def stored_index_is_recomputed() -> Iterator[str]:
    """One whose inputs have changed since is no violation: showing computes it anew."""
    for kept in PeriodIndex.objects.select_related("policy").order_by("pk"):
        period = periods.read(kept.period)
        if index.is_fresh(kept, period):
            rules = policy.read(kept.policy.document)
            anew = index.compute(period, rules, version=kept.policy.number)
            for one in signing.differences(kept.result, anew):
                yield f"{kept.period}: {one.path} {one.signed} ≠ {one.current}"


@invariant(20, "A signed index has the hash it was signed with")
def signed_index_is_unaltered() -> Iterator[str]:
    for signed in SignedIndex.objects.iterator(50):
        if not signing.is_unaltered(signed):
            yield str(signed)


@invariant(21, "Valid forms and forms taken out are together the forms received")
def forms_add_up() -> Iterator[str]:
    for kept in PeriodIndex.objects.order_by("pk"):
        for source in kept.result["sources"]:
            if source["n"] + source["invalidated"] != source["received"]:
                yield f"{kept.period}: {source['key']}"


@invariant(22, "A form was received inside the window of its campaign")
def forms_are_inside_windows() -> Iterator[str]:
    outside = Q(received_at__lt=F("campaign__starts_at")) | Q(
        received_at__gte=F("campaign__ends_at")
    )
    yield from named(outside)


@invariant(22, "A form answers the questionnaire it was given, on its scale")
def levels_fit_questionnaires() -> Iterator[str]:
    """Which questionnaire that was stays with the form."""
    used = Response.objects.order_by().values("questionnaire").distinct()
    for asked in Questionnaire.objects.filter(pk__in=used).order_by("pk"):
        width = questionnaires.read(asked.document).width
        fits = Q(questionnaire=asked, levels__regex=f"^[1-5 -]{{{width}}}$")
        yield from named(Q(questionnaire=asked) & ~fits)


@invariant(22, "The form of an invitee is one of their campaign")
def forms_belong_to_their_frame() -> Iterator[str]:
    """That it is the only one is a constraint of the table."""
    foreign = Q(invitee__isnull=False) & ~Q(invitee__campaign=F("campaign"))
    left_out = Q(invitee__isnull=False) & ~Q(invitee__left_out_reason="")
    yield from named(foreign | left_out)


@invariant(22, "A form was taken out by a confirmed finding about its own campaign")
def forms_are_taken_out_by_findings() -> Iterator[str]:
    taken = Q(invalidated_by__isnull=False)
    right = Q(invalidated_by__state="confirmed", invalidated_by__campaign=F("campaign"))
    yield from named(taken & ~right)


def named(condition: Q) -> Iterator[str]:
    """The forms that a condition is true for, by campaign and external id."""
    rows = Response.objects.filter(condition).order_by("pk")
    for number, external_id in rows.values_list("campaign__number", "external_id").iterator(500):
        yield f"{number}: {external_id}"


@invariant(24, "A review handed over for signature has the hash it was handed over with")
def frozen_reviews_are_unaltered() -> Iterator[str]:
    for review in ManagementReview.objects.exclude(digest="").order_by("pk").iterator(20):
        if not frozen.is_unaltered(review):
            yield review.number


@invariant(24, "A signed review has no gap, and an action for each decision")
def signed_reviews_are_whole() -> Iterator[str]:
    closed = Q(review__state=ReviewState.CLOSED)
    gaps = ReviewInput.objects.filter(closed, state=InputState.GAP, required=True)
    for number, clause in gaps.values_list("review__number", "clause"):
        yield f"{number}: {clause}"
    untracked = Decision.objects.filter(closed, action=None).select_related("review")
    for decision in untracked.order_by("pk"):
        yield decision.reference
