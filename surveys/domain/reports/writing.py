"""A report as the marketing centre works on it: drawn up, written, concluded, sent on."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _, override

from accounts.models import Department, User
from cases.validators import LONG, Problems
from surveys import permissions
from surveys.domain import index
from surveys.domain.periods import Period, read as read_period
from surveys.domain.reports import build, fields, live
from surveys.domain.reports.content import Cell, Section
from surveys.enums import REPORT_PREFIX, ConclusionKind, ReportState
from surveys.models import (
    AnalysisReport,
    ReportConclusion,
    ReportSection,
    SectionRemark,
    SectionVersion,
)
from surveys.rules import remarks_answered
from workflows.domain import processes
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden

MOST_CONCLUSIONS = 40


def draw_up(*, by: User, period: Period) -> AnalysisReport:
    """The first report of a period, with a sentence to begin with.

    Raises Forbidden, ValidationError, NotFound (no policy holds), Conflict (there is one already).
    """
    if not permissions.may_draft_report(by):
        raise Forbidden(_("The analysis report is drawn up by the marketing centre."))
    if period.starts_at > now():
        raise ValidationError({"period": _("This period has not begun yet.")})
    index.in_force(period)
    if AnalysisReport.objects.filter(period=period.code, state=ReportState.FROZEN).exists():
        raise Conflict(_("This period has an approved report; later facts make a restated one."))
    report = AnalysisReport(period=period.code, created_by=by)
    with override(settings.LANGUAGE_CODE):
        first = {"summary": beginning()}
    return begin(report, "draw_up", texts=first)


def beginning() -> str:
    """What nearly every report says first."""
    return _(
        "The satisfaction index is {{index.index.points}} (%(band)s), {{index.index.change}} "
        "against the period before."
    ) % {"band": "{{index.band.score}}"}


def begin(
    report: AnalysisReport,
    act: str,
    *,
    texts: dict[str, str],
    important: frozenset[str] = frozenset(),
) -> AnalysisReport:
    """Number the report, start its process, lay out its sections: one transaction."""
    report.created_at = now()
    year = timezone.localtime(report.created_at).year
    try:
        with business_transaction():
            report.number = next_number(REPORT_PREFIX, year=year, digits=4)
            deed = Deed(report.created_by, act, reason=report.restatement)
            processes.begin(report.flow_key, "start", report, deed)
            ReportSection.objects.bulk_create(
                ReportSection(
                    report=report,
                    position=position,
                    key=key,
                    text=texts.get(key, ""),
                    important=key in important,
                )
                for position, key in enumerate(build.KEYS)
            )
    except IntegrityError as error:
        raise Conflict(_("A report of this period is being worked on already.")) from error
    return report


# ---------------------------------------------------------------------------- acts of the author
@command()
def write(
    report: AnalysisReport,
    *,
    by: User,
    at: datetime,
    section: str,
    important: bool = False,
    text: str = "",
) -> None:
    """Write the narrative of one section; a field that names no figure is refused."""
    problems = Problems()
    found = section_of(report, section)
    found.text = problems.text("text", text, most=LONG)
    for key in fields.unknown(found.text, figures_of(report)):
        problems.add("text", _("There is no figure “%(key)s”.") % {"key": key[:80]})
    problems.check()
    found.important = important
    found.save()


@command()
def conclude(
    report: AnalysisReport,
    *,
    by: User,
    at: datetime,
    text: str,
    kind: str,
    department: Department | None = None,
    due: date | None = None,
) -> None:
    """Add a conclusion; an improvement names who owns it and until when."""
    problems = Problems()
    said = problems.text("text", text, most=LONG, needed=True)
    if kind not in ConclusionKind.values:
        problems.add("kind", _("There is no such kind."))
    if kind == ConclusionKind.IMPROVEMENT:
        if department is None:
            problems.add("department", _("Please name the department that owns it."))
        if due is None:
            problems.add("due", _("Please say until when."))
        elif due < timezone.localdate(at):
            problems.add("due", _("This day is over."))
    if report.conclusions.count() >= MOST_CONCLUSIONS:
        problems.add("text", _("There are too many conclusions already."))
    problems.check()
    key = get_random_string(12)
    ReportConclusion.objects.create(
        report=report, key=key, text=said, kind=kind, department=department, due=due
    )


@command()
def drop_conclusion(report: AnalysisReport, *, by: User, at: datetime, conclusion: str) -> None:
    """Take a conclusion out; one that has raised its case stays."""
    found = report.conclusions.filter(key=conclusion).first()
    if found is None:
        raise ValidationError({"conclusion": _("There is no such conclusion.")})
    if found.case_id is not None:
        raise Conflict(_("It has raised a case already and stays."))
    found.delete()


@command()
def answer(report: AnalysisReport, *, by: User, at: datetime, remark: int, text: str) -> None:
    """Say what was done about a remark."""
    problems = Problems()
    found = SectionRemark.objects.filter(section__report=report, pk=remark).first()
    said = problems.text("text", text, most=2000, needed=True)
    if found is None:
        problems.add("remark", _("There is no such remark."))
    problems.check()
    assert found is not None
    found.answer, found.answered_by, found.answered_at = said, by, at
    found.save()


@command(remarks_answered)
def submit(report: AnalysisReport, *, by: User, at: datetime) -> None:
    """Send it to the management representative; what was written is kept as it is now."""
    check_fields(report)
    report.turn += 1
    SectionVersion.objects.bulk_create(
        SectionVersion(section=one, turn=report.turn, text=one.text, important=one.important)
        for one in report.sections.all()
    )


# ---------------------------------------------------------------------------- parts
def section_of(report: AnalysisReport, key: str) -> ReportSection:
    found = report.sections.filter(key=key).first()
    if found is None:
        raise ValidationError({"section": _("There is no such section.")})
    return found


def figures_of(report: AnalysisReport) -> dict[str, Cell]:
    """What its narratives may insert now."""
    return figures(live.sections(read_period(report.period)))


def figures(sections: tuple[Section, ...]) -> dict[str, Any]:
    return {key: cell for one in sections for table in one.tables for key, cell in table.figures()}


def check_fields(report: AnalysisReport) -> None:
    """Figures come and go with the data: each field must still name one. Raises Conflict."""
    known = figures_of(report)
    gone = [key for one in report.sections.all() for key in fields.unknown(one.text, known)]
    if gone:
        raise Conflict(_("Figures that are not there any more:"), details=tuple(gone))
