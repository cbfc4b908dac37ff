"""Policies in versions. A change is a new version with a day from which it holds; what has held
is never edited, and no version holds before it is made.

The version made last wins from its day on. A planned one is taken back by making another for
the same day or an earlier one, and whoever does so must say that it is meant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_keep_rules
from workflows.domain.context import now
from workflows.errors import Forbidden, Stale
from workflows.validators import clean_text

IN_FORCE, PLANNED, ENDED, OVERTAKEN = "in_force", "planned", "ended", "overtaken"
# Nobody plans farther ahead; a typing mistake in the year does.
FARTHEST = timedelta(days=3660)
REASON_LENGTH = 200

Found = dict[str, list[Any]]


# ---------------------------------------------------------------------------- reading
@dataclass(frozen=True)
class Version:
    """A version and what became of it. `until` is None while nothing follows; `before` is the
    version whose place it takes."""

    row: Any
    standing: str
    until: datetime | None
    before: Any


def story(rows: Iterable[Any], *, at: datetime) -> list[Version]:
    """All versions of a policy as they stand at a moment, the one made last first."""
    ordered = sorted(rows, key=made)
    return [
        told(row, ordered[:place], ordered[place + 1 :], at) for place, row in enumerate(ordered)
    ][::-1]


def made(row: Any) -> tuple[datetime, int]:
    return row.made_at, row.pk


def told(row: Any, earlier: list[Any], later: list[Any], at: datetime) -> Version:
    until = min((other.holds_from for other in later), default=None)
    before = next((one for one in reversed(earlier) if one.holds_from <= row.holds_from), None)
    if until is not None and until <= row.holds_from:
        return Version(row, OVERTAKEN, None, before)
    if row.holds_from > at:
        return Version(row, PLANNED, until, before)
    return Version(row, ENDED if until is not None and until <= at else IN_FORCE, until, before)


def day_of(moment: datetime) -> date:
    """The day of a moment where the company is."""
    return timezone.localdate(moment, timezone.get_default_timezone())


# ---------------------------------------------------------------------------- making
def guard(by: User) -> None:
    if not may_keep_rules(by):
        raise Forbidden(_("Only quality managers and administrators make versions of a policy."))


def hold(model: Any, *, seen: int | None) -> None:
    """Hold all versions until the transaction ends. `seen` is the last one the maker knew of."""
    list(model.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    last = model.objects.select_related("made_by").order_by("-made_at", "-pk").first()
    if seen is not None and last is not None and last.pk != seen:
        raise Stale(
            _("%(name)s made another version in the meantime; look at it, then save again.")
            % {"name": last.made_by or "–"}
        )


def opening(
    model: Any, *, by: User, holds_from: date, reason: str, supersede: bool, found: Found
) -> dict[str, Any]:
    """The columns that every new version has; what is wrong with them is put into `found`."""
    made_at = now()
    moment = beginning(holds_from, made_at, found)
    if moment is not None and not supersede and (planned := overtaken_by(model, moment)):
        days = ", ".join(f"{day_of(row.holds_from):%Y-%m-%d}" for row in planned)
        found.setdefault("supersede", []).append(
            _("What is planned from %(days)s would never come into force. Say whether it is meant.")
            % {"days": days}
        )
    return {
        "holds_from": moment,
        "reason": reason_of(reason, found),
        "made_by": by,
        "made_at": made_at,
    }


def beginning(day: date, made_at: datetime, found: Found) -> datetime | None:
    """The moment a version begins: today at once, any other day at its first minute."""
    today = day_of(made_at)
    if day < today:
        found.setdefault("holds_from", []).append(
            _("A version cannot hold from a day in the past.")
        )
    elif day > today + FARTHEST:
        found.setdefault("holds_from", []).append(_("Nobody plans that far ahead."))
    elif day == today:
        return made_at
    else:
        return datetime.combine(day, time.min, timezone.get_default_timezone())
    return None


def overtaken_by(model: Any, moment: datetime) -> list[Any]:
    """Planned versions that would never come into force beside a new one from `moment` on."""
    planned = (one.row for one in story(model.objects.all(), at=now()) if one.standing == PLANNED)
    return sorted(
        (row for row in planned if row.holds_from >= moment), key=lambda row: row.holds_from
    )


def reason_of(text: str, found: Found) -> str:
    try:
        reason = clean_text(text or "", lines=False, most=REASON_LENGTH)
    except ValidationError as error:
        found.setdefault("reason", []).append(error.messages[0])
        return ""
    if not reason:
        found.setdefault("reason", []).append(_("Please fill this in."))
    return reason
