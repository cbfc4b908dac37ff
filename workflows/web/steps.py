"""Claim, release and hand over a step; each is a POST and returns to where it came from."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.enums import COVERS, Role
from accounts.models import User
from workflows.domain import assignment, registry
from workflows.domain.offers import leads_or_takes
from workflows.errors import Conflict
from workflows.models import Task


def visible_task(request: HttpRequest, pk: int) -> Task:
    """A task the person may do something with; anything else is not there."""
    task = (
        Task.objects.select_related("owner", "department", "process")
        .filter(pk=pk, flow_task_type="HUMAN")
        .first()
    )
    if task is None or not leads_or_takes(task, request.user):
        raise Http404
    return task


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The short address of a step leads to the page of its subject."""
    found = visible_task(request, pk)
    return redirect(registry.link(found.subject_kind, found.subject_number) + "#step")


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_task(request, pk)
    assignment.claim(found, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Claimed: %(step)s.") % {"step": found.flow_task_title})
    return redirect(whence(request, found))


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_task(request, pk)
    assignment.release(found, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Back in the pool: %(step)s.") % {"step": found.flow_task_title})
    return redirect(whence(request, found))


def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a step over (转办): whom to, and why."""
    found = visible_task(request, pk)
    people = takers(found)
    problem = ""
    if request.method == "POST":
        chosen = people.filter(pk=number(request.POST.get("to", ""))).first()
        try:
            if chosen is None:
                raise ValidationError(_("Choose who takes the step on."))
            reason = request.POST.get("reason", "").strip()[:2000]
            assignment.transfer(found, to=chosen, by=request.user, reason=reason)  # type: ignore[arg-type]
            messages.success(request, _("Handed over to %(name)s.") % {"name": chosen.name})
            return redirect(registry.link(found.subject_kind, found.subject_number))
        except ValidationError as error:
            problem = error.messages[0]
        except Conflict as error:
            problem = str(error)
    given = {"task": found, "people": people, "problem": problem, "typed": request.POST}
    given["back_url"] = registry.link(found.subject_kind, found.subject_number)
    return render(request, "workflows/transfer.html", given, status=409 if problem else 200)


def takers(task: Task) -> Any:
    """The active people who may take a step, except its owner."""
    roles = {task.role, *(role for role in Role if task.role in COVERS.get(role, ()))}
    held = Q(memberships__department=task.department_id, memberships__role__in=roles)
    able = User.objects.filter(held, memberships__until=None, is_active=True)
    return able.exclude(pk=task.owner_id).order_by("name").distinct()


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def whence(request: HttpRequest, task: Task) -> str:
    """Back to the page the button stood on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return registry.link(task.subject_kind, task.subject_number) + "#step"
