"""What pages of the policy print: a version in tables, a what-if with its periods."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from surveys.domain import periods, policy as rules_of, what_if
from surveys.domain.periods import Period
from surveys.domain.policy import Policy
from surveys.domain.policy_document import figure
from surveys.domain.policy_story import covers, limits
from surveys.enums import DeductionRule, QuestionnaireKind
from workflows.domain.context import now
from workflows.errors import EngineError

HALVES = 5


def tables(document: Any) -> dict[str, Any]:
    """A version for `surveys/policy_tables.html`."""
    policy = rules_of.read(document)
    return {
        "points": [(level, figure(worth)) for level, worth in policy.points.items()],
        "sources": [
            {
                "key": one.key,
                "label": one.label,
                "weight": figure(one.weight),
                "kind": QuestionnaireKind(one.kind).label,
                "covers": covers(one),
            }
            for one in policy.sources
        ],
        "bands": bands(policy),
        "deductions": [
            (DeductionRule(one.rule).label, one.every, figure(one.points))
            for one in policy.deductions
        ],
        "limits": [(label, value) for _key, label, value in limits(policy)],
    }


def bands(policy: Policy) -> list[tuple[str, str]]:
    """(range, name): half-open, the best one up to 100."""
    found, above = [], ""
    for band in policy.bands:
        start = figure(band.start)
        top = "100" if start == "100" else f"{start} – 100"
        found.append((f"{start} – < {above}" if above else top, band.label))
        above = start
    return found


def asked(text: str) -> Period:
    """The period that an address names; the last one when it names none."""
    if not text:
        return what_if.last_period()
    try:
        return periods.read(text)
    except ValidationError:
        raise Http404 from None


def choices(chosen: Period) -> list[Period]:
    """Periods to try rules on: the last half-years, and the years they lie in."""
    half, found = periods.half_of(now()), {chosen}
    for _turn in range(HALVES):
        found |= {half, Period(half.year)}
        half = half.before
    return sorted(found, reverse=True)


def tried(document: Any, period: Period) -> dict[str, Any]:
    """For `surveys/policy_what_if_panel.html`: the what-if, or why there is none."""
    shown: dict[str, Any] = {"period": period, "periods": choices(period)}
    try:
        return {**shown, "found": what_if.what_if(document, period)}
    except EngineError as error:
        return {**shown, "refusal": error.message}
