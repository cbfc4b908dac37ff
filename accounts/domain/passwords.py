"""Commands about passwords. An administrator never knows one: they hand over a one-time link."""

from dataclasses import dataclass

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.domain.saving import lock, save
from accounts.errors import AccountRefused
from accounts.models import User


@dataclass(frozen=True)
class OneTimeKey:
    """What the link to choose a password is made of; it dies with its use, or after a day."""

    uid: str
    token: str


def key_for(person: User) -> OneTimeKey:
    """The token is signed over the password's hash and the last sign-in, and stored nowhere."""
    return OneTimeKey(
        urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
    )


def reset_password(*, by: User | None, person: User) -> OneTimeKey:
    """Take the password away, which ends every session, and give a key to choose a new one."""
    with transaction.atomic():
        lock(person)
        if not person.is_active:
            raise AccountRefused(_("%(name)s is not active.") % {"name": person.name})
        person.set_unusable_password()
        save(person, by=by, act="reset_password", fields=["password"])
    return key_for(person)


def choose_password(*, person: User, password: str) -> None:
    """Set one's own password; other sessions of the person end, and earlier links die."""
    with transaction.atomic():
        lock(person)
        if not person.is_active:
            raise AccountRefused(_("%(name)s is not active.") % {"name": person.name})
        person.set_password(password)
        save(person, by=person, act="choose_password", fields=["password"])
