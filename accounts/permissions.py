"""What a person may, as a small value that needs no database to be tested."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.enums import COVERS, SEES_ALL, Role


@dataclass(frozen=True)
class Authority:
    """A person's standing: the (department key, role) pairs, with the covered roles added.

    `roots` are the paths of the departments the person belongs to; whoever belongs to a
    department sees what its sub-departments see; being an administrator shows no case.
    `stands_in` are the people, absent today, whose claimed steps this person may take on their
    behalf; what they see is in `roots` as well, "/" being everything.
    """

    pools: frozenset[tuple[int, str]] = frozenset()
    held: tuple[tuple[int, str], ...] = ()
    roots: tuple[str, ...] = ()
    stands_in: frozenset[int] = frozenset()

    @classmethod
    def of(cls, me: int, rows: Iterable[tuple[int, int, str, str]]) -> "Authority":
        """Build from (person, department key, role, department path) rows of me and the absent."""
        held: list[tuple[int, str]] = []
        pools: set[tuple[int, str]] = set()
        roots: set[str] = set()
        absent: set[int] = set()
        for person, department, role, path in rows:
            if person != me:
                absent.add(person)
                roots.update(seen_for(role, path))
                continue
            if role != Role.ADMINISTRATOR:
                roots.add(path)
            held.append((department, role))
            for taken in {role, *COVERS.get(Role(role), ())}:
                pools.add((department, str(taken)))
        return cls(frozenset(pools), tuple(held), tuple(sorted(roots)), frozenset(absent))

    @property
    def roles(self) -> frozenset[str]:
        """Every role held anywhere, without the covered ones."""
        return frozenset(role for _, role in self.held)

    @property
    def sees_all(self) -> bool:
        return bool(self.roles & SEES_ALL)

    @property
    def departments(self) -> frozenset[int]:
        return frozenset(department for department, _ in self.held)

    def may_take(self, department: int | None, role: str) -> bool:
        """Whether a step that waits for `role` in `department` (None: anywhere) is open to us."""
        if department is None:
            return any(taken == role for _, taken in self.pools)
        return (department, role) in self.pools

    def is_any(self, *roles: str) -> bool:
        """Whether one of `roles` is held or covered in any department."""
        return any(taken in roles for _, taken in self.pools)


def seen_for(role: str, path: str) -> set[str]:
    """What is seen by standing in for a role: what its steps are about, so nothing for those
    who have no steps."""
    if role in {Role.ADMINISTRATOR, Role.AUDITOR}:
        return set()
    return {"/"} if role in SEES_ALL else {path}


def may_administer(by: Any) -> bool:
    """Keep people, departments and roles."""
    return by.authority.is_any(Role.ADMINISTRATOR)


def may_read_chart(by: Any) -> bool:
    """Look at the departments and who is in them."""
    return by.authority.is_any(Role.ADMINISTRATOR, Role.GENERAL_MANAGER, Role.QUALITY_MANAGER)


def may_keep_rules(by: Any) -> bool:
    """Keep catalogues and policies: the quality department's, set up by an administrator."""
    return by.authority.is_any(Role.ADMINISTRATOR, Role.QUALITY_MANAGER)
