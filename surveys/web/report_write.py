"""Writing one section: a text with live fields, the figures to insert, how it will read."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.web.own import me
from cases.web.case_posts import do_act
from cases.web.case_steps import Sent
from cases.web.forms import make
from surveys.domain.periods import read as read_period
from surveys.domain.reports import fields, live
from surveys.domain.reports.content import Section, Words
from surveys.domain.reports.writing import figures
from surveys.enums import ReportState
from surveys.models import AnalysisReport, ReportSection
from surveys.web.report_looks import printed
from surveys.web.report_page import piece
from surveys.web.reports import BAD_INPUT, authors, load

MOST_TYPED = 20_000


@authors
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str, key: str) -> HttpResponse:
    report = load(number)
    section = report.sections.filter(key=key).first()
    if section is None:
        raise Http404
    if request.method == "POST":
        subject, sent = do_act(request, report, "write")
        if subject is not None:
            return redirect(f"{report.get_absolute_url()}#{key}")
        status = sent.status if sent.problem else BAD_INPUT
        return shown(request, load(number), section, sent, status=status)
    if report.state != ReportState.DRAFT:
        return redirect(report.get_absolute_url())
    return shown(request, report, section)


def shown(
    request: HttpRequest,
    report: AnalysisReport,
    section: ReportSection,
    sent: Sent | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    form = sent.form if sent else opened(request, report, section)
    if sent is not None:
        sent.placed = True
    sections = live.sections(read_period(report.period))
    text = str(form["text"].value() or "")
    context = {
        "report": report,
        "section": section,
        "title": next(one.title.label for one in sections if one.key == section.key),
        "form": form,
        "sent": sent,
        "version": report.version,
        "tables": list(offered(sections, section.key)),
        "preview": previewed(text, sections),
    }
    return render(request, "surveys/report_write.html", context, status=status)


def opened(request: HttpRequest, report: AnalysisReport, section: ReportSection) -> Any:
    return make(
        "report.act.write", subject=report, by=me(request), auto_id="act-write-%s",
        initial={"section": section.key, "text": section.text, "important": section.important},
    )  # fmt: skip


@authors
@require_POST
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """What is typed, as it will read; nothing is stored."""
    report = load(number)
    text = request.POST.get("text", "")[:MOST_TYPED]
    shown = previewed(text, live.sections(read_period(report.period)))
    return render(request, "surveys/report_preview.html", {"preview": shown})


def previewed(text: str, sections: tuple[Section, ...]) -> dict[str, Any]:
    known = figures(sections)
    return {
        "paragraphs": [
            [piece(one) for one in fields.pieces(paragraph, known)]
            for paragraph in fields.paragraphs(text[:MOST_TYPED])
        ],
        "unknown": fields.unknown(text[:MOST_TYPED], known),
    }


def offered(sections: tuple[Section, ...], here: str) -> Iterator[dict[str, Any]]:
    """The figures by table; those of this section first, and open."""
    ordered = sorted(sections, key=lambda one: one.key != here)
    for one in ordered:
        for table in one.tables:
            rows = []
            for line in table.rows:
                named = line.cells[0]
                label = named.label if isinstance(named, Words) else ""
                cells = [
                    {
                        "field": f"{{{{{table.key}.{line.key}.{column.key}}}}}",
                        "label": column.title.label,
                        "value": printed(cell),
                    }
                    for column, cell in zip(table.columns, line.cells, strict=True)
                    if column.kind != "text" and str(cell) != "–"
                ]
                rows.append({"label": label, "cells": cells})
            yield {"title": table.title.label, "rows": rows, "open": one.key == here}
