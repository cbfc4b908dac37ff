"""Who is told that a step waits for them, and what each kind of line says: the only door."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workflows.domain import outbox, routing
from workflows.domain.routing import Happening
from workflows.models import Delivery, Notification, Outbox, Task, Transition

# The sentence of each kind; upper apps add theirs when they start.
WORDS: dict[str, Any] = {
    "due_soon": _("Due soon"),
    "due_soon_pool": _("Due soon, and nobody has taken it"),
    "overdue": _("Overdue"),
    "overdue_pool": _("Overdue, and nobody has taken it"),
    "escalated": _("Overdue in your department"),
    "escalated_quality": _("Overdue, brought to the quality department"),
    "escalated_management": _("Overdue, brought to management"),
    "assigned": _("Waits for you"),
}
# Kinds that no quiet hours and no daily summary hold.
URGENT: set[str] = set()
# Kinds whose `data` tell of a step: its name and when it is due.
OF_STEPS: set[str] = set(WORDS)


class About(routing.About):
    """What a line is about."""

    @classmethod
    def of(cls, subject: Any) -> "About":
        """A step or a subject: both know their number, their title and their department."""
        department = getattr(subject, "department_id", None)
        if isinstance(subject, Task):
            return cls(
                subject.subject_kind,
                subject.subject_number,
                subject.root_number,
                subject.title,
                department,
            )
        kind, root = subject.SUBJECT_KIND, subject.root
        return cls(kind, subject.number, root.number, subject.title, department)


def of_step(task: Task) -> dict[str, Any]:
    """What a message about a step may say of it beside its subject."""
    node = task.flow_task
    return {
        "task": task.pk,
        "step": f"{node.flow_class.key}.{node.name}" if node else "",
        "due": task.due.isoformat() if task.due else "",
    }


def tell(
    people: Iterable[int | None],
    *,
    kind: str,
    key: str,
    about: routing.About,
    at: datetime,
    data: dict[str, Any] | None = None,
    urgent: bool = False,
) -> None:
    """Tell each person of an event once per `key` and person, behind the bell and on the channels
    of their choice, and the endpoints that hear it once per `key`: at most seven statements.

    `kind` is one of WORDS. None among the people is passed over, and so are those who left.
    Urgent is not held by quiet hours or a daily summary: by its kind, or for this once.
    """
    told = Happening(kind, key, about, at, urgent or kind in URGENT, data or {})
    with transaction.atomic():
        rows = routing.rows(told, {person for person in people if person is not None})
        Notification.objects.bulk_create(rows.lines, ignore_conflicts=True)
        Delivery.objects.bulk_create(rows.messages, ignore_conflicts=True)


@outbox.handles("transition")
def tell_owner(row: Outbox) -> None:
    """A step that came to a person without their own doing: assigned by the flow or handed over."""
    found = Transition.objects.filter(pk=row.payload["transition"]).first()
    if found is None:
        return
    came = Task.objects.filter(came_from=found.task_id) if found.task_id else Task.objects.none()
    moved = Task.objects.filter(pk=found.task_id) if found.act == "transfer" else came
    for task in moved.filter(finished=None, owner__isnull=False).exclude(owner=found.by):
        tell(
            [task.owner_id],
            kind="assigned",
            key=f"assigned:{task.pk}",
            about=About.of(task),
            at=found.at,
            data=of_step(task),
        )
