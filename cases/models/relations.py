"""What a case knows of the cases it has to do with: merged ones, links. One statement each."""

from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from cases.enums import OPEN, SAID, LinkKind

# Merging into a case that is merged later makes a chain; both ways the walk ends by itself.
_BELOW = """WITH RECURSIVE near(id) AS (
    SELECT id FROM cases_case WHERE merged_into_id = %s
    UNION SELECT one.id FROM cases_case one JOIN near ON one.merged_into_id = near.id
) SELECT id FROM near"""
_ABOVE = """WITH RECURSIVE near(id) AS (
    SELECT merged_into_id FROM cases_case WHERE id = %s
    UNION SELECT one.merged_into_id FROM cases_case one JOIN near ON one.id = near.id
) SELECT id FROM near WHERE id IS NOT NULL"""


_UP = """WITH RECURSIVE near(id) AS (
    SELECT CAST(%s AS bigint)
    UNION SELECT one.target_id FROM cases_caselink one JOIN near ON one.source_id = near.id
    WHERE one.kind = %s AND one.ended_at IS NULL
) SELECT id FROM near"""


def walk(constant: str, *given: Any) -> RawSQL:
    """A recursive SELECT of keys; what is given stands in its parameters only."""
    return RawSQL(constant, given)  # noqa: S611


def merged_below(key: int) -> RawSQL:
    """The keys of all cases that were merged into this one, directly or by way of another."""
    return walk(_BELOW, key)


def merged_above(key: int) -> RawSQL:
    """The keys of the cases that this one was merged into, one after the other."""
    return walk(_ABOVE, key)


def linked_above(kind: LinkKind, key: int) -> RawSQL:
    """The key of a case and of all that open links of a kind lead to from it."""
    return walk(_UP, key, kind.value)


def relations_known() -> dict[str, Exists]:
    """The same answers as the properties of RelatedCases, read along with the case."""
    from cases.models.case import Case
    from cases.models.ending import CaseLink

    links = CaseLink.objects.filter(ended_at=None)
    here = Q(source=OuterRef("pk")) | Q(target=OuterRef("pk"))
    return {
        "has_merged": Exists(Case.objects.filter(merged_into=OuterRef("pk"))),
        "has_links": Exists(links.filter(here, kind__in=SAID)),
        "is_duplicate": Exists(
            links.filter(source=OuterRef("pk"), kind=LinkKind.DUPLICATE, target__state__in=OPEN)
        ),
    }


class RelatedCases:
    """Part of the case: whether others depend on it, whether it is linked."""

    pk: Any
    merged: Any
    links_in: Any
    links_out: Any

    @cached_property
    def has_merged(self) -> bool:
        """Whether other cases were merged into this one."""
        return bool(self.merged.exists())

    @cached_property
    def has_links(self) -> bool:
        """Whether there is a link that somebody has made and may end: two statements."""
        said = {"ended_at": None, "kind__in": SAID}
        return self.links_out.filter(**said).exists() or self.links_in.filter(**said).exists()

    @cached_property
    def is_duplicate(self) -> bool:
        """Whether it is linked as the duplicate of a case that is open."""
        found = self.links_out.filter(kind=LinkKind.DUPLICATE, ended_at=None)
        return bool(found.filter(target__state__in=OPEN).exists())
