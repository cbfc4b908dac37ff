"""The page of a corrective action, and what is sent from it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.domain.dossier import visible_action
from cases.models import CorrectiveAction
from cases.web import action_page
from cases.web.case_posts import do_act, step_of, take
from cases.web.case_steps import Sent


def load(request: HttpRequest, number: str) -> CorrectiveAction:
    """The action, or 404 for one that is not there or not to be seen."""
    user: Any = request.user
    action = visible_action(user, number)
    if action is None:
        raise Http404
    return action


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    context = action_page.context(request, load(request, number))
    return render(request, "cases/action.html", context)


def again(request: HttpRequest, number: str, sent: Sent) -> HttpResponse:
    """The page once more, with the refusal on top and everything typed."""
    context = action_page.context(request, load(request, number), sent)
    return render(request, "cases/action.html", context, status=sent.status)


def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Complete a step of the action, or decide on its extension."""
    if request.method != "POST":
        return redirect("cases:action", number)
    user: Any = request.user
    task = step_of(user, pk, process__caseprocess__action__number=number)
    subject, sent = take(request, task, outcome)
    if subject is None:
        return again(request, number, sent)
    return redirect("cases:action", number)


def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do an act beside the steps; its form stands on the action's page."""
    if request.method != "POST":
        return redirect(f"/actions/{number}/?act={act}#act")
    subject, sent = do_act(request, load(request, number), act)
    if subject is None:
        return again(request, number, sent)
    return redirect("cases:action", number)
