"""Who is told behind the bell that a step waits for them, and what each kind of line says."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from workflows.domain import outbox
from workflows.models import Notification, Outbox, Task, Transition

# The sentence of each kind; upper apps add theirs when they start.
WORDS: dict[str, Any] = {
    "escalated": _("Overdue in your department"),
    "assigned": _("Waits for you"),
}


class About(NamedTuple):
    """What a line is about, as the bell shows it."""

    kind: str
    number: str
    root_number: str
    title: str

    @classmethod
    def of(cls, subject: Any) -> "About":
        """A step or a subject: both know their number and their title."""
        if isinstance(subject, Task):
            return cls(
                subject.subject_kind, subject.subject_number, subject.root_number, subject.title
            )
        return cls(subject.SUBJECT_KIND, subject.number, subject.root.number, subject.title)


def tell(
    people: Iterable[int | None],
    *,
    kind: str,
    key: str,
    about: About,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Tell each person of an event, once per `key` and person: one statement.

    `kind` is one of WORDS. None among the people is passed over.
    """
    rows = [
        Notification(
            user_id=person,
            kind=kind,
            key=f"{key}:{person}",
            subject_kind=about.kind,
            subject_number=about.number,
            root_number=about.root_number,
            title=about.title,
            data=data or {},
            at=at,
        )
        for person in sorted({person for person in people if person is not None})
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


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
            data={"task": task.pk},
        )
