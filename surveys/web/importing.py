"""Importing answers on screen: upload, a trial run with its report, then the import."""

import csv
from pathlib import Path
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.access import only
from accounts.web.answers import show
from accounts.web.own import me
from cases.domain.importing.errors import Unusable
from cases.domain.importing.rejects import write_rejects
from surveys import permissions
from surveys.domain import answers_import, integrity, waiting_files
from surveys.domain.answers_binding import read_mapping
from surveys.domain.answers_words import FIXED, column_of
from surveys.domain.waiting_files import Waiting
from surveys.models import Campaign, Examination, Finding
from surveys.web.campaign_page import load
from surveys.web.tabs import tabs
from workflows.errors import EngineError

runners = only(permissions.may_survey)
examiners = only(permissions.may_examine)
# A page waits for its answer; larger files are for the command.
MOST_ROWS, MOST_SHOWN, MOST_LISTED = 20_000, 50, 20
SHEETS = ".csv,.tsv,.txt,.xlsx,.xlsm"


class AnswersForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": SHEETS, "data-accept": SHEETS}),
        help_text=gettext_lazy("CSV or Excel, one row for each form."),
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".toml", "data-accept": ".toml"}),
        help_text=gettext_lazy("TOML; only where the file calls its columns otherwise."),
    )


def owner(request: HttpRequest, campaign: Campaign) -> str:
    return f"{me(request).pk}:{campaign.pk}"


def job(request: HttpRequest, campaign: Campaign, found: Waiting) -> answers_import.Import:
    """One run over the waiting file. Raises Unusable and EngineError."""
    columns = answers_import.columns_of(campaign)
    return answers_import.Import(
        found.path,
        campaign=campaign,
        mapping=read_mapping(found.mapping, columns),
        columns=columns,
        by=me(request),
        name=found.name,
        most=MOST_ROWS,
    )


@runners
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The upload; a file that was sent is tried, and its report shown."""
    campaign = load(request, number)
    form = AnswersForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return shown(request, campaign, form)
    if not form.is_valid():
        return shown(request, campaign, form, status=422)
    try:
        given = form.cleaned_data
        found = waiting_files.keep(
            given["file"], given["mapping"], owner=owner(request, campaign)
        )  # fmt: skip
        report = job(request, campaign, found).run(dry_run=True)
    except ValidationError as problem:
        show(form, problem)
        return shown(request, campaign, form, status=422)
    except Unusable as problem:
        form.add_error("file", str(problem))
        return shown(request, campaign, form, status=422)
    return shown(request, campaign, AnswersForm(), report=report, found=found)


@runners
@require_POST
def take_in(request: HttpRequest, number: str) -> HttpResponse:
    """Import the file that was tried a moment ago, with or without its rows in error."""
    campaign = load(request, number)
    found = waiting_files.find(request.POST.get("key", ""), owner=owner(request, campaign))
    form = AnswersForm()
    if found is None:
        messages.error(request, _("The file is not there any more. Please send it again."))
        return redirect("surveys:import_responses", number)
    skip = request.POST.get("skip") == "1"
    try:
        report = job(request, campaign, found).run(skip_errors=skip)
    except (Unusable, EngineError) as refusal:
        messages.error(request, str(refusal))
        return shown(request, campaign, form, status=getattr(refusal, "status", 422))
    if report.bad_rows and not skip:
        return shown(request, campaign, form, report=report, found=found, status=422)
    text = _("Imported: %(count)s forms") % {"count": report.logged}
    messages.success(request, text)
    if not report.bad_rows:
        waiting_files.drop(found)
        return redirect("surveys:import_responses", number)
    return redirect(f"{reverse('surveys:import_responses', args=[number])}?left={found.key}")


@runners
@require_safe
def rejects(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """The rows in error with their reasons, as a file to correct and send again."""
    campaign = load(request, number)
    found = waiting_files.find(key, owner=owner(request, campaign))
    if found is None:
        raise Http404
    try:
        done = job(request, campaign, found)
        done.run(dry_run=True)
        target = found.path.with_name("rejects.csv")
        write_rejects(target, done)
    except Unusable as problem:
        raise Http404 from problem
    name = f"{Path(found.name).stem}-{_('rows in error')}.csv"
    response: Any = FileResponse(target.open("rb"), as_attachment=True, filename=name)
    return cast(HttpResponse, response)


@runners
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """An empty sheet with the headings of this campaign's questionnaire."""
    campaign = load(request, number)
    try:
        columns = answers_import.columns_of(campaign)
    except Unusable as problem:
        raise Http404 from problem
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.csv"'
    response.write("\ufeff")
    questions = [column_of(one.key) for one in columns.form.open]
    csv.writer(response).writerow([*FIXED, *columns.levels, *questions])
    return response


@examiners
@require_POST
def examine(request: HttpRequest, number: str) -> HttpResponse:
    """Run the checks for made-up answers now."""
    campaign = load(request, number)
    try:
        found = integrity.examine(campaign, by=me(request))
    except EngineError as refusal:
        messages.error(request, str(refusal))
        return shown(request, campaign, AnswersForm(), status=refusal.status)
    messages.success(request, _("Examined. New findings: %(count)s") % {"count": len(found)})
    return redirect(f"{reverse('surveys:findings')}?campaign={campaign.number}")


def shown(
    request: HttpRequest,
    campaign: Campaign,
    form: AnswersForm,
    *,
    report: Any = None,
    found: Waiting | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the report of a trial run where there is one."""
    refused = ""
    try:
        columns = answers_import.columns_of(campaign)
        levels = [*columns.levels]
    except Unusable as problem:
        refused, levels = str(problem), []
    left = waiting_files.find(request.GET.get("left", ""), owner=owner(request, campaign))
    rejects_of = found or left
    context = {
        "tabs": tabs(request),
        "campaign": campaign,
        "form": form,
        "refused": refused,
        "fixed": FIXED,
        "levels": levels,
        "report": report,
        "found": found,
        "left": left,
        "take_url": reverse("surveys:import_take", args=[campaign.number]),
        "rejects_url": reverse("surveys:import_rejects", args=[campaign.number, rejects_of.key])
        if rejects_of
        else "",
        "importable": report.read - report.known - len(report.bad_rows) if report else 0,
        "problems": report.problems[:MOST_SHOWN] if report else [],
        "more": max(0, len(report.problems) - MOST_SHOWN) if report else 0,
        "batches": campaign.batches.select_related("by").order_by("-pk")[:MOST_LISTED],
        "examined": Examination.objects.filter(campaign=campaign).order_by("-pk").first(),
        "findings": Finding.objects.filter(campaign=campaign).count(),
        "may_examine": permissions.may_examine(request.user),
    }
    return render(request, "surveys/import.html", context, status=status)
