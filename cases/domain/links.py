"""Links between cases: made and ended by people, read right from both sides."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from cases.enums import RELATIONS, SAID, TREES, LinkKind
from cases.models import Case, CaseLink
from cases.models.relations import linked_above
from cases.rules import has_links
from cases.validators import Problems
from workflows.domain.acts import command
from workflows.errors import Busy


@command()
def link(case: Case, *, by: User, at: datetime, relation: str, other: Case, note: str = "") -> None:
    """Say how this case has to do with another one. Refused to itself, twice, in a circle, and
    where a case would be part or duplicate of two."""
    problems = Problems()
    note = problems.text("note", note, most=200, lines=False)
    if relation not in RELATIONS:
        problems.add("relation", _("Choose one of the list."))
    problems.check()
    kind, outward = RELATIONS[relation]
    other = held(case, other, by=by, field="other")
    source, target = (case, other) if outward else (other, case)
    check_new(kind, source, target)
    if kind in TREES:
        check_tree(kind, source, target)
    CaseLink.objects.create(source=source, target=target, kind=kind, note=note, by=by, at=at)


@command(has_links)
def unlink(case: Case, *, by: User, at: datetime, link: CaseLink) -> None:
    """End a link that somebody has made; the row stays, the reason stands in the record."""
    seen = Case.objects.visible_to(by)
    found = CaseLink.objects.filter(
        Q(source=case) | Q(target=case), pk=link.pk, ended_at=None, kind__in=SAID
    ).filter(source__in=seen, target__in=seen)
    if not found.update(ended_by=by, ended_at=at):
        raise ValidationError({"link": _("This link has ended already.")})


def held(case: Case, other: Case, *, by: User, field: str) -> Case:
    """The other case, locked and read fresh; only one that the person may see.

    Of two people who join the same two cases from both sides one waits, or is told to try again.
    """
    if other.pk == case.pk:
        raise ValidationError({field: _("That is this case itself.")})
    seen = Case.objects.visible_to(by).select_for_update(of=("self",))
    found = seen.filter(pk=other.pk).first()
    if found is None:
        raise ValidationError({field: _("You may not see the other case.")})
    return found


def check_new(kind: LinkKind, source: Case, target: Case) -> None:
    """Not twice, from whichever side; a case is part, or duplicate, of one other at most."""
    same = CaseLink.objects.filter(kind=kind, ended_at=None)
    pairs = set(
        same.filter(Q(source=source) | Q(source=target, target=source)).values_list(
            "source", "target"
        )
    )
    if {(source.pk, target.pk), (target.pk, source.pk)} & pairs:
        raise ValidationError({"other": _("They are linked like this already.")})
    if kind in TREES and pairs:
        texts = {
            LinkKind.PART_OF: _("%(number)s is part of another case already."),
            LinkKind.DUPLICATE: _("%(number)s is the duplicate of another case already."),
        }
        raise ValidationError({"other": texts[kind] % {"number": source.number}})


def check_tree(kind: LinkKind, source: Case, target: Case) -> None:
    """No circle. Two links that would close one together queue on the top of the tree: `source`
    has nothing above it, so the circle would have to go through that top."""
    above = chain(kind, target)
    if source.pk in above:
        raise ValidationError({"other": _("This would close a circle of cases.")})
    if above[-1] != target.pk:
        Case.locked(above[-1])
        if chain(kind, target) != above:
            raise Busy(_("Somebody else is working on this case. Please try again."))


def chain(kind: LinkKind, case: Case) -> list[int]:
    """The keys from a case up to the top of its tree: one statement."""
    links = CaseLink.objects.filter(kind=kind, ended_at=None)
    found = links.filter(source__in=linked_above(kind, case.pk))
    above = dict(found.values_list("source", "target"))
    keys = [case.pk]
    while (key := above.get(keys[-1])) is not None and key not in keys:
        keys.append(key)
    return keys
