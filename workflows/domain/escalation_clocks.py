"""Clocks climb ladders as steps do: how the sweep finds them, holds their cases, and writes."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import QuerySet

from workflows.domain import clock_plans, escalation, notices, registry
from workflows.domain.record import Deed, Entry
from workflows.enums import ClockEvent, ClockState
from workflows.models import Clock


def waiting() -> QuerySet[Any]:
    return Clock.objects.filter(state=ClockState.RUNNING).select_related("department")


def models() -> dict[str, Any]:
    return {flow.subject_model.SUBJECT_KIND: flow.subject_model for flow in registry.flows()}


def hold(clocks: list[Any]) -> dict[int, Callable[[Deed], Entry]]:
    """Lock the roots of clocks without waiting: a statement for each kind of root, and one for
    each kind of subject."""
    free = set(lock_roots(clocks))
    held = [one for one in clocks if (one.root_kind, one.root_id) in free]
    subjects = read_subjects(held)
    return {
        clock.pk: partial(entry, clock, subjects[clock.subject_kind, clock.subject_id])
        for clock in held
    }


def lock_roots(clocks: list[Any]) -> list[tuple[str, int]]:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for clock in clocks:
        by_kind[clock.root_kind].add(clock.root_id)
    found: list[tuple[str, int]] = []
    for kind, keys in by_kind.items():
        roots = models()[kind]._default_manager.filter(pk__in=keys).order_by("pk")
        free = roots.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
        found += [(kind, key) for key in free]
    return found


def read_subjects(clocks: list[Any]) -> dict[tuple[str, int], Any]:
    """The subjects of clocks with their roots, as they stand after the lock."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for clock in clocks:
        by_kind[clock.subject_kind].add(clock.subject_id)
    found: dict[tuple[str, int], Any] = {}
    for kind, keys in by_kind.items():
        model = models()[kind]
        rows = model._default_manager.all()
        if model.ROOT_FIELD:
            rows = rows.select_related(model.ROOT_FIELD)
        found |= {(kind, key): row for key, row in rows.in_bulk(keys).items()}
    return found


def entry(clock: Any, subject: Any, deed: Deed) -> Entry:
    """A line of the record that names the clock and leaves the subject where it is."""
    state = str(subject.state)
    line = {"clock": clock.name, "of": clock.subject_kind, "event": str(ClockEvent.TOLD)}
    told = {**deed.data, "clocks": [{**line, "due": clock.due.isoformat()}]}
    return Entry(subject, replace(deed, data=told), (state, state), versioned=False)


def about(clock: Any) -> notices.About:
    """A clock is spoken of by its case, with its own name behind the title."""
    root = models()[clock.root_kind]._default_manager.get(pk=clock.root_id)
    name = clock_plans.title(clock.subject_kind, clock.name)
    return notices.About(
        clock.subject_kind, clock.subject_number, clock.root_number,
        f"{getattr(root, 'title', root)} · {name}"[:200], clock.department_id,
    )  # fmt: skip


def told(clock: Any) -> dict[str, Any]:
    return {"clock": clock.pk, "step": "", "due": clock.due.isoformat()}


escalation.climbs(escalation.Climbing("clock", waiting, hold, about, told))
