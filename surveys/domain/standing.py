"""Which cases count against the index, and under which heading (shared/DOMAIN.md 5).

Which cases are substantiated says cases/domain/counting.py. Each counts under one heading, the
heavier one.
"""

from typing import Any

from django.db.models import Case as Choice, CharField, Q, QuerySet, Value, When

from cases.domain.counting import counts
from cases.enums import Kind, Severity
from cases.models import Case
from surveys.domain.periods import Period
from surveys.enums import DeductionRule


def heading(prefix: str = "") -> Choice:
    """The rule under which a case counts, if it counts."""
    flagged = Q(**{f"{prefix}legal_liability": True}) | Q(**{f"{prefix}media_exposed": True})
    major = Q(**{f"{prefix}severity": Severity.MAJOR}) | Q(**{f"{prefix}kind": Kind.INCIDENT})
    return Choice(
        When(flagged, then=Value(DeductionRule.FLAGGED.value)),
        When(major, then=Value(DeductionRule.MAJOR.value)),
        default=Value(DeductionRule.GENERAL.value),
        output_field=CharField(),
    )


def within(period: Period, prefix: str = "") -> Q:
    """The condition that a case was received in the period, by the company's calendar."""
    field = f"{prefix}received_at"
    return Q(**{f"{field}__gte": period.starts_at, f"{field}__lt": period.ends_at})


def substantiated(period: Period) -> QuerySet[Any]:
    """The cases that count for a period, each with its `rule`."""
    return Case.objects.filter(within(period), counts()).annotate(rule=heading())
