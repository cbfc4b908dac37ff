"""Commands about people: guard, change, save with who did it. The neighbours' are named here too,
so that `people.grant` and `people.add_department` is all a caller needs to know."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain.departments import (
    add_department,
    deactivate_department,
    edit_department,
    move_department,
    reactivate_department,
)
from accounts.domain.duties import department_duties, duties, of_person, open_work
from accounts.domain.leaves import end_leave, plan_leave
from accounts.domain.memberships import end_membership, grant, is_last_administrator
from accounts.domain.passwords import choose_password, reset_password
from accounts.domain.saving import check, lock, save
from accounts.errors import AccountRefused
from accounts.models import User

__all__ = [
    "add_department", "add_person", "choose_password", "deactivate", "deactivate_department",
    "department_duties", "duties", "edit_department", "edit_person", "end_leave",
    "end_membership", "grant", "move_department", "open_work", "plan_leave", "reactivate",
    "reactivate_department", "reset_password", "set_language", "why_not_deactivate",
]  # fmt: skip

EDITABLE = frozenset({"username", "name", "email", "phone", "language"})


def add_person(
    *,
    by: User | None,
    username: str,
    name: str,
    password: str | None = None,
    email: str = "",
    phone: str = "",
    language: str = "zh-hans",
    at: datetime | None = None,
) -> User:
    """Add a person; without a password they cannot sign in before one is set."""
    person = User(username=username, name=name, email=email, phone=phone, language=language)
    if at is not None:
        person.date_joined = at
    person.set_password(password)
    check(person)
    save(person, by=by, act="add", at=at)
    return person


def edit_person(
    *, by: User | None, person: User, at: datetime | None = None, **changes: Any
) -> None:
    """Change what is known of a person; only what is named is touched."""
    if unknown := changes.keys() - EDITABLE:
        raise TypeError(f"not editable: {sorted(unknown)}")
    with transaction.atomic():
        lock(person)
        for name, value in changes.items():
            setattr(person, name, value)
        check(person)
        if changes:
            save(person, by=by, act="edit", at=at, fields=changes)


def set_language(*, by: User, language: str) -> None:
    """The language a person reads; theirs alone."""
    edit_person(by=by, person=by, language=language)


def why_not_deactivate(*, by: User | None, person: User, held: bool = False) -> str | None:
    """Why a person cannot be switched off; None when they can."""
    if by == person:
        return _("You cannot deactivate yourself.")
    if is_last_administrator(person, held=held):
        return _("This is the last administrator; make somebody else one first.")
    return of_person(person)


def deactivate(*, by: User, person: User, at: datetime | None = None) -> None:
    """Switch a person off; refused while anything still waits for them."""
    with transaction.atomic():
        lock(person)
        if reason := why_not_deactivate(by=by, person=person, held=True):
            raise AccountRefused(reason)
        person.is_active = False
        save(person, by=by, act="deactivate", at=at, fields=["is_active"])


def reactivate(*, by: User, person: User, at: datetime | None = None) -> None:
    with transaction.atomic():
        lock(person)
        person.is_active = True
        save(person, by=by, act="reactivate", at=at, fields=["is_active"])
