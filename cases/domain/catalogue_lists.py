"""A catalogue as it is read: in its order, products as a tree, page by page."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q

from cases.models import Product
from cases.models.catalogue import Entry

PAGE = 100


class Spot(NamedTuple):
    """An entry's place: above it lie the keys in `way`."""

    pk: int
    way: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """An entry and how deep it lies in its tree; `found` is off for what only leads there."""

    entry: Any
    depth: int

    @property
    def indent(self) -> str:
        return "\u3000" * self.depth


def page(
    model: type[Entry], *, text: str = "", after: int = 0, size: int = PAGE
) -> tuple[list[Row], int]:
    """One page of a catalogue, and the key to go on after (0: the end). At most three statements.

    A text finds code and names; what lies above a found product is shown with it.
    """
    spots = in_order(model)
    if text:
        spots = leading_to(spots, matching(model, text))
    keys = [spot.pk for spot in spots]
    begin = keys.index(after) + 1 if after in keys else 0
    shown = spots[begin : begin + size]
    rows = [
        Row(entry, len(spot.way)) for spot, entry in zip(shown, read(model, shown), strict=True)
    ]
    more = len(spots) > begin + size
    return rows, shown[-1].pk if more else 0


def in_order(model: type[Entry]) -> list[Spot]:
    """Every entry by position and code, each followed by what lies below it: one statement."""
    parent = "parent_id" if model is Product else None
    columns = ["pk", parent] if parent else ["pk"]
    below: dict[int | None, list[int]] = {}
    rows = model._default_manager.order_by("position", "code").values_list(*columns)
    for pk, *above in rows:
        below.setdefault(above[0] if above else None, []).append(pk)
    spots: list[Spot] = []
    waiting = [Spot(pk, ()) for pk in reversed(below.get(None, []))]
    while waiting:
        spot = waiting.pop()
        spots.append(spot)
        way = (*spot.way, spot.pk)
        waiting += [Spot(pk, way) for pk in reversed(below.get(spot.pk, []))]
    return spots


def matching(model: type[Entry], text: str) -> set[int]:
    found = Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
    return set(model._default_manager.filter(found).values_list("pk", flat=True))


def leading_to(spots: list[Spot], found: set[int]) -> list[Spot]:
    kept = set(found)
    for spot in spots:
        if spot.pk in found:
            kept.update(spot.way)
    return [spot for spot in spots if spot.pk in kept]


def read(model: type[Entry], spots: list[Spot]) -> list[Any]:
    rows: Any = model._default_manager.filter(pk__in=[spot.pk for spot in spots])
    if hasattr(model, "department"):
        rows = rows.select_related("department")
    by_key = {entry.pk: entry for entry in rows}
    return [by_key[spot.pk] for spot in spots]


def parents(*, without: Product | None = None) -> list[tuple[int, str]]:
    """(key, name) of the active products as a tree; `without` leaves out a branch."""
    active = Product.objects.filter(is_active=True)
    names = {product.pk: product.label for product in active.only("name", "name_en")}
    return [
        (spot.pk, "\u3000" * len(spot.way) + names[spot.pk])
        for spot in in_order(Product)
        if spot.pk in names and (without is None or without.pk not in (spot.pk, *spot.way))
    ]
