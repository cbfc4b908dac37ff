"""The process picture of a case: large, as a thumbnail, and as a file other tools open."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cases.models import Case, CaseProcess
from cases.web.beside import KINDS
from workflows.domain import pictures


def process_of(request: HttpRequest, number: str) -> CaseProcess:
    """The latest round of a visible case's own flow, not of what belongs to the case."""
    user: Any = request.user
    case = get_object_or_404(Case.objects.visible_to(user), number=number)
    below = dict.fromkeys(("action", "extension", *KINDS))
    process = CaseProcess.objects.filter(case=case, **below).order_by("-pk").first()
    if process is None:
        raise Http404
    process.case = case
    return process


def picture(request: HttpRequest, number: str) -> HttpResponse:
    process = process_of(request, number)
    steps = pictures.steps_of(process)
    small = "small" in request.GET
    given = {"case": process.case, "steps": steps, "height": "small" if small else "large"}
    template = "cases/picture_small.html" if small else "cases/picture.html"
    return render(request, template, given)


def bpmn(request: HttpRequest, number: str) -> HttpResponse:
    process = process_of(request, number)
    response = HttpResponse(
        pictures.bpmn(process.flow_class), content_type="application/bpmn+xml; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{process.case.number}.bpmn"'
    return response
