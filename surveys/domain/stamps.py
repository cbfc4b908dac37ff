"""A fingerprint of everything an index is computed from, told from few rows of indexes.

Forms are only ever added, but the one with the lower key may be the later to commit: of those of
the end all keys are counted. An import, which may take longer than that end lasts, is told by its
batch. Forms taken out are counted. What happens to the frame (sent, left out, unreachable) stands
in the record of the campaign, one row for each act, so the frame itself need not be looked at.
"""

import hashlib
import json
from typing import Any

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from surveys.domain.evidence import campaigns_of
from surveys.domain.periods import Period
from surveys.domain.standing import substantiated
from surveys.models import Campaign, DeductionEntry, ImportBatch, Response
from workflows.models import Transition

# How many forms may be stored while one is being stored.
END = 5000


def stamp(period: Period, policy: int, *, since: int | None = None) -> str:
    """“key:hash”: the last form's key when the stamp was made, and the fingerprint.

    Whether a stored stamp still holds is asked with its own key as `since`. Four statements.
    """
    campaigns = list(campaign_marks(period))
    answers = Response.objects.filter(campaign__in=[row[0] for row in campaigns])
    if since is None:
        since = answers.aggregate(last=Max("pk"))["last"] or 0
    inputs = [
        policy,
        campaigns,
        answers.filter(pk__gt=since - END).count(),
        list(case_marks(period)),
        DeductionEntry.objects.filter(period=period.code).count(),
    ]
    return f"{since}:{hashlib.sha256(json.dumps(inputs, default=str).encode()).hexdigest()}"


def last_answer(kept: str) -> int | None:
    """The key in a stored stamp."""
    found = kept.partition(":")[0]
    return int(found) if found.isdecimal() else None


def campaign_marks(period: Period) -> Any:
    """What of each campaign enters the index, and how often something was done to it."""
    record = Transition.objects.filter(root_kind=Campaign.SUBJECT_KIND, root_id=OuterRef("pk"))
    return (
        campaigns_of(period)
        .order_by("pk")
        .values_list(
            "pk", "version", "title", "source", "starts_at", "ends_at", "declared_sent",
            rows_of(ImportBatch.objects.filter(campaign=OuterRef("pk")), "campaign"),
            rows_of(
                Response.objects.filter(campaign=OuterRef("pk"), invalidated_by__isnull=False),
                "campaign",
            ),
            rows_of(record, "root_id"),
        )
    )  # fmt: skip


def rows_of(rows: QuerySet[Any, Any], key: str) -> Any:
    """How many rows hang on the row of the outer query by this key."""
    counted = rows.order_by().values(key).annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def case_marks(period: Period) -> Any:
    """How many cases count under each rule, and that they are the same ones."""
    return (
        substantiated(period)
        .values("rule")
        .order_by("rule")
        .annotate(count=Count("pk"), sum=Sum("pk"))
        .values_list("rule", "count", "sum")
    )
