"""Everything the page of a report prints: sections with tables, narratives, remarks, its way."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.domain.timeline_words import deed_title
from cases.web.case_steps import Sent
from surveys import permissions
from surveys.domain.reports import fields, files, freezing, lists, path
from surveys.domain.reports.content import Cell, Difference, Report, Section
from surveys.domain.reports.writing import figures
from surveys.enums import ReportState as S
from surveys.models import AnalysisReport, ReportSection
from surveys.web import report_files, steps
from surveys.web.report_looks import LOOKS, look, printed, table, way
from workflows.domain.context import now

# Acts with a place of their own on the page.
PLACED = frozenset({"write", "remark", "answer", "drop_conclusion"})
MOST_SHOWN = 60
DEED_ICONS = {
    "write": "pencil", "submit": "send", "approve": "signature", "release": "signature",
    "remark": "message", "answer": "check", "conclude": "bulb", "restate": "versions",
}  # fmt: skip


def context(
    request: HttpRequest, report: AnalysisReport, sent: Sent | None = None
) -> dict[str, Any]:
    """`sent` is a form that was refused a moment ago."""
    user: Any = request.user
    whole = freezing.shown(report, at=now())
    rows = list(report.sections.all())
    around = steps.around(request, report, sent)
    around["acts"] = [act for act in around["acts"] if act.name not in PLACED]
    told = differences(freezing.changed(report)) if report.is_frozen else []
    later = lists.later(report)
    return {
        **around,
        "report": report,
        "whole": whole,
        "title": whole.title.label,
        "state": look(report),
        "way": way(report),
        "sections": sections(report, whole, rows),
        "may_write": report.state == S.DRAFT and permissions.may_draft_report(user),
        "may_remark": report.state in (S.REVIEW, S.APPROVAL) and permissions.reviews(report, user),
        "conclusions": whole.conclusions,
        "restates": whole.restates,
        "restated": differences(whole.restates.differences) if whole.restates else [],
        "changed": told,
        "later": later,
        "may_restate": bool(told) and later is None and permissions.may_draft_report(user),
        "signatures": list(files.signatures(report)),
        "copies": list(report.copies.select_related("person")),
        "copy": path.copy_of(report, user),
        **report_files.offered(report),
        "entries": entries(report),
    }


def sections(
    report: AnalysisReport, whole: Report, rows: list[ReportSection]
) -> list[dict[str, Any]]:
    known = figures(whole.sections)
    remarks, changed = lists.remarks(report), lists.changes(report, rows)
    written = {one.key: one for one in rows}
    return [
        {
            "key": one.key,
            "title": one.title.label,
            "number": number,
            "important": one.important,
            "paragraphs": paragraphs(report, one, written[one.key], known, remarks[one.key]),
            "tables": [table(each) for each in one.tables],
            "changes": changed.get(one.key, []),
        }
        for number, one in enumerate(whole.sections, start=1)
        if one.key in written
    ]


def paragraphs(
    report: AnalysisReport,
    section: Section,
    row: ReportSection,
    known: dict[str, Cell],
    remarks: list[Any],
) -> list[dict[str, Any]]:
    """Frozen ones as they were; live ones with figures that lead to what is behind them. Remarks
    at a paragraph that is gone stand at the last one."""
    if report.is_frozen:
        texts: list[Any] = [[fields.Piece(one.label)] for one in section.narrative]
    else:
        texts = [list(fields.pieces(one, known)) for one in fields.paragraphs(row.text)]
    if not texts and remarks:
        texts = [[]]
    last = len(texts) - 1
    return [
        {
            "number": number,
            "pieces": [piece(one) for one in pieces],
            "remarks": [one for one in remarks if min(one.paragraph, last) == number],
        }
        for number, pieces in enumerate(texts)
    ]


def piece(one: fields.Piece) -> dict[str, str]:
    if one.cell is None:
        return {"text": one.text, "link": "", "live": ""}
    return {"text": printed(one.cell), "link": one.cell.link, "live": "1"}


def differences(found: tuple[Difference, ...]) -> list[dict[str, str]]:
    return [
        {"label": one.label.label, "before": printed(one.before), "after": printed(one.after)}
        for one in found[:MOST_SHOWN]
    ]


def entries(report: AnalysisReport) -> list[dict[str, Any]]:
    """For _components/timeline.html."""
    return [
        {
            "kind": "transition",
            "at": deed.at,
            "actor": deed.by.name if deed.by else _("The system"),
            "on_behalf_of": deed.on_behalf_of.name if deed.on_behalf_of else "",
            "title": deed_title(report.flow_key, deed.node, deed.act, to=""),
            "reason": deed.reason,
            "tone": LOOKS.get(deed.to_state, ("grey", ""))[0],
            "icon": DEED_ICONS.get(deed.act, "circle-dot"),
        }
        for deed in lists.deeds(report)
    ]
