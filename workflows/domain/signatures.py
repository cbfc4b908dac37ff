"""Signing: a deed that declares something asks for the password again and keeps what was declared.

The meaning is kept in both languages as it read on the day, with the person's name and role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.domain import signing_in
from accounts.errors import LockedOut, SignInRefused
from accounts.models import User
from workflows.models import Signature, Transition

_trusted: ContextVar[bool] = ContextVar("trusted", default=False)


@contextmanager
def already_identified() -> Iterator[None]:
    """For the demo company, whose people live through eighteen months without a keyboard."""
    token = _trusted.set(True)
    try:
        yield
    finally:
        _trusted.reset(token)


def identify(choice: Any, by: User | None, password: str) -> None:
    """Refuse a signature without the right password: nothing for what is not signed.

    Runs before the lock, since hashing takes time; failures count as failed sign-ins do.
    """
    if not choice.signs or by is None or _trusted.get():
        return
    if not password:
        raise ValidationError({"password": _("Please give your password to sign.")})
    try:
        signing_in.confirm(by, password=password)
    except SignInRefused as error:
        raise ValidationError({"password": _("This is not your password.")}) from error
    except LockedOut as error:
        raise ValidationError({"password": str(error)}) from error


def write(row: Transition, meaning: Any) -> Signature:
    """Keep the signature that this deed was."""
    by = row.by
    assert by is not None
    return Signature.objects.create(
        transition=row,
        root_kind=row.root_kind,
        root_id=row.root_id,
        meaning=spoken(meaning, "zh-hans"),
        meaning_en=spoken(meaning, "en"),
        by=by,
        name=by.name,
        roles=sorted(by.authority.roles),
        at=row.at,
    )


def spoken(meaning: Any, language: str) -> str:
    with translation.override(language):
        return str(meaning)
