"""The case page, and what is sent from it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.domain import files, special
from cases.domain.dossier import visible_case
from cases.models import Case, CorrectiveAction
from cases.web import case_page
from cases.web.case_posts import do_act, onward, send, step_of, take
from cases.web.case_steps import Sent
from cases.web.forms.talk import AttachForm, CommentForm


def load(request: HttpRequest, number: str) -> Case:
    """The case, or 404 for one that is not there or not to be seen."""
    user: Any = request.user
    case = visible_case(user, number)
    if case is None:
        raise Http404
    return case


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    case = load(request, number)
    return render(request, "cases/case.html", case_page.context(request, case))


def again(request: HttpRequest, number: str, sent: Sent) -> HttpResponse:
    """The page once more, with the refusal on top and everything typed."""
    context = case_page.context(request, load(request, number), sent)
    return render(request, "cases/case.html", context, status=sent.status)


def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Complete a step of the case or of one of its actions."""
    if request.method != "POST":
        return redirect("cases:detail", number)
    user: Any = request.user
    task = step_of(user, pk, process__caseprocess__case__number=number)
    subject, sent = take(request, task, outcome)
    if subject is None:
        return again(request, number, sent)
    return onward(subject, f"/cases/{number}/")


def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do an act beside the steps; its form stands on the case page."""
    if request.method != "POST":
        return redirect(f"/cases/{number}/?act={act}#act")
    subject, sent = do_act(request, load(request, number), act)
    if subject is None:
        return again(request, number, sent)
    return onward(subject, f"/cases/{number}/")


@require_POST
def comment(request: HttpRequest, number: str) -> HttpResponse:
    user: Any = request.user
    case = load(request, number)
    form = CommentForm(request.POST, by=user, auto_id="comment-%s")
    sent = Sent("comment", form)
    if send(form, sent, lambda: special.comment(by=user, case=case, **form.given())) is None:
        return again(request, number, sent)
    messages.success(request, _("Comment added."))
    return redirect(f"/cases/{number}/#timeline")


@require_POST
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """Add files to the case, or to the action that `action` names."""
    user: Any = request.user
    case = load(request, number)
    form = AttachForm(request.POST, request.FILES, by=user, auto_id="attach-%s")
    sent = Sent("attach", form)
    named = request.POST.get("action", "")
    action = CorrectiveAction.objects.filter(case=case, number=named).first() if named else None
    if named and action is None:
        raise Http404
    kept = send(form, sent, lambda: files.attach(by=user, case=case, action=action, **form.given()))
    if kept is None:
        return again(request, number, sent)
    messages.success(request, _("Files added."))
    page = action.get_absolute_url() if action else case.get_absolute_url()
    return redirect(f"{page}#timeline")
