"""Who is told of a waiting row at each rung, worked out for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from accounts.enums import COVERS, Function, Role
from accounts.models import Leave, Membership
from workflows.enums import Rung
from workflows.models.ladder import Laddered
from workflows.permissions import LEADERS


class Told(NamedTuple):
    """The people of a rung, and the department whose leaders they are (None: of none)."""

    people: frozenset[int]
    department: int | None = None


def keys_of(row: Laddered) -> list[int]:
    """The departments whose leaders answer for a row, its own first, then the ones above."""
    path = row.department.path if row.department else ""
    return [int(key) for key in path.strip("/").split("/") if key][::-1]


def able(role: str) -> frozenset[str]:
    """The roles that may take what waits for a role."""
    return frozenset({role, *(str(one) for one, covered in COVERS.items() if role in covered)})


class Answering:
    """Everybody who can be told of some rows at a moment: two statements."""

    def __init__(self, rows: Iterable[Laddered], at: datetime) -> None:
        rows = list(rows)
        departments = {key for row in rows for key in keys_of(row)}
        roles = {role for row in rows if row.department_id is None for role in able(row.role)}
        wanted = Q(department__in=departments) | Q(role__in=roles)
        wanted |= Q(department__function=Function.QUALITY, role__in=LEADERS)
        wanted |= Q(role__in=(Role.MANAGEMENT_REPRESENTATIVE, Role.GENERAL_MANAGER))
        held = Membership.objects.filter(wanted, until=None, user__is_active=True)
        self.pools: dict[tuple[int, str], set[int]] = defaultdict(set)
        self.anywhere: dict[str, set[int]] = defaultdict(set)
        self.quality: set[int] = set()
        for person, department, role, function in held.values_list(
            "user", "department", "role", "department__function"
        ):
            self.pools[department, role].add(person)
            self.anywhere[role].add(person)
            if function == Function.QUALITY and role in LEADERS:
                self.quality.add(person)
        self.substitutes = substitutes({row.owner_id for row in rows if row.owner_id}, at)

    def of(self, row: Laddered, rung: int) -> Told:
        """Who is told at a rung; where it has nobody, whoever is told after it."""
        ways = {
            Rung.OWNER: self.owner,
            Rung.HEAD: self.head,
            Rung.QUALITY: lambda row: Told(frozenset(self.quality)),
            Rung.MANAGEMENT: self.management,
        }
        found = (way(row) for level, way in ways.items() if level >= rung)
        return next((told for told in found if told.people), Told(frozenset()))

    def owner(self, row: Laddered) -> Told:
        """Its owner and whoever stands in for them today; unclaimed, everybody of the pool."""
        if row.owner_id is not None:
            return Told(frozenset({row.owner_id, *self.substitutes.get(row.owner_id, ())}))
        people: set[int] = set()
        for role in able(row.role):
            if row.department_id is None:
                people |= self.anywhere[role]
            else:
                people |= self.pools[row.department_id, role]
        return Told(frozenset(people))

    def head(self, row: Laddered) -> Told:
        """The leaders of its department; where nobody leads it, of the nearest one above."""
        for key in keys_of(row):
            people = frozenset[int]().union(*(self.pools[key, role] for role in LEADERS))
            if people:
                return Told(people, key)
        return Told(frozenset())

    def management(self, row: Laddered) -> Told:
        asked = self.anywhere[Role.MANAGEMENT_REPRESENTATIVE]
        return Told(frozenset(asked or self.anywhere[Role.GENERAL_MANAGER]))


def substitutes(owners: set[int], at: datetime) -> dict[int, list[int]]:
    """Who stands in for whom on the day of a moment."""
    today = timezone.localdate(at)
    away = Leave.objects.filter(
        user__in=owners, starts__lte=today, ends__gte=today, substitute__is_active=True
    )
    found: dict[int, list[int]] = defaultdict(list)
    for owner, person in away.values_list("user", "substitute"):
        found[owner].append(person)
    return found
