"""Which cases count against the index, and under which heading (shared/DOMAIN.md 5).

Substantiated are complaints that were triaged and incidents that were investigated at least
once, and that are neither rejected, withdrawn, merged nor converted. A case that was reopened,
handed back by the department, raised or lowered is in triage or investigation a second time: it
has a responsible department, which accepting it or a ruling named and nothing takes back (the
record would say the same, at a look into it for each case), so it keeps counting.
Each counts under one heading, the heavier one.
"""

from typing import Any

from django.db.models import Case as Choice, CharField, Q, QuerySet, Value, When

from cases.enums import PROCESSED, CaseState as S, Kind, Severity
from cases.models import Case
from surveys.domain.periods import Period
from surveys.enums import DeductionRule

ENTRANCE = frozenset({S.TRIAGE, S.INVESTIGATION})
NOT_TRIAGED = ENTRANCE | {S.NEW, S.ACKNOWLEDGEMENT, S.RAISED}
OUT = frozenset({S.REJECTED, S.WITHDRAWN, S.MERGED, S.CONVERTED})
COUNTING = frozenset(S) - NOT_TRIAGED - OUT - {S.ANSWERING, S.ANSWERED}


def counts(prefix: str = "") -> Q:
    """The condition that a case counts; `prefix` leads to the case."""
    again = Q(**{f"{prefix}state__in": sorted(ENTRANCE), f"{prefix}department__isnull": False})
    return Q(**{f"{prefix}kind__in": sorted(PROCESSED)}) & (
        Q(**{f"{prefix}state__in": sorted(COUNTING)}) | again
    )


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
