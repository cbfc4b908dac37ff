"""The index as management signed it: frozen with a hash, restated beside, never changed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import Problems
from surveys import permissions
from surveys.domain import index, ledger
from surveys.domain.index import Result
from surveys.domain.periods import Period
from surveys.models import PeriodIndex, PeriodLedger, SignedIndex
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden

LONGEST = 500


@dataclass(frozen=True)
class Difference:
    """A figure that is another now; `path` is like "sources.sales_survey.score"."""

    path: str
    signed: Any
    current: Any


def sign(*, period: Period, by: User, reason: str = "") -> SignedIndex:
    """The first signed version of a period.

    A reason is needed to use a result that is provisional or not representative. Raises
    Forbidden, ValidationError, Conflict (already signed: restate it), NotFound (no policy).
    """
    check_may(by)
    with business_transaction():
        found = fresh(period, by)
        if last(period) is not None:
            raise Conflict(_("This period is signed already; a change makes a restated version."))
        written = check_reason(reason, needed=needs_reason(found.result))
        return store(period, found, by=by, reason=written, restates=None)


def restate(*, period: Period, by: User, reason: str) -> SignedIndex:
    """A further signed version, where later facts changed what was signed before."""
    check_may(by)
    written = check_reason(reason, needed=True)
    with business_transaction():
        found, before = fresh(period, by), last(period)
        if before is None:
            raise Conflict(_("This period has not been signed yet."))
        if not differences(before.result, found.result):
            raise Conflict(_("Nothing has changed since this period was signed."))
        return store(period, found, by=by, reason=written, restates=before)


def last(period: Period) -> SignedIndex | None:
    """The signed version that holds."""
    return SignedIndex.objects.filter(period=period.code).order_by("-number").first()


def needs_reason(result: Result) -> bool:
    """Whether the result may be used with a reason only (shared/DOMAIN.md 5)."""
    used = (source for source in result["sources"] if source["key"] not in result["missing"])
    return bool(result["missing"]) or not all(source["representative"] for source in used)


# ---------------------------------------------------------------------------- parts
def check_may(by: User) -> None:
    if not permissions.may_sign(by):
        raise Forbidden(_("The index is signed by management."))


def check_reason(reason: str, *, needed: bool) -> str:
    problems = Problems()
    written = problems.text("reason", reason, most=LONGEST, needed=needed)
    problems.check()
    return written


def fresh(period: Period, by: User) -> PeriodIndex:
    """The index of this moment, with the ledger settled and its row locked: whoever signs at
    the same time waits here."""
    ledger.reconcile(period, at=now(), by=by)
    PeriodLedger.objects.select_for_update().filter(period=period.code).first()
    return index.current(period)


def store(
    period: Period, found: PeriodIndex, *, by: User, reason: str, restates: SignedIndex | None
) -> SignedIndex:
    return SignedIndex.objects.create(
        period=period.code,
        number=restates.number + 1 if restates else 1,
        policy_id=found.policy_id,
        result=found.result,
        digest=digest(found.result),
        reason=reason,
        restates=restates,
        signed_by=by,
        signed_at=now(),
    )


def digest(result: Result) -> str:
    """SHA-256 of the result as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(result, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_unaltered(signed: SignedIndex) -> bool:
    return digest(signed.result) == signed.digest


# ---------------------------------------------------------------------------- differences
def differences(signed: Result, current: Result) -> list[Difference]:
    """What is another now, figure by figure, in the order of the signed result."""
    return list(compared("", signed, current))


def compared(path: str, before: Any, now_: Any) -> Iterator[Difference]:
    before, now_ = keyed(before), keyed(now_)
    # An empty list has no keys to tell by; beside lines it is no lines.
    if isinstance(before or now_, dict) and before is not None and now_ is not None:
        before, now_ = before or {}, now_ or {}
    if isinstance(before, dict) and isinstance(now_, dict):
        for key in [*before, *(key for key in now_ if key not in before)]:
            inner = f"{path}.{key}" if path else str(key)
            yield from compared(inner, before.get(key), now_.get(key))
    elif before != now_:
        yield Difference(path, before, now_)


def keyed(value: Any) -> Any:
    """Lists of lines are compared by the key of each line, not by its place."""
    rows = value if isinstance(value, list) and value else []
    for name in ("key", "rule", "id"):
        if rows and all(isinstance(row, dict) and name in row for row in rows):
            return {row[name]: row for row in rows}
    return value
