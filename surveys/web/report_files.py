"""The documents of a report. A draft's are made anew at each call and say so; a frozen report has
its files, made once in the background and kept to the byte (surveys/domain/reports/files.py)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from accounts.web.access import only
from cases.web.documents import language
from cases.web.files import SAFE_HEADERS
from surveys import permissions
from surveys.domain.reports import files, freezing
from surveys.models import AnalysisReport
from surveys.web.downloads import downloads, name_of
from workflows.domain.context import now

NAMES = (("word", "Word"), ("pdf", "PDF"), ("excel", "Excel"))


@only(permissions.may_read)
@require_safe
def draft(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """As the report reads now; `lang` chooses the language."""
    report = AnalysisReport.objects.filter(number=number).first()
    renderer = files.RENDERERS.get(name)
    if report is None or renderer is None or report.is_frozen:
        raise Http404
    with override(language(request)):
        made = renderer.make(freezing.shown(report, at=now()))
        suffix = "en" if (get_language() or "").startswith("en") else "zh"
    response = HttpResponse(made, content_type=renderer.content_type)
    response["Content-Disposition"] = content_disposition_header(
        True, f"{report.number}-draft-{suffix}.{renderer.extension}"
    )
    for header, value in SAFE_HEADERS.items():
        response[header] = value
    response["Cache-Control"] = "private, no-store"
    return response


def offered(report: AnalysisReport) -> dict[str, Any]:
    """What the page of a report offers; `preparing` while files of a frozen one are made."""
    if not report.is_frozen:
        found = downloads("surveys:report_draft", [report.number], *NAMES)
        return {"downloads": found, "preparing": False}
    kept = list(report.files.defer("data"))
    mine = get_language() or "en"
    kept.sort(key=lambda one: (one.language != mine, one.pk))
    found = [
        {
            "label": f"{dict(NAMES).get(one.name, one.name)} {name_of(one.language)}",
            "url": reverse("surveys:report_file", args=[report.number, one.pk]),
            "code": one.language,
        }
        for one in kept
    ]
    wanted = len(files.RENDERERS) * len(files.LANGUAGES)
    return {"downloads": found, "preparing": len(kept) < wanted}
