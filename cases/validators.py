"""What the commands accept: the same for screens, API, import and demo."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.enums import Extent, Harm
from workflows.domain.context import now
from workflows.validators import clean_text

# Clocks of two machines differ by less than this; more is a typing mistake.
SKEW = timedelta(minutes=5)
JUST_NOW = timedelta(hours=1)


class Problems:
    """Gathers what is wrong, by field, and raises it all at once."""

    def __init__(self) -> None:
        self.found: dict[str, list[Any]] = {}

    def add(self, field: str, message: Any) -> None:
        self.found.setdefault(field, []).append(message)

    def text(
        self, field: str, value: str | None, *, most: int, lines: bool = True, needed: bool = False
    ) -> str:
        """The cleaned text; what is wrong with it stands under `field`."""
        try:
            cleaned = clean_text(value or "", lines=lines, most=most)
        except ValidationError as error:
            self.add(field, error.messages[0])
            return ""
        if needed and not cleaned:
            self.add(field, _("Please fill this in."))
        return cleaned

    def check(self) -> None:
        if self.found:
            raise ValidationError(self.found)


LONG = 20_000


def check_weights(problems: Problems, harm: str, extent: str) -> None:
    """Harm and extent are words of their lists, or empty."""
    for name, value, known in (("harm", harm, Harm.values), ("extent", extent, Extent.values)):
        if value and value not in known:
            problems.add(name, _("Choose one of the list."))


def check_received(
    problems: Problems, received_at: datetime, *, limit: Callable[[], timedelta | None] | None
) -> None:
    """A receipt lies in the past, and not farther back than the policy allows.

    `limit` is asked only for a receipt that is dated back at all: most are of just now.
    """
    moment = now()
    if received_at > moment + SKEW:
        problems.add("received_at", _("The date of receipt lies in the future."))
        return
    backdate = limit() if limit is not None and received_at < moment - JUST_NOW else None
    if backdate is not None and received_at < moment - backdate:
        problems.add(
            "received_at",
            _("A receipt cannot be dated back by more than %(days)s days.")
            % {"days": backdate.days},
        )


def check_occurred(problems: Problems, occurred_on: date | None, received_at: datetime) -> None:
    if occurred_on is not None and occurred_on > (received_at + timedelta(days=1)).date():
        problems.add("occurred_on", _("It cannot have occurred after it was received."))


def check_future(problems: Problems, field: str, moment: datetime | None) -> None:
    """A due moment is given and lies ahead."""
    if moment is None:
        problems.add(field, _("Please fill this in."))
    elif moment <= now():
        problems.add(field, _("The due date must lie in the future."))


def digits_of(phone: str) -> str:
    """A phone without signs, full-width digits folded, for finding it by any part."""
    return "".join(str(int(char)) for char in phone if char.isdecimal())[:40]
