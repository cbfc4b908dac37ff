"""What can be refused about people."""

from typing import Any


class AccountRefused(Exception):
    """A command about people is refused; `message` is a translatable sentence for the person."""

    status = 409

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NeverDeleted(AccountRefused):
    """Users and departments stand in the record for ever; they are deactivated instead."""


class SignInRefused(AccountRefused):
    """One answer for an unknown name, a wrong password and a person who is switched off."""

    status = 401


class LockedOut(SignInRefused):
    """Too many failures; the message says how long to wait."""

    status = 429
