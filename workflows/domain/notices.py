"""Who is told behind the bell that a step waits for them, and what each kind of line says."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.domain import outbox
from workflows.models import Notification, Outbox, Task, Transition

# The sentence of each kind; upper apps add theirs when they start.
WORDS: dict[str, Any] = {
    "escalated": _("Overdue in your department"),
    "assigned": _("Waits for you"),
}


@outbox.handles("transition")
def tell_owner(row: Outbox) -> None:
    """A step that came to a person without their own doing: assigned by the flow or handed over."""
    found = Transition.objects.filter(pk=row.payload["transition"]).first()
    if found is None:
        return
    came = Task.objects.filter(came_from=found.task_id) if found.task_id else Task.objects.none()
    moved = Task.objects.filter(pk=found.task_id) if found.act == "transfer" else came
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=task.owner_id,
                kind="assigned",
                key=f"assigned:{task.pk}:{task.owner_id}",
                subject_kind=task.subject_kind,
                subject_number=task.subject_number,
                root_number=task.root_number,
                title=task.title,
                data={"task": task.pk},
                at=found.at,
            )
            for task in moved.filter(finished=None, owner__isnull=False).exclude(owner=found.by)
            if task.owner_id is not None
        ],
        ignore_conflicts=True,
    )
