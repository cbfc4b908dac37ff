"""Freezing: the content is computed once, sealed with its hash, raises its actions, is copied.

Nothing of a frozen report is computed again. Whether later facts would give other figures is
told beside it (`changed`), and a restated version shows both.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, override

from accounts.enums import Role
from accounts.models import Department, Membership, User
from cases.domain.findings import open_finding
from cases.enums import Kind
from surveys.domain import ledger, policies
from surveys.domain.periods import Period, read as read_period
from surveys.domain.reports import build, content, facts, fields, live
from surveys.domain.reports.content import (
    NOTHING,
    Conclusion,
    Difference,
    Report,
    Restatement,
    Section,
    Words,
)
from surveys.domain.reports.words import both, period_words
from surveys.domain.reports.writing import check_fields, figures
from surveys.enums import ConclusionKind, ReportState
from surveys.models import AnalysisReport, ReportConclusion, ReportCopy
from workflows.domain import notices

TITLE = gettext_lazy("Customer satisfaction analysis report, %(period)s")
# The state of actions is that of the day; it moves on without making a report wrong.
OF_THE_DAY = frozenset({"improvements"})
COPIED = "report_copied"
QUALITY = (Role.QUALITY_ENGINEER, Role.QUALITY_MANAGER)


def freeze(report: AnalysisReport, *, by: User, at: datetime) -> None:
    """Compute, seal, raise, copy. Raises Conflict where a field names no figure any more."""
    period = read_period(report.period)
    ledger.reconcile(period, at=at, by=by)
    check_fields(report)
    raise_actions(report, by=by)
    whole = assembled(report, build.sections(period), at=at)
    report.content = content.to_json(whole)
    report.content_hash = content.digest(report.content)
    report.stamp = live.stamp(period)
    report.frozen_at = at
    copy_to_quality(report, at=at)


# ---------------------------------------------------------------------------- the object
def shown(report: AnalysisReport, *, at: datetime) -> Report:
    """The report as it reads now: live, or as it was frozen."""
    if report.content is not None:
        return content.read(report.content)
    return assembled(report, live.sections(read_period(report.period)), at=at)


def assembled(report: AnalysisReport, sections: tuple[Section, ...], *, at: datetime) -> Report:
    """Figures, narratives with their figures put in, conclusions, what is restated."""
    period, known = read_period(report.period), figures(sections)
    written = {one.key: one for one in report.sections.all()}
    told = tuple(
        replace(
            one,
            narrative=fields.resolved(written[one.key].text, known),
            important=written[one.key].important,
        )
        for one in sections
    )
    whole = Report(
        number=report.number,
        revision=report.revision,
        period=period.code,
        period_name=period_words(period),
        title=both(TITLE, period=period),
        company=company(),
        author=report.created_by.name,
        computed_at=timezone.localtime(at).isoformat(timespec="seconds"),
        policy=policy_of(period),
        sections=told,
        conclusions=tuple(map(concluded, conclusions(report))),
    )
    return replace(whole, restates=restatement(report, whole))


def company() -> Words:
    """The top of the department tree."""
    top = Department.objects.filter(parent=None).order_by("path").first()
    return Words(top.name, top.name_en or top.name) if top else NOTHING


def policy_of(period: Period) -> int | None:
    found = policies.in_force(period)
    return found.number if found else None


def conclusions(report: AnalysisReport) -> list[ReportConclusion]:
    return list(report.conclusions.select_related("department", "case"))


def concluded(one: ReportConclusion) -> Conclusion:
    department, case = one.department, one.case
    return Conclusion(
        key=one.key,
        text=one.text,
        kind=both(ConclusionKind(one.kind).label),
        owner=Words(department.name, department.name_en or department.name)
        if department
        else NOTHING,
        due=one.due.isoformat() if one.due else "",
        case=case.number if case else "",
        link=case.get_absolute_url() if case else "",
    )


def restatement(report: AnalysisReport, whole: Report) -> Restatement | None:
    old = report.restates
    if old is None or old.content is None:
        return None
    return Restatement(
        number=old.number,
        reason=report.restatement,
        digest=old.content_hash,
        differences=content.differences(content.read(old.content), whole),
    )


# ---------------------------------------------------------------------------- what follows
def raise_actions(report: AnalysisReport, *, by: User) -> None:
    """Improvements become cases of the same engine as complaints, each once: a restated report
    brings the cases of the first one along."""
    for one in conclusions(report):
        if one.kind == ConclusionKind.IMPROVEMENT and one.case_id is None:
            one.case = raised(report, one, by=by)
            one.save()


def raised(report: AnalysisReport, one: ReportConclusion, *, by: User) -> Any:
    with override(settings.LANGUAGE_CODE):
        lines = [
            one.text,
            _("Concluded in %(number)s") % {"number": report.number},
            _("Owner: %(department)s") % {"department": one.department or "–"},
            _("Due: %(due)s") % {"due": one.due or "–"},
        ]
    return open_finding(
        by=by,
        kind=Kind.IMPROVEMENT,
        title=" ".join(one.text.split())[:200],
        description="\n".join(lines),
        source=facts.SOURCE,
        external_ref=f"{report.period}:{one.key}",
        department=one.department,
    )


def copy_to_quality(report: AnalysisReport, *, at: datetime) -> None:
    """Everybody of the quality department gets a copy, and a line behind the bell."""
    held = Membership.objects.filter(
        role__in=QUALITY, until=None, user__is_active=True, department__is_active=True
    )
    people = sorted(set(held.values_list("user", flat=True)))
    ReportCopy.objects.bulk_create(
        ReportCopy(report=report, person_id=person, at=at) for person in people
    )
    about = notices.About.of(report)
    notices.tell(people, kind=COPIED, key=f"report:{report.pk}", about=about, at=at)


# ---------------------------------------------------------------------------- afterwards
def last_frozen(period: str) -> AnalysisReport | None:
    """The report that holds for a period."""
    frozen = AnalysisReport.objects.filter(period=period, state=ReportState.FROZEN)
    return frozen.order_by("-revision").first()


def changed(report: AnalysisReport) -> tuple[Difference, ...]:
    """Which figures of a frozen report would be others today; nothing is computed where nothing
    it was made of has changed."""
    period = read_period(report.period)
    if report.content is None or live.stamp(period) == report.stamp:
        return ()
    before = content.read(report.content)
    after = replace(before, sections=live.sections(period))
    return tuple(
        one
        for one in content.differences(before, after)
        if one.key.partition(".")[0] not in OF_THE_DAY
    )


def is_sealed(report: AnalysisReport) -> bool:
    return content.digest(report.content or {}) == report.content_hash


notices.WORDS[COPIED] = gettext_lazy("An approved analysis report, for your notice")
