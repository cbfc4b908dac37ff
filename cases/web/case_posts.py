"""What happens to a form that is sent: validated, handed to the door, answered.

Whatever is refused comes back on the same page, with its reason and with everything typed.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.timeline_words import deed_title
from cases.enums import CaseState
from cases.models import Case, CaseProcess
from cases.web.case_steps import Sent
from cases.web.forms import FORMS, StepForm, make
from workflows.domain import registry
from workflows.domain.assignment import taken
from workflows.domain.transitions import intervene, perform
from workflows.errors import EngineError, NotFound
from workflows.models import EngineModel, Task

Answer = tuple[EngineModel | None, Sent]


def send(form: StepForm, sent: Sent, command: Callable[[], Any]) -> Any:
    """Run the command of a valid form; None when it was refused, with the reason in `sent`."""
    if not form.is_valid():
        form.files_again()
        return None
    try:
        return command()
    except ValidationError as error:
        form.refuse(error)
    except NotFound as error:
        raise Http404 from error
    except EngineError as error:
        form.files_again()
        sent.problem, sent.status = error, error.status
    return None


def version_of(request: HttpRequest, form: StepForm) -> int | None:
    """The version that the form was opened on. Without it nobody could tell what was read."""
    text = request.POST.get("version", "")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    form.add_error(None, _("This form is incomplete. Please load the page anew."))
    return None


# ---------------------------------------------------------------------------- steps
def step_of(user: User, pk: int, **where: Any) -> Any:
    """A step of a case that the person may see, with its subject: one statement. Else 404."""
    visible = Case.objects.visible_to(user)
    below = tuple(f"process__caseprocess__{path}" for path in ("case", *CaseProcess.SUBJECT_FIELDS))
    task = (
        Task.objects.filter(
            pk=pk, flow_task_type="HUMAN", process__caseprocess__case__in=visible, **where
        )
        .select_related("owner", "department", "finished_by", *below)
        .first()
    )
    if task is None or task.flow_task is None:
        raise Http404
    return task


def take(request: HttpRequest, task: Any, outcome: str) -> Answer:
    """Complete a step of a case with what was sent."""
    return take_on(request, task, task.process.caseprocess.subject, outcome)


def take_on(request: HttpRequest, task: Any, target: EngineModel, outcome: str) -> Answer:
    """Complete a step of any subject with what was sent."""
    user: Any = request.user
    node = task.flow_task
    choice, key = node.outcomes.get(outcome), f"{node.flow_class.key}.{node.name}.{outcome}"
    if choice is None or key not in FORMS:
        raise Http404
    form = make(
        key, request.POST, request.FILES, subject=target, by=user,
        needs_reason=choice.needs_reason, signs=choice.signs, auto_id=f"s{task.pk}-{outcome}-%s",
    )  # fmt: skip
    sent = Sent(outcome, form, task=task.pk)
    if task.finished is not None:
        sent.problem = taken(task)
        sent.status = sent.problem.status
        form.files_again()
        return None, sent
    version = version_of(request, form)
    subject = send(
        form,
        sent,
        lambda: perform(
            task,
            outcome,
            by=user,
            version=version,
            reason=form.reason,
            password=form.password,
            **form.given(),
        ),
    )
    if subject is not None:
        done(request, deed_title(node.flow_class.key, node.name, outcome))
    return subject, sent


# ---------------------------------------------------------------------------- acts
def do_act(request: HttpRequest, subject: EngineModel, act: str) -> Answer:
    """Do an act beside the steps with what was sent."""
    user: Any = request.user
    flow = registry.flow(subject.flow_key)
    choice, key = flow.act(act), f"{subject.flow_key}.act.{act}"
    if choice is None or key not in FORMS:
        raise Http404
    form = make(
        key, request.POST, request.FILES, subject=subject, by=user,
        needs_reason=choice.needs_reason, signs=choice.signs, auto_id=f"act-{act}-%s",
    )  # fmt: skip
    sent = Sent(act, form)
    version = version_of(request, form)
    result = send(
        form,
        sent,
        lambda: intervene(
            subject,
            act,
            by=user,
            version=version,
            reason=form.reason,
            password=form.password,
            **form.given(),
        ),
    )
    if result is not None:
        done(request, str(choice.title))
    return result, sent


# ---------------------------------------------------------------------------- answers
def done(request: HttpRequest, what: str) -> None:
    """Say that it has happened; the page adds what comes next and who has it."""
    messages.success(request, _("Done: %(what)s") % {"what": what}, extra_tags="step")


def onward(subject: EngineModel, page: str) -> HttpResponse:
    """Where a person wants to be after a step: with the case that goes on."""
    if isinstance(subject, Case):
        if subject.state == CaseState.MERGED and subject.merged_into is not None:
            page = subject.merged_into.get_absolute_url()
        elif subject.state == CaseState.CONVERTED:
            follower = subject.followed_by.order_by("-pk").first()
            page = follower.get_absolute_url() if follower else page
    return HttpResponseRedirect(page)
