"""Reports of the running half-year, walked by the real commands."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from surveys.domain import policies
from surveys.domain.reports import path, writing
from surveys.models import AnalysisReport
from tests.factories import do
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import GOLDEN, LOOK, PERIOD, put, send
from workflows.domain.transitions import intervene


def data(c: SimpleNamespace) -> None:
    """Policy, and a period in which everybody who was asked has answered."""
    policies.ensure_policy()
    c.form = questionnaire(c, document=LOOK)
    c.campaigns = {source: put(c, source, levels) for source, levels in GOLDEN.items()}
    for source, campaign in c.campaigns.items():
        send(campaign, len(GOLDEN[source]))


def drawn_up(c: SimpleNamespace) -> AnalysisReport:
    return writing.draw_up(by=c.marketer, period=PERIOD)


def act(report: AnalysisReport, name: str, by: Any, **given: Any) -> AnalysisReport:
    intervene(report, name, by=by, **given)
    return again(report)


def write(report: AnalysisReport, by: Any, text: str, **changes: Any) -> AnalysisReport:
    given = {"section": "summary", "text": text, "important": False, **changes}
    return act(report, "write", by, **given)


def conclude(c: SimpleNamespace, report: AnalysisReport, **changes: Any) -> AnalysisReport:
    given = {
        "text": "缩短交付时间",
        "kind": "improvement",
        "department": c.workshop,
        "due": timezone.localdate() + timedelta(days=60),
    }
    return act(report, "conclude", c.marketer, **{**given, **changes})


def take(report: AnalysisReport, outcome: str, by: Any, **given: Any) -> AnalysisReport:
    do(report, outcome, by, **given)
    return again(report)


def submitted(c: SimpleNamespace, *, important: bool = False) -> AnalysisReport:
    report = write(drawn_up(c), c.marketer, "指数 {{index.index.points}} 分。", important=important)
    return take(report, "submit", c.marketer)


def frozen(c: SimpleNamespace) -> AnalysisReport:
    report = conclude(c, drawn_up(c))
    report = take(
        write(report, c.marketer, "指数 {{index.index.points}} 分。"), "submit", c.marketer
    )
    return take(report, "approve", c.representative)


def restated(c: SimpleNamespace, report: AnalysisReport) -> AnalysisReport:
    return path.restate(report=report, by=c.marketer, reason="补录一份答卷")


def again(report: AnalysisReport) -> AnalysisReport:
    return AnalysisReport.objects.get(pk=report.pk)
