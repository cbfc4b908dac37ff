"""Invariants of other inputs, added to the engine's list."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from surveys.domain.inputs.figures import KEYS
from surveys.domain.inputs.lists import MODELS
from surveys.models import InputChange
from surveys.models.inputs import Event, Figure
from workflows.domain.invariants import invariant


@invariant(7, "Revisions of a monthly figure are 1 to n, and only the last may be current")
def revisions_are_whole() -> Iterator[str]:
    for kind, model in MODELS.items():
        if not issubclass(model, Figure):
            continue
        key = [name if name == "month" else f"{name}_id" for name in KEYS[kind]]
        rows = model._default_manager.order_by().values_list(*key)
        counted = rows.annotate(
            count=Count("pk"),
            last=Max("revision"),
            current=Max("revision", filter=Q(is_current=True)),
        )
        wrong = ~Q(count=F("last")) | (Q(current__isnull=False) & ~Q(current=F("last")))
        for *parts, _count, _last, _current in counted.filter(wrong).order_by(*key):
            yield f"{kind}: {' '.join(map(str, parts))}"


@invariant(7, "A corrected report or return has a line in the record for each version")
def changes_are_whole() -> Iterator[str]:
    for kind, model in MODELS.items():
        if not issubclass(model, Event):
            continue
        known = InputChange.objects.filter(kind=kind).order_by().values_list("entry")
        told: dict[int, int] = dict(known.annotate(Count("pk")))
        rows = model._default_manager.filter(version__gt=1).order_by("pk")
        for pk, version in rows.values_list("pk", "version").iterator(500):
            if told.get(pk, 0) != version - 1:
                yield f"{kind}: {pk}"
