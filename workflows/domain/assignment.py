"""Who has a step: claim, release, hand over (转办), and standing in for somebody away."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow import STATUS

from accounts.models import Leave, User
from workflows.domain import record
from workflows.domain.context import now
from workflows.domain.ladders import begin_anew
from workflows.domain.record import Deed
from workflows.enums import Event
from workflows.errors import Conflict, Forbidden
from workflows.models import Process, Task
from workflows.permissions import leads, may_take


def substituted(task: Task, by: User) -> User | None:
    """The absent owner whom `by` stands in for today, if there is one."""
    if task.owner_id is None or task.owner_id == by.pk:
        return None
    today = timezone.localdate(now())
    leave = Leave.objects.filter(
        user=task.owner_id, substitute=by, starts__lte=today, ends__gte=today
    ).select_related("user")
    found = leave.first()
    return found.user if found else None


def claim(task: Task, *, by: User) -> None:
    """Take a step out of the pool; of two people one wins and the other is told who."""
    if not may_take(task, by):
        raise Forbidden(_("This step belongs to another role."))
    with transaction.atomic():
        hold(by)
        free = Task.objects.filter(pk=task.pk, finished=None, owner=None)
        if not free.update(owner=by, status=STATUS.ASSIGNED, assigned=now()):
            raise taken(task)
        task.owner = by
        note(task, Deed(by=by, act=Event.CLAIM))


def release(task: Task, *, by: User) -> None:
    """Put a step back into the pool; its owner may, and who leads the department."""
    if task.owner_id != by.pk and not leads(task, by):
        raise Forbidden(_("Only who has claimed a step can release it."))
    with transaction.atomic():
        held = Task.objects.filter(pk=task.pk, finished=None, owner_id=task.owner_id)
        if task.owner_id is None or not held.update(owner=None, status=STATUS.NEW, assigned=None):
            raise taken(task)
        task.owner = None
        note(task, Deed(by=by, act=Event.RELEASE))


def transfer(task: Task, *, to: User, by: User, reason: str = "") -> None:
    """Hand a step over to a person who may take it (转办); the pool's leader may too."""
    if task.owner_id != by.pk and not leads(task, by):
        raise Forbidden(_("Only who has claimed a step, or leads the department, hands it over."))
    if not to.is_active or not to.authority.may_take(task.department_id, task.role):
        raise Conflict(_("%(name)s cannot take this step.") % {"name": to.name})
    with transaction.atomic():
        hold(to)
        held = Task.objects.filter(pk=task.pk, finished=None, owner_id=task.owner_id)
        if not held.update(owner=to, status=STATUS.ASSIGNED, assigned=now()):
            raise taken(task)
        task.owner = to
        deed = Deed(by=by, act=Event.TRANSFER, reason=reason, data={"to": to.name})
        note(task, deed)


def hold(person: User) -> None:
    """Keep somebody from being deactivated until the commit: whoever leaves has no open step."""
    active = User.objects.select_for_update().filter(pk=person.pk, is_active=True)
    if not active.values_list("pk", flat=True):
        raise Conflict(_("%(name)s cannot take this step.") % {"name": person.name})


def note(task: Task, deed: Deed) -> None:
    """Write what happened to a step into the record of its subject; the subject stays put."""
    process: Any = Process.objects.get(pk=task.process_id).coerced
    subject = process.subject
    state = str(subject.state)
    record.write(
        subject,
        deed,
        (state, state),
        process=process,
        task=task,
        node=task.flow_task.name,
        versioned=False,
    )


def taken(task: Task) -> Conflict:
    """Why a step could not be taken: done, or somebody else has it."""
    current = Task.objects.select_related("owner", "finished_by").get(pk=task.pk)
    if current.finished is not None:
        return Conflict(
            _("Already completed by %(name)s at %(moment)s.")
            % {
                "name": current.finished_by or _("the system"),
                "moment": f"{timezone.localtime(current.finished):%Y-%m-%d %H:%M}",
            }
        )
    if current.owner is not None:
        return Conflict(_("Claimed by %(name)s.") % {"name": current.owner.name})
    return Conflict(_("The step was handed over meanwhile. Please reload."))


def reschedule(*, subject_kind: str, number: str, node: str, due: Any) -> None:
    """Move the due moment of an open step, because people agreed on another one. Its ladder
    begins anew: every rung is told once for each due moment."""
    for task in Task.objects.filter(
        subject_kind=subject_kind, subject_number=number, finished=None
    ):
        if task.flow_task is not None and task.flow_task.name == node:
            Task.objects.filter(pk=task.pk).update(due=due, **begin_anew())
