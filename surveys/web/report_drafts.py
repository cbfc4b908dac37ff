"""Documents of a report that is not frozen yet: made anew at each call, marked as a draft.

A frozen one has its files, made once and kept to the byte (surveys/domain/reports/files.py).
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from accounts.web.access import only
from cases.web.documents import language
from cases.web.files import SAFE_HEADERS
from surveys import permissions
from surveys.domain.reports import files, freezing
from surveys.models import AnalysisReport
from surveys.web.downloads import downloads
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


def offered(report: AnalysisReport) -> list[dict[str, str]]:
    """What the page of a report offers while it is none that has its files."""
    return [] if report.is_frozen else downloads("surveys:report_draft", [report.number], *NAMES)
