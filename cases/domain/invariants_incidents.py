"""Invariants of rulings, opinions, flags and signatures, beside those of QUALITY.md 3."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum

from cases.enums import OPEN, CaseState, Flag
from cases.models import Arbitration, Case, FlagRecord, JointReview, Opinion
from workflows.domain.invariants import invariant
from workflows.models import Signature


@invariant(30, "The shares of a ruling add up to 100")
def shares_add_up() -> Iterator[str]:
    totals = Arbitration.objects.annotate(total=Sum("shares__percent"))
    for row in totals.exclude(Q(total=None) | Q(total=100)).select_related("case"):
        yield f"{row.case.number}: {row.total} %"


@invariant(31, "An arbitration or a joint review is open only in its state of the case")
def hearings_are_of_their_state() -> Iterator[str]:
    undecided = Arbitration.objects.filter(at=None, ended_at=None)
    for row in undecided.exclude(case__state=CaseState.ARBITRATION).select_related("case"):
        yield f"{row.case.number}: arbitration open in {row.case.state}"
    running = JointReview.objects.filter(concluded_at=None)
    for review in running.exclude(case__state=CaseState.JOINT_REVIEW).select_related("case"):
        yield f"{review.case.number}: joint review open in {review.case.state}"
    asked = Opinion.objects.filter(state="requested").exclude(case__state__in=OPEN)
    for opinion in asked.select_related("case", "department"):
        yield f"{opinion}: asked of an ended case"


@invariant(32, "A flag is what the last record of it says, and two people carried it")
def flags_are_recorded() -> Iterator[str]:
    for flag in Flag:
        last = FlagRecord.objects.filter(case=OuterRef("pk"), flag=flag).order_by("-pk")
        said = Case.objects.annotate(said=Subquery(last.values("confirmed")[:1]))
        wrong = Q(said=None, **{flag.value: True}) | Q(said__isnull=False) & ~Q(said=F(flag.value))
        for case in said.filter(wrong):
            yield f"{case.number}: {flag.value}"
    for row in FlagRecord.objects.filter(seconded_by=F("by")).select_related("case"):
        yield f"{row}: one person alone"


@invariant(33, "A signature is of the person whose deed it was, at its moment")
def signatures_fit_their_deeds() -> Iterator[str]:
    wrong = ~Q(by=F("transition__by")) | ~Q(at=F("transition__at"))
    for row in Signature.objects.filter(wrong).select_related("transition"):
        yield f"{row.transition.subject_number}: {row.name}"
