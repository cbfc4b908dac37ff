"""Reports as they are read: the list, one with all that its page prints."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet

from surveys.domain.reports.word_diff import Stretch, diff
from surveys.enums import ReportState as S
from surveys.models import AnalysisReport, ReportSection, SectionRemark, SectionVersion
from workflows.models import Transition

MOST_DEEDS = 60
VIEWS: dict[str, tuple[str, ...]] = {
    "current": (S.DRAFT, S.REVIEW, S.APPROVAL, S.FROZEN),
    "way": (S.DRAFT, S.REVIEW, S.APPROVAL),
    "frozen": (S.FROZEN,),
    "dropped": (S.DROPPED,),
}


def found(view: str) -> QuerySet[AnalysisReport]:
    rows = AnalysisReport.objects.filter(state__in=VIEWS[view]).defer("content")
    return rows.select_related("created_by", "restates")


def by_number(number: str) -> AnalysisReport | None:
    names = ("created_by", "reviewed_by", "released_by", "restates")
    return AnalysisReport.objects.filter(number=number).select_related(*names).first()


def later(report: AnalysisReport) -> AnalysisReport | None:
    """The version that restates it, on its way or frozen."""
    rows = AnalysisReport.objects.filter(restates=report).exclude(state=S.DROPPED)
    return rows.defer("content").order_by("-revision").first()


def remarks(report: AnalysisReport) -> dict[str, list[SectionRemark]]:
    """By the key of their section: one statement."""
    rows: dict[str, list[SectionRemark]] = defaultdict(list)
    asked = SectionRemark.objects.filter(section__report=report)
    for one in asked.select_related("section", "by", "answered_by").order_by("pk"):
        rows[one.section.key].append(one)
    return rows


def changes(report: AnalysisReport, sections: list[ReportSection]) -> dict[str, list[Stretch]]:
    """What the last submission changed against the one before; for a draft that came back, what
    was changed since it was sent. By section, only where something changed: one statement."""
    if report.turn == 0 or report.is_frozen:
        return {}
    draft = report.state == S.DRAFT
    turns = (report.turn,) if draft else (report.turn - 1, report.turn)
    kept: dict[tuple[int, int], str] = {
        (one.section_id, one.turn): one.text
        for one in SectionVersion.objects.filter(section__report=report, turn__in=turns)
    }
    told = {}
    for one in sections:
        before = kept.get((one.pk, turns[0]))
        after = one.text if draft else kept.get((one.pk, report.turn), "")
        if before is not None and before != after:
            told[one.key] = diff(before, after)
    return told


def deeds(report: AnalysisReport) -> list[Any]:
    """What people did with it, the latest first: one statement."""
    rows = Transition.objects.filter(subject_kind=report.SUBJECT_KIND, subject_id=report.pk)
    return list(rows.select_related("by", "on_behalf_of").order_by("-pk")[:MOST_DEEDS])
