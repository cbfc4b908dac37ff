"""Importing inputs on screen: upload, a trial run with its report, then the import."""

import csv
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.answers import show
from accounts.web.own import me
from cases.domain.importing.errors import Unusable
from cases.domain.importing.rejects import write_rejects
from surveys.domain import waiting_files
from surveys.domain.inputs.files import read_mapping
from surveys.domain.inputs.kinds import KINDS
from surveys.domain.inputs.run import Import
from surveys.domain.waiting_files import Waiting
from surveys.enums import InputKind
from surveys.models import InputBatch
from surveys.web.importing import MOST_LISTED, MOST_ROWS, MOST_SHOWN, AnswersForm
from surveys.web.inputs.frame import frame, kind_of, loggers
from workflows.errors import EngineError


def owner(request: HttpRequest, kind: str) -> str:
    return f"{me(request).pk}:inputs-{kind}"


def job(request: HttpRequest, kind: InputKind, found: Waiting) -> Import:
    """One run over the waiting file. Raises Unusable and EngineError."""
    file_kind = KINDS[kind]
    return Import(
        found.path,
        kind=file_kind,
        mapping=read_mapping(found.mapping, file_kind),
        by=me(request),
        name=found.name,
        most=MOST_ROWS,
    )


def form_of(request: HttpRequest) -> AnswersForm:
    form = AnswersForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = _("CSV or Excel, one row each.")
    return form


@loggers
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """The upload; a file that was sent is tried, and its report shown."""
    chosen, form = kind_of(kind), form_of(request)
    if request.method != "POST":
        return shown(request, chosen, form)
    if not form.is_valid():
        return shown(request, chosen, form, status=422)
    try:
        given = form.cleaned_data
        found = waiting_files.keep(given["file"], given["mapping"], owner=owner(request, chosen))
        report = job(request, chosen, found).run(dry_run=True)
    except ValidationError as problem:
        show(form, problem)
        return shown(request, chosen, form, status=422)
    except Unusable as problem:
        form.add_error("file", str(problem))
        return shown(request, chosen, form, status=422)
    return shown(request, chosen, AnswersForm(), report=report, found=found)


@loggers
@require_POST
def take_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Import the file that was tried a moment ago, with or without its rows in error."""
    chosen = kind_of(kind)
    found = waiting_files.find(request.POST.get("key", ""), owner=owner(request, chosen))
    if found is None:
        messages.error(request, _("The file is not there any more. Please send it again."))
        return redirect("surveys:inputs_import", kind)
    skip = request.POST.get("skip") == "1"
    try:
        report = job(request, chosen, found).run(skip_errors=skip)
    except (Unusable, EngineError) as refusal:
        messages.error(request, str(refusal))
        status = getattr(refusal, "status", 422)
        return shown(request, chosen, AnswersForm(), status=status)
    if report.bad_rows and not skip:
        return shown(request, chosen, AnswersForm(), report=report, found=found, status=422)
    messages.success(request, _("Imported: %(count)s rows") % {"count": report.logged})
    if not report.bad_rows:
        waiting_files.drop(found)
        return redirect("surveys:inputs", kind)
    return redirect(f"{reverse('surveys:inputs_import', args=[kind])}?left={found.key}")


@loggers
@require_safe
def rejects(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The rows in error with their reasons, as a file to correct and send again."""
    chosen = kind_of(kind)
    found = waiting_files.find(key, owner=owner(request, chosen))
    if found is None:
        raise Http404
    try:
        done = job(request, chosen, found)
        done.run(dry_run=True)
        target = found.path.with_name("rejects.csv")
        write_rejects(target, done)
    except Unusable as problem:
        raise Http404 from problem
    name = f"{Path(found.name).stem}-{_('rows in error')}.csv"
    response: Any = FileResponse(target.open("rb"), as_attachment=True, filename=name)
    return cast(HttpResponse, response)


@loggers
@require_safe
def sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty sheet with the headings of this kind, in the reader's language."""
    chosen = kind_of(kind)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{chosen}.csv"'
    response.write("\ufeff")
    csv.writer(response).writerow(headings(chosen))
    return response


def headings(kind: InputKind) -> list[str]:
    chinese = (get_language() or "").startswith("zh")
    return [KINDS[kind].label(column, chinese=chinese) for column in KINDS[kind].columns]


def shown(
    request: HttpRequest,
    kind: InputKind,
    form: AnswersForm,
    *,
    report: Any = None,
    found: Waiting | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the report of a trial run where there is one."""
    left = waiting_files.find(request.GET.get("left", ""), owner=owner(request, kind))
    rejects_of = found or left
    context = {
        **frame(request, kind),
        "title": kind.label,
        "form": form,
        "headings": headings(kind),
        "report": report,
        "found": found,
        "left": left,
        "take_url": reverse("surveys:inputs_take", args=[kind]),
        "rejects_url": reverse("surveys:inputs_rejects", args=[kind, rejects_of.key])
        if rejects_of
        else "",
        "importable": report.read - report.known - len(report.bad_rows) if report else 0,
        "problems": report.problems[:MOST_SHOWN] if report else [],
        "more": max(0, len(report.problems) - MOST_SHOWN) if report else 0,
        "batches": InputBatch.objects.filter(kind=kind).select_related("by")[:MOST_LISTED],
    }
    return render(request, "surveys/inputs_import.html", context, status=status)
