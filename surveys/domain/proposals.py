"""Low scores become improvement proposals: cases on the same engine as complaints.

One for each sub-item of a source and period, however often it is asked for. They are raised by
whoever asks for them, and in the name of whoever signs the index of the period.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _, override

from accounts.models import User
from cases.domain.findings import open_finding
from cases.enums import Kind
from cases.models import Case
from surveys.domain import index, periods, policy as rules_of
from surveys.domain.periods import Period
from surveys.domain.policy import Named, Policy
from surveys.models import SignedIndex
from workflows.domain.context import now
from workflows.domain.scheduler import chore
from workflows.domain.transitions import business_transaction

SOURCE = "satisfaction"
# An index that was signed longer ago has had its proposals.
LATEST = timedelta(days=30)


@dataclass(frozen=True)
class Low(Named):
    """A sub-item whose score is too low, with the line of the index it stands in."""

    period: str
    source: str
    source_name: Named
    item: Named
    key: str
    score: Decimal
    n: int
    interval: tuple[str, ...]

    @property
    def external_ref(self) -> str:
        return f"{self.period}:{self.source}:{self.key}"


def low_scores(result: dict[str, Any], policy: Policy) -> list[Low]:
    """The sub-items below the policy's limit, with enough answers to say so, the lowest first."""
    found = (
        low
        for source in result["sources"]
        for item in source["items"]
        for low in of_item(result["period"], source, item)
        if low.n >= policy.minimum_n and low.score < policy.low_score
    )
    return sorted(found, key=lambda low: (low.score, low.external_ref))


def of_item(period: str, source: dict[str, Any], item: dict[str, Any]) -> Iterator[Low]:
    for sub in item["subitems"]:
        if sub["score"] is not None:
            yield Low(
                name=sub["name"],
                name_en=sub.get("name_en", ""),
                period=period,
                source=source["key"],
                source_name=named(source),
                item=named(item),
                key=sub["key"],
                score=Decimal(sub["score"]),
                n=sub["n"],
                interval=tuple(sub.get("interval") or ()),
            )


def named(line: dict[str, Any]) -> Named:
    return Named(line["name"], line.get("name_en", ""))


def proposed(lows: list[Low]) -> dict[str, Case]:
    """The cases that were raised already, by their external reference."""
    wanted = [low.external_ref for low in lows]
    found = Case.objects.filter(source=SOURCE, external_ref__in=wanted)
    return {case.external_ref: case for case in found}


def propose_improvements(period: Period, *, by: User) -> list[Case]:
    """Raise what the index of a period, as it stands, calls for; returns the new cases.

    Raises Forbidden, and NotFound where no policy holds.
    """
    kept = index.current(period)
    return propose(kept.result, rules_of.read(kept.policy.document), by=by)


def propose(result: dict[str, Any], policy: Policy, *, by: User) -> list[Case]:
    """All of them or none: one transaction."""
    lows = low_scores(result, policy)
    with business_transaction():
        there = proposed(lows)
        fresh = [low for low in lows if low.external_ref not in there]
        return [raised(low, policy, by=by) for low in fresh]


def raised(low: Low, policy: Policy, *, by: User) -> Case:
    with override(settings.LANGUAGE_CODE):
        period = periods.read(low.period).label
        facts = {
            "period": period,
            "source": low.source_name.label,
            "item": low.item.label,
            "name": low.label,
            "score": low.score,
            "limit": policy.low_score,
            "n": low.n,
        }
        lines = [
            _("%(period)s, %(source)s, %(item)s: %(name)s") % facts,
            _("Score %(score)s from %(n)s answers; below %(limit)s calls for improvement.") % facts,
        ]
        if low.interval:
            lines.append(_("95 %% interval: %(ends)s") % {"ends": " – ".join(low.interval)})
        title = _("Low score: %(name)s %(score)s (%(source)s, %(period)s)") % facts
    return open_finding(
        by=by,
        kind=Kind.IMPROVEMENT,
        title=title[:200],
        description="\n".join(lines),
        source=SOURCE,
        external_ref=low.external_ref,
    )


@chore("proposals", every=timedelta(minutes=30))
def propose_signed() -> int:
    """What a signed index calls for is raised in the name of whoever signed it."""
    recent = SignedIndex.objects.filter(signed_at__gt=now() - LATEST)
    return sum(
        len(propose(signed.result, rules_of.read(signed.policy.document), by=signed.signed_by))
        for signed in recent.select_related("policy", "signed_by").order_by("pk")
    )
