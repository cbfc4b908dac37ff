"""What is taken off the index: the standing entries of the ledger, rule by rule.

`count` is every case under the rule; those that wait for the next full entry (the 31st to the
37th general complaint) have cost nothing yet and are named as waiting.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from surveys.domain import ledger, standing
from surveys.domain.periods import Period
from surveys.domain.policy import Deduction, Policy
from surveys.models import DeductedCase, DeductionEntry


@dataclass
class Line:
    """One rule of the policy; `entries` as in the ledger, cases by number."""

    rule: str
    every: int
    each: Decimal
    points: Decimal = Decimal(0)
    entries: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    @property
    def cases(self) -> list[str]:
        return [number for entry in self.entries for number in entry["cases"]] + self.waiting


def lines(period: Period, policy: Policy) -> list[Line]:
    """What the ledger says: a line for each rule of the policy, and for each other one that an
    entry names. Three statements."""
    found = {one.rule: empty(one) for one in policy.deductions}
    for entry in entries(period):
        line = found.setdefault(entry.rule, Line(entry.rule, 0, entry.points))
        line.points += entry.points
        line.entries.append(described(entry))
    for rule, numbers in waiting(period).items():
        if rule in found:
            found[rule].waiting = numbers
    return list(found.values())


def supposed(period: Period, policy: Policy, *, more: Iterable[str] = ()) -> list[Line]:
    """What these rules would deduct for the cases of a period, and for one case more of each
    rule in `more`: for asking "what if". One statement."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for rule, number in cases_of(standing.substantiated(period)):
        numbers[rule].append(number)
    for rule in more:
        numbers[rule].append("+1")
    found = []
    for one in policy.deductions:
        line = empty(one)
        line.waiting = numbers[one.rule]
        line.points = len(line.waiting) // one.every * one.points
        found.append(line)
    return found


def empty(one: Deduction) -> Line:
    return Line(one.rule, one.every, one.points)


def entries(period: Period) -> QuerySet[DeductionEntry]:
    return (
        ledger.active(period)
        .select_related("policy")
        .prefetch_related("cases__case")
        .order_by("pk")
    )


def described(entry: DeductionEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "points": entry.points,
        "policy_version": entry.policy.number,
        "at": entry.at.isoformat(),
        "cases": [one.case.number for one in sorted(entry.cases.all(), key=lambda one: one.pk)],
    }


def waiting(period: Period) -> dict[str, list[str]]:
    """Numbers of the cases that count but stand in no entry, by rule, oldest first."""
    entered = DeductedCase.objects.filter(period=period.code, case=OuterRef("pk"), counted=True)
    found: dict[str, list[str]] = defaultdict(list)
    for rule, number in cases_of(standing.substantiated(period).filter(~Exists(entered))):
        found[rule].append(number)
    return found


def cases_of(cases: QuerySet[Any]) -> Iterable[tuple[str, str]]:
    """Rule and number of each, oldest first."""
    return cases.order_by("received_at", "pk").values_list("rule", "number")
