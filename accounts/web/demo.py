"""The cards of the sign-in page in demo mode: a person for each role, and what they can do."""

from dataclasses import dataclass
from typing import Any

from accounts.demo import DEMO_CAST
from accounts.domain.queries import open_memberships
from accounts.models import User

__all__ = ["DEMO_CAST", "Card", "cards"]


@dataclass(frozen=True)
class Card:
    username: str
    name: str
    role: Any
    place: str
    can: Any


def cards() -> list[Card]:
    """One card for each of the cast that the demo company has: two statements."""
    names = [each["username"] for each in DEMO_CAST]
    people = User.objects.filter(username__in=names, is_active=True)
    found = {person.username: person for person in people.prefetch_related(open_memberships())}
    return [
        Card(
            username=person.username,
            name=person.name,
            role=each["role"].label,
            place=", ".join(dict.fromkeys(held.department.label for held in person.held_now)),  # type: ignore[attr-defined]
            can=each["can"],
        )
        for each in DEMO_CAST
        if (person := found.get(each["username"]))
    ]
