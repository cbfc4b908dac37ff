"""Open steps follow the calendar when it changes; what is done keeps its figures.

A step keeps the working time it was given: what lay between its beginning and its due moment in
the calendar as it was is counted again in the calendar as it is. No day that has passed changes,
so no due moment moves into the past.
"""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from workflows.domain import clock_keeping, record
from workflows.domain.calendar_books import Book
from workflows.domain.calendars import Calendar, add_working_time, working_time_between
from workflows.domain.ladders import look_again
from workflows.domain.record import Deed
from workflows.models import Task


def move_open(old: Book, new: Book, *, since: date, deed: Deed) -> int:
    """Move the due moment of every open step and clock that a change of days from `since` on
    touches, and write one line for each into the record of its case. Returns how many were moved.

    Rungs that are still to come are counted anew in the calendar as it is; those told stay told.
    """
    midnight = datetime.combine(since, time(), timezone.get_default_timezone())
    Task.objects.filter(finished=None, next_at__gte=midnight).update(**look_again())
    waiting = Task.objects.filter(finished=None, due__gte=midnight, flow_task_type="HUMAN")
    moved = 0
    # Read to the end first: SQLite may show a row again that is changed while it reads.
    for task in list(waiting.select_related("department").order_by("pk")):
        path = task.department.path if task.department else ""
        before, after = old.calendar(path), new.calendar(path)
        if before and after and (due := due_again(task, before, after)):
            moved += shift(task, due, new, deed)
    return moved + clock_keeping.move_clocks(old, new, since=midnight, deed=deed)


def due_again(task: Task, before: Calendar, after: Calendar) -> datetime | None:
    """Where the due moment moves to; None where the change does not touch it."""
    assert task.due is not None
    given = working_time_between(before, task.created, task.due)
    if working_time_between(after, task.created, task.due) == given:
        return None
    return add_working_time(after, task.created, given)


def shift(task: Task, due: datetime, new: Book, deed: Deed) -> bool:
    """Move one step, unless its due moment is a date of its own or it was completed meanwhile."""
    node: Any = task.flow_task
    if node is None or task.due is None:
        return False
    process = node.flow_class.process_class.locked(task.process_id)
    if node._due and node._due(process) is not None:
        return False
    open_still = Task.objects.filter(pk=task.pk, finished=None, due=task.due)
    if not open_still.update(due=due, provisional=new.is_provisional(due), **look_again()):
        return False
    moves = {"from": task.due.isoformat(), "to": due.isoformat(), **deed.data}
    write_line(task, process, Deed(by=deed.by, act=deed.act, at=deed.at, data=moves))
    return True


def write_line(task: Task, process: Any, deed: Deed) -> None:
    subject = process.subject
    state, node = str(subject.state), task.flow_task.name
    record.write(
        subject, deed, (state, state), process=process, task=task, node=node, versioned=False
    )


def confirm_year(year: int) -> None:
    """What lies in a year whose list is published now is provisional no longer."""
    zone = timezone.get_default_timezone()
    first, end = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    waiting = Task.objects.filter(finished=None, provisional=True, due__gte=first, due__lt=end)
    waiting.update(provisional=False)
    clock_keeping.confirm(first, end)
