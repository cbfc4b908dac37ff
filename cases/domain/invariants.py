"""Invariants of cases (QUALITY.md 3), added to the engine's list."""

import hashlib
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from cases.domain.files import path_of
from cases.enums import ACTION_ENDED, ENDED, OPEN, CaseState
from cases.models import Attachment, Case, CaseProcess, CorrectiveAction
from workflows.domain.invariants import invariant
from workflows.models import Task


@invariant(1, "An open case has a step that waits for somebody")
def open_cases_are_waiting() -> Iterator[str]:
    waiting = Task.objects.filter(root_number=OuterRef("number"), finished=None)
    for case in Case.objects.filter(~Exists(waiting), state__in=OPEN):
        yield f"{case.number} in {case.state}"


@invariant(2, "An ended case has no open step, process or action; a closed one may have a motion")
def ended_cases_are_quiet() -> Iterator[str]:
    """Of a closed case a flag may still be moved: what is in the papers later counts too."""
    waiting = Task.objects.filter(root_number=OuterRef("number"), finished=None)
    running = CaseProcess.objects.filter(case=OuterRef("pk"), finished=None)
    undone = CorrectiveAction.objects.filter(case=OuterRef("pk")).exclude(state__in=ACTION_ENDED)
    loud = Exists(waiting.exclude(subject_kind="flag")) | Exists(running.filter(flag=None))
    moved = (Exists(waiting) | Exists(running)) & ~Q(state=CaseState.CLOSED)
    for case in Case.objects.filter(loud | moved | Exists(undone), state__in=ENDED):
        yield f"{case.number} in {case.state}"


@invariant(8, "Received before logged, logged before closed")
def moments_are_in_order() -> Iterator[str]:
    late = Q(received_at__gt=F("logged_at")) | Q(logged_at__gt=F("closed_at"))
    # A clock of another machine may be five minutes ahead when a receipt is typed in.
    for case in Case.objects.filter(late).exclude(source="import"):
        if (case.received_at - case.logged_at).total_seconds() > 300 or case.closed_at:
            yield f"{case.number}: {case.received_at} {case.logged_at} {case.closed_at}"


@invariant(17, "A return has its reason")
def returns_have_reasons() -> Iterator[str]:
    for task in Task.objects.filter(outcome__startswith="return_", reason=""):
        yield f"{task.subject_number}: {task.outcome}"


@invariant(25, "Each file is there, with the size and the hash of its row")
def files_are_there() -> Iterator[str]:
    for row in Attachment.objects.order_by("pk").iterator(500):
        path = path_of(row)
        if not path.exists():
            yield f"{row.key} {row.name}: missing"
        elif path.stat().st_size != row.size:
            yield f"{row.key} {row.name}: size"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
            yield f"{row.key} {row.name}: hash"
