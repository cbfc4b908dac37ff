"""Analysis reports: the list, the page of one, its steps and acts, its documents."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web.access import only
from accounts.web.own import me
from cases.domain.queries import NEWEST, page as page_of
from cases.web.case_posts import do_act
from cases.web.case_steps import Sent
from cases.web.list_address import marks, pager, words
from surveys import permissions
from surveys.domain import periods
from surveys.domain.reports import files, lists, path, writing
from surveys.models import AnalysisReport, ReportFile
from surveys.web import report_page
from surveys.web.report_looks import look
from surveys.web.steps import take
from workflows.domain.context import now
from workflows.errors import EngineError

readers = only(permissions.may_read)
authors = only(permissions.may_draft_report)
BAD_INPUT = 422


# ---------------------------------------------------------------------------- list
@readers
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return listed(request)


def listed(
    request: HttpRequest, *, problem: str = "", period: str = "", status: int = 200
) -> HttpResponse:
    asked = words(request.GET, "view")
    view = asked if asked in lists.VIEWS else "current"
    page = page_of(lists.found(view), **marks(request, NEWEST))
    this = periods.half_of(now())
    context = {
        "rows": [(row, periods.read(row.period).label, look(row)) for row in page.rows],
        "chips": chips(view),
        "page": pager(request, page),
        "may_draw_up": permissions.may_draft_report(request.user),
        "periods": [this, this.before, periods.Period(this.year), periods.Period(this.year - 1)],
        "period": period,
        "problem": problem,
    }
    return render(request, "surveys/reports.html", context, status=status)


def chips(view: str) -> list[dict[str, Any]]:
    names = {"way": _("On their way"), "frozen": _("Approved"), "dropped": _("Dropped")}
    return [
        {
            "label": label,
            "url": "?" if name == view else f"?view={name}",
            "active": name == view,
            "count": None,
        }
        for name, label in names.items()
    ]


@authors
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Draw up the report of a period."""
    code = request.POST.get("period", "")[:20]
    try:
        report = writing.draw_up(by=me(request), period=periods.read(code))
    except ValidationError as error:
        return listed(request, problem=error.messages[0], period=code, status=BAD_INPUT)
    except EngineError as error:
        return listed(request, problem=str(error), period=code, status=error.status)
    messages.success(request, _("Drawn up: %(number)s") % {"number": report.number})
    return redirect(report.get_absolute_url())


# ---------------------------------------------------------------------------- one
def load(number: str) -> AnalysisReport:
    found = lists.by_number(number)
    if found is None:
        raise Http404
    return found


@readers
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, load(number))


def page(
    request: HttpRequest, report: AnalysisReport, sent: Sent | None = None, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    context = report_page.context(request, report, sent) | more
    return render(request, "surveys/report.html", context, status=status)


def refused(request: HttpRequest, number: str, sent: Sent) -> HttpResponse:
    status = sent.status if sent.problem else BAD_INPUT
    return page(request, load(number), sent, status=status)


@readers
def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Submit, drop, agree, approve, return."""
    report = load(number)
    if request.method != "POST":
        return redirect(report.get_absolute_url())
    subject, sent = take(request, report, pk, outcome)
    return refused(request, number, sent) if subject is None else redirect(report)


@readers
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """A remark, its answer, a conclusion."""
    report = load(number)
    if request.method != "POST":
        return redirect(f"{report.get_absolute_url()}?act={act}#act")
    subject, sent = do_act(request, report, act)
    if subject is None:
        return refused(request, number, sent)
    section = request.POST.get("section", "")
    anchor = f"#{section}" if section in {one.key for one in report.sections.all()} else ""
    return redirect(f"{report.get_absolute_url()}{anchor}")


@authors
@require_POST
def restate(request: HttpRequest, number: str) -> HttpResponse:
    """Begin the restated version."""
    report, reason = load(number), request.POST.get("reason", "")
    try:
        again = path.restate(report=report, by=me(request), reason=reason)
    except ValidationError as error:
        return page(request, report, restate_problem=error.messages[0], reason=reason,
                    status=BAD_INPUT)  # fmt: skip
    except EngineError as error:
        return page(request, report, restate_problem=str(error), reason=reason,
                    status=error.status)  # fmt: skip
    messages.success(request, _("Drawn up: %(number)s") % {"number": again.number})
    return redirect(again.get_absolute_url())


@readers
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Quality has read its copy."""
    report = load(number)
    path.take_note(report=report, by=me(request))
    messages.success(request, _("Noted."))
    return redirect(report.get_absolute_url())


@readers
@require_safe
def document(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A stored document, byte by byte as it was made."""
    file = ReportFile.objects.filter(report__number=number, pk=min(pk, 2**62)).first()
    if file is None:
        raise Http404
    renderer = files.RENDERERS.get(file.name)
    kind = renderer.content_type if renderer else "application/octet-stream"
    response = HttpResponse(bytes(file.data), content_type=kind)
    name = quote(f"{number}-{file.language}.{file.extension}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
