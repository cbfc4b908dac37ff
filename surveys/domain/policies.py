"""Versions of the policy: which one holds for a period; drawn up, changed, published.

A version is a draft until it is published, and holds from the first day of a half-year. A
published one never changes: another one takes its place.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.defaults import EXTRA
from cases.validators import Problems
from surveys.domain.periods import Period
from surveys.domain.policy_document import checked
from surveys.models import SatisfactionPolicy
from surveys.permissions import may_set_policy
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden, Stale

REASON_LENGTH = 500
FIRST_YEAR, LAST_YEAR = 2000, 2199
PUBLISHED = "satisfaction_policy"


# ---------------------------------------------------------------------------- which one holds
def in_force(period: Period) -> SatisfactionPolicy | None:
    """The version that holds for a period: of those that hold from its first day or earlier,
    the latest start, and of one start the version published last."""
    return (
        SatisfactionPolicy.objects.filter(
            published_at__isnull=False, holds_from__lte=period.first_day
        )
        .order_by("-holds_from", "-published_at", "-number")
        .first()
    )


@cache
def defaults() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "defaults.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def ensure_policy() -> int:
    """The first version of a new installation, already in force; how many rows were added."""
    if SatisfactionPolicy.objects.exists():
        return 0
    document = dict(defaults()["policy"])
    holds_from = document.pop("holds_from")
    SatisfactionPolicy.objects.create(
        number=1,
        holds_from=holds_from,
        document=checked(document),
        made_at=now(),
        published_at=now(),
    )
    return 1


# ---------------------------------------------------------------------------- drafts
def draft(
    *, by: User, document: Any, holds_from: date | None, reason: str = ""
) -> SatisfactionPolicy:
    """A new draft: guard → lock → check → save. Raises Forbidden and ValidationError by field."""
    guard(by)
    with business_transaction():
        last = hold().aggregate(last=Max("number"))["last"]
        version = SatisfactionPolicy(number=(last or 0) + 1)
        return write(version, by=by, document=document, holds_from=holds_from, reason=reason)


def change_draft(
    *,
    by: User,
    policy: SatisfactionPolicy,
    document: Any,
    holds_from: date | None,
    reason: str = "",
    seen: str = "",
) -> SatisfactionPolicy:
    """Put another text into a draft. `seen` is the stamp() its reader had before them; Stale
    where a colleague has written since."""
    guard(by)
    with business_transaction():
        version = open_draft(policy)
        if seen and seen != stamp(version):
            raise Stale(_("A colleague changed this draft while you were writing."))
        return write(version, by=by, document=document, holds_from=holds_from, reason=reason)


def discard(*, by: User, policy: SatisfactionPolicy) -> None:
    """Throw a draft away; what was never published has ruled nothing."""
    guard(by)
    with business_transaction():
        open_draft(policy).delete()


def publish(*, by: User, policy: SatisfactionPolicy, reason: str) -> SatisfactionPolicy:
    """Let a draft hold, for good; the ledgers of the periods it rules are settled after it."""
    guard(by)
    problems = Problems()
    reason = problems.text("reason", reason, most=REASON_LENGTH, lines=False, needed=True)
    problems.check()
    with business_transaction():
        version = open_draft(policy)
        version.document = checked(version.document)
        version.reason = reason
        version.published_by, version.published_at = by, now()
        version.save()
        outbox.emit(PUBLISHED, f"{PUBLISHED}:{version.pk}", policy=version.pk)
    return version


def stamp(policy: SatisfactionPolicy) -> str:
    """What changes whenever a draft is written."""
    return policy.made_at.isoformat()


# ---------------------------------------------------------------------------- steps
def guard(by: User) -> None:
    if not may_set_policy(by):
        raise Forbidden(_("Only the quality manager and the management representative set it."))


def hold() -> Any:
    """Lock all versions, a handful of rows: numbers are given once."""
    rows = SatisfactionPolicy.objects.select_for_update().order_by("pk")
    list(rows.values_list("pk"))
    return SatisfactionPolicy.objects


def open_draft(policy: SatisfactionPolicy) -> SatisfactionPolicy:
    """The row, locked and read afresh. Conflict when it is no draft any more."""
    version = SatisfactionPolicy.objects.select_for_update().filter(pk=policy.pk).first()
    if version is None:
        raise Conflict(_("A colleague has thrown this draft away."))
    if version.published_at is not None:
        raise Conflict(_("A published version never changes; make a new one."))
    return version


def write(
    version: SatisfactionPolicy, *, by: User, document: Any, holds_from: date | None, reason: str
) -> SatisfactionPolicy:
    problems = Problems()
    check_start(problems, holds_from)
    reason = problems.text("reason", reason, most=REASON_LENGTH, lines=False)
    try:
        version.document = checked(document)
    except ValidationError as error:
        problems.found.update(error.message_dict)
    problems.check()
    assert holds_from is not None
    version.holds_from, version.reason = holds_from, reason
    version.made_by, version.made_at = by, now()
    version.save()
    return version


def check_start(problems: Problems, day: date | None) -> None:
    """Rules change between two half-years, never inside of one."""
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems.add("holds_from", _("Please give the day from which it holds."))
    elif (day.month, day.day) not in {(1, 1), (7, 1)}:
        problems.add("holds_from", _("A version holds from 1 January or from 1 July."))


# A new installation begins with one (manage.py setup_defaults).
EXTRA.append(("satisfaction_policies", ensure_policy))
