"""What must always hold (QUALITY.md 3), as named read-only checks over the whole database.

Each check yields a sentence per offending row; upper apps add theirs with `@invariant`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q

from workflows.domain import registry
from workflows.domain.context import now
from workflows.domain.escalation import rungs_left
from workflows.domain.proof import edges_of, legal_pairs
from workflows.enums import Event
from workflows.models import Notification, Outbox, Process, Task, Transition

Check = Callable[[], Iterator[str]]
LADDER = (Event.WARN, Event.ESCALATE)
_checks: list[tuple[int, str, Check]] = []


def invariant(number: int, sentence: str) -> Callable[[Check], Check]:
    """Register a check under its number in QUALITY.md 3."""

    def register(check: Check) -> Check:
        _checks.append((number, sentence, check))
        return check

    return register


def violations() -> Iterator[tuple[int, str, str]]:
    """Every violation as (number, what must hold, offending row)."""
    for number, sentence, check in sorted(_checks, key=lambda entry: entry[0]):
        for row in check():
            yield number, sentence, row


def count() -> int:
    return len(_checks)


@invariant(3, "The state of a subject fits the step that waits on it")
def states_fit_steps() -> Iterator[str]:
    open_flows = set(Process.objects.filter(finished=None).values_list("flow_class", flat=True))
    for flow in open_flows:
        legal = legal_pairs(flow)
        process_class = flow.process_class
        running = process_class._default_manager.filter(finished=None, flow_class=flow)
        subjects = {
            process.pk: process.subject
            for process in running.select_related(
                process_class.ROOT_FIELD, *process_class.SUBJECT_FIELDS
            )
        }
        for task in Task.objects.filter(process__in=subjects, finished=None):
            state = str(subjects[task.process_id].state)
            if task.flow_task is None or (task.flow_task.name, state) not in legal:
                yield f"{task.subject_number}: {task.flow_task} in {state}"


@invariant(4, "A task has one completion, with a moment")
def completions_are_whole() -> Iterator[str]:
    half = Task.objects.filter(Q(status="DONE", finished=None) | Q(outcome="", status="DONE"))
    for task in half.filter(flow_task_type="HUMAN"):
        yield f"task {task.pk} of {task.subject_number}"


@invariant(5, "No running process is without an open step, and no ended one has any")
def processes_and_tasks_agree() -> Iterator[str]:
    waiting = Task.objects.filter(finished=None).values("process")
    for process in Process.objects.filter(finished=None).exclude(pk__in=waiting):
        yield f"process {process.pk} runs without a step"
    for task in Task.objects.filter(finished=None, process__finished__isnull=False):
        yield f"task {task.pk} of {task.subject_number} outlives its process"


@invariant(6, "The record of a subject is contiguous and follows the state machine")
def record_is_contiguous() -> Iterator[str]:
    for (kind, _pk), rows in records():
        moves = allowed_moves(kind)
        last = None
        for row in rows:
            if last is not None and row.from_state != last:
                yield f"{row.subject_number}: {last} ≠ {row.from_state} at row {row.pk}"
            if row.from_state != row.to_state and (row.from_state, row.to_state) not in moves:
                yield f"{row.subject_number}: {row.from_state} → {row.to_state} at row {row.pk}"
            last = row.to_state


@invariant(7, "Versions run from 1 without a gap, and the last row has the subject's state")
def versions_have_no_gap() -> Iterator[str]:
    ends: dict[tuple[str, int], tuple[int, str, str]] = {}
    for (kind, pk), rows in records():
        numbered = [row for row in rows if row.version is not None]
        versions = [row.version for row in numbered]
        number = rows[0].subject_number
        if versions != list(range(1, len(versions) + 1)):
            yield f"{number}: versions {versions}"
        ends[kind, pk] = (len(versions), rows[-1].to_state, number)
    for model in {flow.subject_model for flow in registry.flows()}:
        stored = model._default_manager.values_list("pk", "version", "state")
        for pk, version, state in stored:
            found = ends.get((model.SUBJECT_KIND, pk))
            if found is None or found[:2] != (version, state):
                yield f"{model.__name__} {pk}: version {version} in {state}, record {found}"


@invariant(10, "Every open step with a due moment is on its ladder, and no rung is an hour late")
def rungs_are_fired() -> Iterator[str]:
    old = now() - timedelta(hours=1)
    waiting = Task.objects.filter(finished=None, due__isnull=False, flow_task_type="HUMAN")
    doubtful = waiting.filter(Q(next_at=None) | Q(next_at__lt=old)).select_related("department")
    for look in rungs_left(doubtful):
        if look.at is not None and (look.row.next_at is None or look.at < old):
            yield f"{look.row.subject_number}: due {look.row.due}, next rung {look.at}"


@invariant(12, "Rungs of a step rise, each is told once and not before its moment")
def rungs_rise() -> Iterator[str]:
    for task in Task.objects.filter(escalated_at__lt=F("due")):
        yield f"{task.subject_number}: escalated {task.escalated_at}, due {task.due}"
    come: dict[tuple[int | None, str], int] = {}
    told = Transition.objects.filter(act__in=LADDER, data__has_key="rung", task__isnull=False)
    for row in told.order_by("pk"):
        key, rung = (row.task_id, row.data["due"]), row.data["rung"]
        if rung <= come.get(key, 0):
            yield f"{row.subject_number}: rung {rung} after {come[key]}"
        if row.data["moment"] and row.at < datetime.fromisoformat(row.data["moment"]):
            yield f"{row.subject_number}: rung {rung} at {row.at} before {row.data['moment']}"
        come[key] = rung
    lines = Notification.objects.filter(data__has_keys=["task", "rung"])
    for line in lines.values("user", "data__task", "data__rung", "data__due").annotate(
        times=Count("pk")
    ):
        if line["times"] > 1:
            yield f"task {line['data__task']}: rung {line['data__rung']} told {line['times']} times"


@invariant(13, "No effect waits longer than 15 minutes, and none is dead")
def outbox_is_drained() -> Iterator[str]:
    old = now() - timedelta(minutes=15)
    for row in Outbox.objects.filter(Q(sent=None, due__lt=old) | Q(dead__isnull=False)):
        yield f"{row.key}: {row.error or 'waiting'}"


@invariant(27, "Open work belongs to active people")
def owners_are_active() -> Iterator[str]:
    for task in Task.objects.filter(finished=None, owner__is_active=False):
        yield f"{task.subject_number}: {task.owner}"


def records() -> Iterator[tuple[tuple[str, int], list[Transition]]]:
    """The transition rows of each subject, in their order."""
    rows = Transition.objects.order_by("subject_kind", "subject_id", "pk").iterator(2000)
    for key, group in groupby(rows, key=lambda row: (row.subject_kind, row.subject_id)):
        yield key, list(group)


def allowed_moves(kind: str) -> set[tuple[str, str]]:
    """The (from, to) pairs of the state machine of a kind of subject."""
    models: set[Any] = {
        flow.subject_model for flow in registry.flows() if kind == flow.subject_model.SUBJECT_KIND
    }
    return {
        (source, target)
        for model in models
        for edge in edges_of(model).values()
        for source, targets in edge.items()
        for target in targets
    }
