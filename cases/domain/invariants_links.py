"""Invariants of what joins cases: merging, links."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from cases.enums import TREES, CaseState
from cases.models import Case, CaseLink
from workflows.domain.invariants import invariant


@invariant(30, "A merged case leads to one that is not merged")
def merged_cases_lead_on() -> Iterator[str]:
    """A chain that never ends well is a ring: of its cases none goes on."""
    leads = dict(
        Case.objects.filter(state=CaseState.MERGED).values_list("pk", "merged_into").iterator()
    )
    for key in leads:
        if in_a_ring(key, leads):
            yield Case.objects.values_list("number", flat=True).get(pk=key)


@invariant(30, "A link of two cases stands once, from whichever side")
def links_stand_once() -> Iterator[str]:
    turned = CaseLink.objects.filter(
        source=OuterRef("target"), target=OuterRef("source"), kind=OuterRef("kind"), ended_at=None
    )
    for link in CaseLink.objects.filter(Exists(turned), ended_at=None).select_related(
        "source", "target"
    ):
        yield str(link)


@invariant(30, "A case is part of one other at most, duplicate of one at most, and of no ring")
def trees_are_trees() -> Iterator[str]:
    open_still = CaseLink.objects.filter(ended_at=None, kind__in=TREES)
    again = open_still.filter(
        ~Q(pk=OuterRef("pk")), source=OuterRef("source"), kind=OuterRef("kind")
    )
    for link in open_still.filter(Exists(again)).select_related("source", "target"):
        yield str(link)
    for kind in sorted(TREES):
        above = dict(open_still.filter(kind=kind).values_list("source", "target"))
        for key in above:
            if in_a_ring(key, above):
                yield f"{kind}: {Case.objects.values_list('number', flat=True).get(pk=key)}"


def in_a_ring(key: int, above: dict[int, int]) -> bool:
    """Whether one comes back on the way up."""
    seen = {key}
    while (up := above.get(key)) is not None:
        if up in seen:
            return True
        seen.add(up)
        key = up
    return False
