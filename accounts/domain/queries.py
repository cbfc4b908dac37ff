"""Reads about people: the list, the tree, leave. Pages go by key; no page counts all rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.enums import Role
from accounts.models import Department, Leave, Membership, User

PAGE = 50
HEADS = (Role.HEAD, Role.SERVICE_LEAD, Role.QUALITY_MANAGER, Role.GENERAL_MANAGER)


@dataclass(frozen=True)
class Page:
    """Rows and the keys to go on from; a key is None where nothing more is."""

    rows: list[Any]
    before: str | None = None
    after: str | None = None


def open_memberships() -> Prefetch:
    """Roles held today with their department: one statement for a whole page of people."""
    rows = Membership.objects.filter(until=None).select_related("department").order_by("pk")
    return Prefetch("memberships", queryset=rows, to_attr="held_now")


def find_people(
    *,
    text: str = "",
    department: Department | None = None,
    role: str = "",
    active: bool | None = True,
) -> QuerySet[User]:
    """People by any part of name, username, phone or e-mail, in a department or below it."""
    people = User.objects.all()
    if active is not None:
        people = people.filter(is_active=active)
    for word in text.split():
        people = people.filter(
            Q(name__icontains=word)
            | Q(username__icontains=word)
            | Q(phone__icontains=word)
            | Q(email__icontains=word)
        )
    held = Q()
    if department is not None:
        held &= Q(department__path__startswith=department.path)
    if role:
        held &= Q(role=role)
    if held:
        people = people.filter(pk__in=Membership.objects.filter(held, until=None).values("user"))
    return people


def page_of_people(
    people: QuerySet[User], *, after: str = "", before: str = "", size: int = PAGE
) -> Page:
    """One page by username: two statements, whatever the number of rows."""
    if before:
        chosen = people.filter(username__lt=before).order_by("-username")
    else:
        chosen = people.filter(username__gt=after).order_by("username")
    rows = list(chosen.prefetch_related(open_memberships())[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if before:
        rows.reverse()
    if not rows:
        return Page([])
    first, last = rows[0].username, rows[-1].username
    back = more if before else bool(after)
    on = True if before else more
    return Page(rows, first if back else None, last if on else None)


# ---------------------------------------------------------------------------- departments
@dataclass
class Branch:
    """A department in the drawn tree, with what is below it."""

    department: Department
    people: int = 0
    heads: list[str] = field(default_factory=list)
    branches: list["Branch"] = field(default_factory=list)


def nest(departments: Iterable[Department]) -> dict[int, Branch]:
    """Branches by key, each hung below its parent where that is among them."""
    found = {row.pk: Branch(row) for row in departments}
    for branch in found.values():
        if above := found.get(branch.department.parent_id or 0):
            above.branches.append(branch)
    return found


def tops(branches: dict[int, Branch]) -> list[Branch]:
    return [one for one in branches.values() if one.department.parent_id not in branches]


def tree(*, inactive: bool = False) -> list[Branch]:
    """The whole tree from the top, with heads and numbers of people: two statements."""
    people = Count(
        "memberships__user",
        filter=Q(memberships__until=None, memberships__user__is_active=True),
        distinct=True,
    )
    departments = Department.objects.annotate(people=people).order_by("code")
    found = nest(departments if inactive else departments.filter(is_active=True))
    for branch in found.values():
        branch.people = getattr(branch.department, "people", 0)
    heads = Membership.objects.filter(until=None, user__is_active=True, role__in=HEADS)
    for key, name in heads.order_by("pk").values_list("department_id", "user__name"):
        if key in found:
            found[key].heads.append(name)
    return tops(found)


def indented(*, without: Department | None = None) -> list[tuple[int, str]]:
    """(key, name) of the active departments in the order of the tree, for a choice.

    `without` leaves out a department and everything below it: one statement.
    """
    departments = Department.objects.filter(is_active=True).order_by("code")
    if without is not None:
        departments = departments.exclude(path__startswith=without.path)
    choices: list[tuple[int, str]] = []

    def walk(branches: list[Branch], depth: int) -> None:
        for branch in branches:
            choices.append((branch.department.pk, "\u3000" * depth + branch.department.label))
            walk(branch.branches, depth + 1)

    walk(tops(nest(departments)), 0)
    return choices


def members_of(department: Department) -> list[Membership]:
    """Who holds which role in a department today, those who lead it first."""
    rows = department.memberships.filter(until=None, user__is_active=True)
    found = rows.select_related("user").order_by("user__username", "pk")
    return sorted(found, key=lambda held: held.role not in HEADS)


def leaders_of(departments: set[int]) -> dict[int, list[str]]:
    """Who leads which department and may hand over what waits there: one statement."""
    rows = Membership.objects.filter(
        department__in=departments, role__in=HEADS, until=None, user__is_active=True
    )
    names: dict[int, list[str]] = {}
    for key, name in rows.order_by("pk").values_list("department_id", "user__name"):
        names.setdefault(key, []).append(name)
    return names


# ---------------------------------------------------------------------------- leave
def page_of_leaves(
    *, past: bool, today: date, after: tuple[date, int] | None = None, size: int = PAGE
) -> tuple[list[Leave], tuple[date, int] | None]:
    """Leave now and later by its first day, or past leave with the latest first; then by key."""
    leaves = Leave.objects.select_related("user", "substitute")
    if past:
        leaves = leaves.filter(ends__lt=today).order_by("-ends", "-pk")
        beyond = lambda day, pk: Q(ends__lt=day) | Q(ends=day, pk__lt=pk)  # noqa: E731
    else:
        leaves = leaves.filter(ends__gte=today).order_by("starts", "pk")
        beyond = lambda day, pk: Q(starts__gt=day) | Q(starts=day, pk__gt=pk)  # noqa: E731
    if after is not None:
        leaves = leaves.filter(beyond(*after))
    rows = list(leaves[: size + 1])
    if len(rows) <= size:
        return rows, None
    last = rows[size - 1]
    return rows[:size], (last.ends if past else last.starts, last.pk)


def leaves_of(person: User, today: date) -> list[Leave]:
    """A person's own leave that is not over, and when they stand in for others."""
    rows = Leave.objects.filter(Q(user=person) | Q(substitute=person), ends__gte=today)
    return list(rows.select_related("user", "substitute").order_by("starts", "pk"))
