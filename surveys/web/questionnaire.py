"""Questionnaires: the list, the page of one, its file, and files taken in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.web.own import me
from cases.web.case_posts import do_act, take_on
from cases.web.case_steps import Sent
from cases.web.list_address import whole
from surveys.domain import questionnaire_files, questionnaire_import, questionnaire_lists, ready
from surveys.domain.questionnaire_lists import VIEWS
from surveys.enums import QuestionnaireState
from surveys.models import Questionnaire
from surveys.permissions import may_survey
from surveys.web import questionnaire_page
from surveys.web.questionnaire_edit import load, readers, writers
from surveys.web.tabs import tabs
from workflows.errors import EngineError
from workflows.models import Task

BAD_REQUEST, UNPROCESSABLE = 400, 422


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".toml", "data-accept": ".toml"}),
        help_text=gettext_lazy("TOML, as the page of a questionnaire gives it."),
    )


# ---------------------------------------------------------------------------- list
@readers
@require_safe
def questionnaires(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "current"
    rows, following = questionnaire_lists.page(view, after=whole(request.GET.get("after", "")))
    given = {
        "tabs": tabs(request),
        "rows": [(row, questionnaire_page.look(row)) for row in rows],
        "chips": chips(view),
        "page": {"next_url": f"?view={view}&after={following}" if following else None},
        "ready": ready.NAMES.items(),
        "may_write": may_survey(request.user),
    }
    return render(request, "surveys/questionnaires.html", given)


def chips(view: str) -> list[dict[str, Any]]:
    names = {"work": _("Being worked on"), "use": _("In use"), "past": _("Replaced or dropped")}
    here = reverse("surveys:questionnaires")
    return [
        {
            "label": label,
            "url": here if name == view else f"{here}?view={name}",
            "active": name == view,
            "count": None,
        }
        for name, label in names.items()
    ]


# ---------------------------------------------------------------------------- one
@readers
@require_safe
def questionnaire(request: HttpRequest, number: str) -> HttpResponse:
    given = questionnaire_page.context(request, load(number))
    return render(request, "surveys/questionnaire.html", given)


def again(request: HttpRequest, number: str, sent: Sent) -> HttpResponse:
    """The page once more, with the refusal on top and everything typed."""
    given = questionnaire_page.context(request, load(number), sent)
    status = UNPROCESSABLE if sent.status == BAD_REQUEST else sent.status
    return render(request, "surveys/questionnaire.html", given, status=status)


@readers
def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Complete a step; it is read together with its questionnaire."""
    if request.method != "POST":
        return redirect("surveys:questionnaire", number)
    task: Any = (
        Task.objects.filter(
            pk=min(pk, 2**62),
            flow_task_type="HUMAN",
            process__questionnaireprocess__questionnaire__number=number,
        )
        .select_related(
            "owner", "department", "finished_by", "process__questionnaireprocess__questionnaire"
        )
        .first()
    )
    if task is None or task.flow_task is None:
        raise Http404
    found = task.process.questionnaireprocess.questionnaire
    subject, sent = take_on(request, task, found, outcome)
    if subject is None:
        return again(request, number, sent)
    return redirect("surveys:questionnaire", number)


@readers
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """An act beside the steps; a new revision is written at once."""
    found = load(number)
    if request.method != "POST":
        return redirect(f"{found.get_absolute_url()}?act={act}#act")
    subject, sent = do_act(request, found, act)
    if subject is None:
        return again(request, number, sent)
    if act == "revise":
        draft = Questionnaire.objects.get(code=found.code, state=QuestionnaireState.DRAFT)
        return redirect("surveys:questionnaire_edit", draft.number)
    return redirect(found.get_absolute_url())


# ---------------------------------------------------------------------------- files
@readers
@require_safe
def export(request: HttpRequest, number: str) -> HttpResponse:
    found = load(number)
    response = HttpResponse(
        questionnaire_files.dumps(found), content_type="application/toml; charset=utf-8"
    )
    name = f"{found.code}-r{found.revision}.toml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@writers
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A file becomes a draft: a new questionnaire, or the next revision of its code."""
    form = FileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            taken, status = take_in(request, form)
            if taken is not None:
                return redirect(taken.get_absolute_url())
    given = {"tabs": tabs(request), "form": form}
    return render(request, "surveys/questionnaire_upload.html", given, status=status)


def take_in(request: HttpRequest, form: FileForm) -> tuple[Questionnaire | None, int]:
    """The questionnaire that the file became; else nothing, and the status of the refusal."""
    try:
        content = form.cleaned_data["file"].read(questionnaire_files.MOST_BYTES + 1)
        written = questionnaire_files.read(content)
        found, is_new = questionnaire_import.take_in(by=me(request), written=written)
    except ValidationError as error:
        for sentences in error.message_dict.values():
            for sentence in sentences:
                form.add_error("file", sentence)
        return None, UNPROCESSABLE
    except EngineError as error:
        form.add_error(None, " ".join([str(error), *map(str, error.details)]))
        return None, error.status
    text = _("Taken in as a draft.") if is_new else _("This revision is there already.")
    messages.success(request, text)
    return found, 200
