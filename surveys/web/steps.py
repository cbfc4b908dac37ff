"""The waiting steps of a questionnaire, campaign or finding: drawn and taken as on a case page."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import Leave, User
from cases.domain.options import Options
from cases.web.case_posts import Answer, take_on
from cases.web.case_steps import Sent, StepShown, acts, holders, step
from workflows.domain.context import now
from workflows.models import EngineModel, Task


def waiting(subject: EngineModel, user: User) -> list[Any]:
    """The open steps of a subject: one statement. `stands_in`: see cases/domain/dossier.py."""
    today = timezone.localdate(now())
    away = Leave.objects.filter(
        user=OuterRef("owner"), substitute=user, starts__lte=today, ends__gte=today
    )
    return list(
        Task.objects.filter(
            subject_kind=subject.SUBJECT_KIND,
            subject_number=subject.number,
            finished=None,
            flow_task_type="HUMAN",
        )
        .select_related("owner", "department", "sender")
        .annotate(stands_in=Exists(away))
        .order_by("due", "pk")
    )


def around(request: HttpRequest, subject: Any, sent: Sent | None = None) -> dict[str, Any]:
    """Steps, acts and holders of a subject for its page (cases/case_step.html, case_acts.html)."""
    user: Any = request.user
    options, page = Options(), subject.get_absolute_url()
    tasks = waiting(subject, user)
    shown: list[StepShown] = [
        step(task, subject, user, options=options, page=page, sent=sent) for task in tasks
    ]
    beside = acts(
        subject, user, options=options, page=page, name=request.GET.get("act", ""), sent=sent
    )
    return {
        "steps": shown,
        "acts": beside.acts,
        "act": beside.current,
        "holders": holders(tasks),
        "sent": sent,
        "version": subject.version,
    }


def take(request: HttpRequest, subject: EngineModel, pk: int, outcome: str) -> Answer:
    """Complete a step of the subject with what was sent; 404 for a step of something else."""
    task = (
        Task.objects.filter(
            pk=min(pk, 2**62),
            flow_task_type="HUMAN",
            subject_kind=subject.SUBJECT_KIND,
            subject_number=subject.number,
        )
        .select_related("owner", "department", "finished_by")
        .first()
    )
    if task is None or task.flow_task is None:
        raise Http404
    return take_on(request, task, subject, outcome)
