"""The sections of a period as they stand: computed anew when something they rest on changed."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from cases.enums import Kind
from cases.models import Case, CorrectiveAction
from surveys.domain import index, proposals
from surveys.domain.evidence import campaigns_of
from surveys.domain.periods import Period
from surveys.domain.reports import build, content, facts
from surveys.domain.reports.content import Section
from surveys.domain.standing import within
from surveys.models import (
    DeliveredQuality,
    Finding,
    InputChange,
    LostBusinessPolicy,
    PeriodSections,
    PressItem,
    ReturnedGoods,
    SalesVolume,
    SignedIndex,
)
from workflows.domain.context import now
from workflows.errors import NotFound

INPUTS = (PressItem, ReturnedGoods, DeliveredQuality, SalesVolume)


def sections(period: Period) -> tuple[Section, ...]:
    """Raises NotFound where no policy holds."""
    mark = stamp(period)
    kept = PeriodSections.objects.filter(period=period.code).first()
    if kept is not None and kept.stamp == mark:
        return tuple(map(content.section_of, kept.sections))
    made = build.sections(period)
    with transaction.atomic():
        PeriodSections.objects.update_or_create(
            period=period.code,
            defaults={
                "stamp": mark,
                "sections": [content.plain(one) for one in made],
                "computed_at": now(),
            },
        )
    return made


def stamp(period: Period) -> str:
    """A fingerprint of everything the sections are made of. A constant number of statements."""
    parts = [
        content.SCHEMA,
        index_mark(period),
        index_mark(period.before),
        sums(Case.objects.filter(within(period) | within(period.before))),
        sums(Finding.objects.filter(campaign__in=campaigns_of(period))),
        sums(raised()),
        sums(CorrectiveAction.objects.filter(case__in=raised())),
        SignedIndex.objects.filter(period=period.code).count(),
        *(rows_and_last(model) for model in (*INPUTS, InputChange, LostBusinessPolicy)),
        *(model.objects.standing().count() for model in INPUTS),
    ]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def index_mark(period: Period) -> str:
    """The stamp of the index, which is computed anew where it no longer holds."""
    try:
        found = index.current(period)
    except NotFound:
        return ""
    return f"{found.policy_id}:{found.stamp}"


def raised() -> Any:
    sources = (proposals.SOURCE, facts.SOURCE)
    return Case.objects.filter(kind=Kind.IMPROVEMENT, source__in=sources)


def rows_and_last(model: Any) -> tuple[int, int]:
    """Rows of other inputs are only added; a correction is a row of its own."""
    found = model._default_manager.aggregate(count=Count("pk"), last=Max("pk"))
    return found["count"], found["last"] or 0


def sums(rows: Any) -> tuple[int, int]:
    """Every deed raises a version: how many rows there are, and all their versions together."""
    found = rows.order_by().aggregate(count=Count("pk"), versions=Sum("version"))
    return found["count"], found["versions"] or 0
