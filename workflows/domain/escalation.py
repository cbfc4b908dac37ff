"""Nothing falls silent: an overdue step is brought to who leads its department, once."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Membership
from workflows.domain import notices, outbox
from workflows.domain.assignment import note
from workflows.domain.context import now
from workflows.domain.record import Deed
from workflows.enums import Event
from workflows.models import Outbox, Task
from workflows.permissions import LEADERS

TOPIC = "task.escalated"


def escalate_overdue(moment: datetime | None = None, *, limit: int = 200) -> int:
    """Escalate up to `limit` steps whose due moment has passed; returns how many.

    One transaction each, marked on the row itself, so that several sweepers never escalate a
    step twice and a missed sweep changes nothing but the time of the alert.
    """
    moment, done = moment or now(), 0
    while done < limit and escalate_one(moment):
        done += 1
    return done


def escalate_one(moment: datetime) -> bool:
    with transaction.atomic():
        overdue = Task.objects.filter(
            finished=None, escalated_at=None, due__lte=moment, flow_task_type="HUMAN"
        )
        if connection.features.has_select_for_update_skip_locked:
            overdue = overdue.select_for_update(skip_locked=True)
        task = overdue.order_by("due").first()
        if task is None:
            return False
        Task.objects.filter(pk=task.pk).update(escalated_at=moment)
        note(task, Deed(by=None, act=Event.ESCALATE, at=moment))
        outbox.emit(TOPIC, f"escalate:{task.pk}", task=task.pk)
        return True


@outbox.handles(TOPIC)
def tell_leaders(row: Outbox) -> None:
    """Put the overdue step behind the bell of whoever leads its department."""
    task = Task.objects.get(pk=row.payload["task"])
    path = task.department.path if task.department else ""
    above = [int(key) for key in path.strip("/").split("/") if key]
    leaders = Membership.objects.filter(
        Q(department=task.department_id, role__in=LEADERS),
        until=None,
        user__is_active=True,
    )
    if not leaders.exists():
        # Nobody leads it: the nearest department above answers for it.
        leaders = Membership.objects.filter(
            department__in=above, role__in=LEADERS, until=None, user__is_active=True
        )
    notices.tell(
        leaders.values_list("user", flat=True).distinct(),
        kind="escalated",
        key=row.key,
        about=notices.About.of(task),
        at=row.created,
        data=notices.of_step(task),
    )
