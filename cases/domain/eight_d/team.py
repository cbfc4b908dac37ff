"""D1: who has worked on a case, and as what."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from cases.domain.eight_d.report import Member
from cases.domain.eight_d.rows import Rows

Parts = Iterator[tuple[User | None, str]]


def team_of(rows: Rows) -> tuple[Member, ...]:
    """Everybody once, in the order of the work: one statement for their departments."""
    parts: dict[User, list[str]] = {}
    for person, part in (*once(rows), *carried(rows)):
        if person is not None and part not in parts.setdefault(person, []):
            parts[person].append(part)
    where = departments_of(parts)
    return tuple(
        Member(person.name, where.get(person.pk, ""), tuple(found))
        for person, found in parts.items()
    )


def once(rows: Rows) -> Parts:
    yield rows.case.logged_by, _("Logged the case")
    for response in rows.responses:
        yield response.by, str(response.get_kind_display())
    if rows.investigation:
        yield rows.investigation.by, _("Investigated")
    if rows.review:
        yield rows.review.opened_by, _("Convened the joint review")
    if rows.ruling:
        yield rows.ruling.by, _("Ruled")
    for plan in rows.plans:
        yield plan.drafted_by, _("Drafted the measures")
        yield plan.checked_by, _("Checked the measures")
        yield plan.approved_by, _("Approved the measures")


def carried(rows: Rows) -> Parts:
    """What people did for the actions, all of their numbers in one line."""
    owns, verified = _("Owner of %(numbers)s"), _("Verified %(numbers)s")
    carried_out = _("Carried out %(numbers)s")
    found: dict[tuple[User, str], list[str]] = {}
    for action in rows.actions:
        does = action.submitted_by if action.submitted_by != action.owner else None
        for person, words in (
            (action.owner, owns), (does, carried_out), (action.verified_by, verified)
        ):  # fmt: skip
            if person is not None:
                found.setdefault((person, words), []).append(action.number)
    for (person, words), numbers in found.items():
        yield person, words % {"numbers": ", ".join(numbers)}


def departments_of(people: Iterable[User]) -> dict[int, str]:
    """The department that somebody has worked in the longest, of those they work in today."""
    today = Membership.objects.filter(user__in=[person.pk for person in people], until=None)
    rows = today.select_related("department").order_by("-since", "-pk")
    return {row.user_id: row.department.label for row in rows}
