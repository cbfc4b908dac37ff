"""Signing in with a password: one answer for every failure, and a pause after too many."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _, ngettext

from accounts.errors import LockedOut, SignInRefused
from accounts.models import SignInAttempt, User


@dataclass(frozen=True)
class LockOut:
    """How many failures within how long stop an account at one address, and an address at all."""

    failures: int = 5
    of_address: int = 100
    minutes: int = 15


LOCK_OUT = LockOut()
# Where a signature is given: no address, the person is signed in already.
DESK = "signature"


def account_key(username: str) -> str:
    return salted_hmac("accounts.sign_in", username.casefold(), algorithm="sha256").hexdigest()


def sign_in(request: HttpRequest, *, username: str, password: str, address: str) -> User:
    """The person these credentials belong to. Raises SignInRefused, or LockedOut for a while.

    The attempt is noted before the password is looked at: of many guesses at one instant no more
    are tried than the rule allows. Django hashes for unknown, inactive and passwordless people
    too, so the time tells nothing.
    """
    account, now = account_key(username), timezone.now()
    refuse_locked(account, address, now, already=0)
    SignInAttempt.objects.create(account=account, address=address, at=now)
    refuse_locked(account, address, now, already=1)
    person = authenticate(request, username=username, password=password)
    if person is None:
        SignInAttempt.objects.filter(at__lt=now - timedelta(minutes=LOCK_OUT.minutes)).delete()
        raise SignInRefused(_("The username or the password is wrong."))
    SignInAttempt.objects.filter(account=account, address=address).delete()
    return person


def confirm(person: User, *, password: str) -> None:
    """Whoever signs proves once more who they are. Raises SignInRefused, LockedOut.

    The same rule as for signing in: guesses at somebody's desk are counted like those at the door.
    """
    account, now = account_key(person.username), timezone.now()
    window = timedelta(minutes=LOCK_OUT.minutes)
    failures = SignInAttempt.objects.filter(account=account, address=DESK, at__gt=now - window)
    counted = list(failures.order_by("-at").values_list("at", flat=True)[: LOCK_OUT.failures])
    if len(counted) == LOCK_OUT.failures:
        raise LockedOut(locked_words(counted[-1] + window - now))
    if not person.check_password(password):
        SignInAttempt.objects.create(account=account, address=DESK, at=now)
        raise SignInRefused(_("The username or the password is wrong."))
    if counted:
        failures.delete()


def refuse_locked(account: str, address: str, now: datetime, *, already: int) -> None:
    """Raise LockedOut when there are too many failures; `already` of them is the one in hand."""
    recent = SignInAttempt.objects.filter(
        address=address, at__gt=now - timedelta(minutes=LOCK_OUT.minutes)
    ).order_by("-at")
    for rows, most in (
        (recent.filter(account=account), LOCK_OUT.failures),
        (recent, LOCK_OUT.of_address),
    ):
        counted = list(rows.values_list("at", flat=True)[: most + already])
        if len(counted) == most + already:
            free = counted[-1] + timedelta(minutes=LOCK_OUT.minutes)
            raise LockedOut(locked_words(free - now))


def locked_words(left: timedelta) -> str:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return ngettext(
        "Too many failed attempts. Try again in %(n)d minute.",
        "Too many failed attempts. Try again in %(n)d minutes.",
        minutes,
    ) % {"n": minutes}
