"""Documents of a case going out: the 8D report, and each ruling of an arbitration."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext as _, override
from django.views.decorators.http import require_safe

from accounts.models import User
from cases.documents import eight_d as eight_d_document, ruling as ruling_document
from cases.documents.blocks import Document
from cases.documents.plain import moment
from cases.documents.printed import printed
from cases.documents.word import word
from cases.documents.workbook import Listed, workbook
from cases.domain.eight_d.reading import report_of
from cases.domain.papers import has_report
from cases.domain.ruling_document import of_ruling
from cases.web.case import load
from cases.web.files import SAFE_HEADERS
from workflows.domain.context import now

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WRITERS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", printed),
    "docx": (DOCX, word),
    "xlsx": (XLSX, workbook),
}


@require_safe
def eight_d(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The 8D report as PDF or Word; `lang` chooses the language."""
    case = load(request, number)
    if not has_report(case):
        raise Http404
    with override(language(request)):
        report = eight_d_document.document(report_of(case), **marks(request))
        return answer(report, kind, f"8D-{case.number}")


@require_safe
def ruling(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A ruling as PDF; `lang` chooses the language."""
    case = load(request, number)
    with override(language(request)):
        found = of_ruling(case, pk)
        if found is None:
            raise Http404
        made = ruling_document.document(found, **marks(request))
        return answer(made, "pdf", f"{case.number}-ruling-{found.place}")


def language(request: HttpRequest) -> str:
    """What the address asks for, else the reader's own."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or "en"


def marks(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    return {"printed": printed_by(user), "author": user.name}


def printed_by(user: User) -> str:
    return _("Printed %(at)s by %(name)s") % {"at": moment(now()), "name": user.name}


def answer(
    document: Document, kind: str, name: str, *, lists: Sequence[Listed] = ()
) -> HttpResponse:
    """The file to take away; `lists` stand behind the figures of a workbook."""
    content_type, write = WRITERS[kind]
    suffix = "en" if (get_language() or "").startswith("en") else "zh"
    made = workbook(document, lists) if kind == "xlsx" else write(document)
    response = HttpResponse(made, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}-{suffix}.{kind}")
    for header, value in SAFE_HEADERS.items():
        response[header] = value
    # Made anew each time: the case moves on.
    response["Cache-Control"] = "private, no-store"
    return response
