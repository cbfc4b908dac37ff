"""The way of a report through management: remarked at, approved, frozen; restated later."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import Problems
from surveys import permissions
from surveys.domain.reports import fields, freezing
from surveys.domain.reports.writing import begin, figures_of, section_of
from surveys.models import AnalysisReport, ReportConclusion, SectionRemark
from surveys.rules import others_sign
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden

LONGEST = 500


@command()
def remark(
    report: AnalysisReport, *, by: User, at: datetime, section: str, paragraph: int, text: str
) -> None:
    """A remark at a paragraph; it keeps the paragraph as it reads now."""
    problems = Problems()
    said = problems.text("text", text, most=2000, needed=True)
    problems.check()
    found = section_of(report, section)
    written = fields.resolved(found.text, figures_of(report))
    quote = written[paragraph].zh if 0 <= paragraph < len(written) else ""
    SectionRemark.objects.create(
        section=found, paragraph=max(paragraph, 0), quote=quote, text=said, by=by, at=at
    )


@command(others_sign)
def approve(report: AnalysisReport, *, by: User, at: datetime) -> None:
    """The management representative has reviewed it; without anything important it is frozen."""
    report.reviewed_by = by
    if not report.is_important:
        freezing.freeze(report, by=by, at=at)


@command(others_sign)
def release(report: AnalysisReport, *, by: User, at: datetime) -> None:
    """The general manager approves it, and it is frozen."""
    report.released_by = by
    freezing.freeze(report, by=by, at=at)


def restate(*, report: AnalysisReport, by: User, reason: str) -> AnalysisReport:
    """A further version beside a frozen one, since facts have changed: it begins with the words
    of the old one and goes the same way. Raises Forbidden, ValidationError, Conflict."""
    if not permissions.may_draft_report(by):
        raise Forbidden(_("The analysis report is drawn up by the marketing centre."))
    problems = Problems()
    why = problems.text("reason", reason, most=LONGEST, needed=True)
    problems.check()
    if not report.is_frozen or freezing.last_frozen(report.period) != report:
        raise Conflict(_("Only the approved report that holds is restated."))
    if not freezing.changed(report):
        raise Conflict(_("Nothing has changed since this report was approved."))
    again = AnalysisReport(
        period=report.period,
        revision=report.revision + 1,
        restates=report,
        restatement=why,
        created_by=by,
    )
    rows = list(report.sections.all())
    with business_transaction():
        begin(
            again,
            "restate",
            texts={one.key: one.text for one in rows},
            important=frozenset(one.key for one in rows if one.important),
        )
        ReportConclusion.objects.bulk_create(
            ReportConclusion(
                report=again, key=one.key, text=one.text, kind=one.kind,
                department=one.department, due=one.due, case=one.case,
            )
            for one in report.conclusions.all()
        )  # fmt: skip
    return again


def take_note(*, report: AnalysisReport, by: User) -> None:
    """Quality has read its copy."""
    report.copies.filter(person=by, noted_at=None).update(noted_at=now())


def copy_of(report: AnalysisReport, by: User) -> Any:
    return report.copies.filter(person=by).first()
