"""Steps climb ladders: how the sweep finds them, holds their cases and writes into their record."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet

from workflows.domain import escalation, notices
from workflows.domain.record import Deed, Entry
from workflows.models import Task


def waiting() -> QuerySet[Task]:
    return Task.objects.filter(finished=None).select_related("department")


def hold(tasks: list[Task]) -> dict[int, Callable[[Deed], Entry]]:
    """Lock the roots of steps without waiting; two statements for each kind of process.

    The states are read after the lock, by a statement of its own: one that locks and reads at
    once shows what stood there before somebody else committed.
    """
    by_class: dict[Any, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.flow_task is not None:
            by_class[task.flow_task.flow_class.process_class].append(task)
    places: dict[int, Callable[[Deed], Entry]] = {}
    for process_class, some in by_class.items():
        processes = lock_roots(process_class, {task.process_id for task in some})
        places |= {
            task.pk: partial(entry, task, processes[task.process_id])
            for task in some
            if task.process_id in processes
        }
    return places


def lock_roots(process_class: Any, keys: set[int]) -> dict[int, Any]:
    """The processes whose root could be locked, with root and subject as they stand now."""
    found = process_class._default_manager.select_related(process_class.ROOT_FIELD)
    locked = found.filter(pk__in=keys).order_by("pk")
    free = locked.select_for_update(of=(process_class.ROOT_FIELD,), skip_locked=True)
    keys = {process.pk for process in free}
    fields = (process_class.ROOT_FIELD, *process_class.SUBJECT_FIELDS)
    return process_class._default_manager.select_related(*fields).in_bulk(keys)


def entry(task: Task, process: Any, deed: Deed) -> Entry:
    """A line of the record that leaves the subject where it is."""
    subject = process.subject
    state = str(subject.state)
    return Entry(
        subject, deed, (state, state),
        process=process, task=task, node=task.flow_task.name, versioned=False,
    )  # fmt: skip


escalation.climbs(escalation.Climbing("task", waiting, hold, notices.About.of, notices.of_step))
