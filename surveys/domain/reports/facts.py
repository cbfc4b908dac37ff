"""Everything a report is made of, read once: a constant number of statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet

from cases.enums import FINDINGS, ActionState, CaseState, Kind
from cases.models import Case
from surveys.domain import index, proposals
from surveys.domain.evidence import answers_of, campaigns_of
from surveys.domain.periods import Period, read as read_period
from surveys.domain.reports.compare import Asking, asking
from surveys.domain.reports.product_types import Parts, by_type
from surveys.domain.stamps import rows_of
from surveys.domain.standing import within
from surveys.enums import FindingState
from surveys.models import Finding, Response
from workflows.errors import NotFound

Result = dict[str, Any]
# Improvement cases that a report raised, beside those of the index.
SOURCE = "report"
# What never came in: typed twice, or taken back.
VOID = (CaseState.WITHDRAWN, CaseState.MERGED, CaseState.CONVERTED)
Text = tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """`before` is None where the period before has no policy, so nothing to compare with."""

    period: Period
    now: Result
    before: Result | None
    asking: Asking
    types: Parts
    earlier_types: Parts

    @property
    def other(self) -> Period:
        return self.period.before

    def earlier(self, source: str) -> Result:
        """The same source in the period before; empty where there was none."""
        sources = self.before["sources"] if self.before else []
        return next((one for one in sources if one["key"] == source), {})


def gather(period: Period) -> Facts:
    """Raises NotFound where no policy holds."""
    try:
        before = index.current(period.before).result
    except NotFound:
        before = None
    return Facts(
        period=period,
        now=index.current(period).result,
        before=before,
        asking=asking(period, period.before),
        types=by_type(period),
        earlier_types=by_type(period.before) if before else {},
    )


# ---------------------------------------------------------------------------- cases
def received(period: Period) -> QuerySet[Any]:
    """What came in from outside in a period, whatever became of it but nothing."""
    return Case.objects.filter(within(period)).exclude(kind__in=FINDINGS).exclude(state__in=VOID)


def counted(period: Period, *columns: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Cases by these columns in the period and in the one before it: one statement."""
    mine, other = within(period), within(period.before)
    rows = (
        Case.objects.filter(mine | other)
        .exclude(kind__in=FINDINGS)
        .exclude(state__in=VOID)
        .order_by()
        .values(*columns)
        .annotate(here=Count("pk", filter=mine), there=Count("pk", filter=other))
        .values_list(*columns, "here", "there")
    )
    return {tuple(key): (here, there) for *key, here, there in rows}


def texts_of_cases(period: Period, kinds: tuple[Kind, ...]) -> list[Text]:
    """(number, title and description) of cases of these kinds: one statement."""
    rows = received(period).filter(kind__in=kinds).order_by("received_at", "pk")
    return [
        (number, f"{title}\n{description}")
        for number, title, description in rows.values_list(
            "number", "title", "description"
        ).iterator(2000)
    ]


def texts_of_answers(period: Period) -> list[Text]:
    """(external id, what was written) of the valid forms: two statements."""
    campaigns = list(campaigns_of(period).values_list("pk", flat=True))
    rows = answers_of(campaigns).filter(invalidated_by=None).exclude(texts={}).order_by("pk")
    return [
        (external_id, "\n".join(str(text) for _key, text in sorted(texts.items()) if text))
        for external_id, texts in rows.values_list("external_id", "texts").iterator(5000)
    ]


# ---------------------------------------------------------------------------- beside the scores
def findings(period: Period) -> list[Finding]:
    """Integrity findings of the campaigns that count for a period: one statement."""
    rows = Finding.objects.filter(campaign__in=campaigns_of(period)).exclude(state=FindingState.NEW)
    taken = Response.objects.filter(invalidated_by=OuterRef("pk"))
    return list(
        rows.select_related("campaign", "case")
        .annotate(forms=Count("flagged"), out=rows_of(taken, "invalidated_by"))
        .order_by("pk")
    )


def improvements(period: Period) -> Iterator[Case]:
    """Improvement cases that earlier periods called for and that were open in this one: one
    statement. Their reference begins with the code of their period."""
    rows = (
        Case.objects.filter(kind=Kind.IMPROVEMENT, source__in=(proposals.SOURCE, SOURCE))
        .filter(Q(closed_at=None) | Q(closed_at__gte=period.starts_at))
        .select_related("department")
        .annotate(
            ordered=Count("actions"),
            done=Count("actions", filter=Q(actions__state=ActionState.CLOSED)),
        )
        .order_by("external_ref", "pk")
    )
    for case in rows:
        if read_period(case.external_ref.partition(":")[0]).first_day < period.first_day:
            yield case
