"""Lists of inputs: what is asked for, newest first, and what stands behind one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from cases.domain.importing.customers import chunks
from cases.domain.queries import Order
from cases.models import Case
from surveys.domain.inputs.figures import KEYS
from surveys.domain.periods import Period
from surveys.enums import InputKind
from surveys.models import DeliveredQuality, InputChange, PressItem, ReturnedGoods, SalesVolume
from surveys.models.inputs import Event, Figure, Input

MODELS: dict[str, type[Input]] = {
    one.KIND: one for one in (PressItem, ReturnedGoods, DeliveredQuality, SalesVolume)
}
# The day that a list is ordered by, and periods are asked for.
DAYS = {
    InputKind.PRESS: "published_on",
    InputKind.RETURNS: "returned_on",
    InputKind.QUALITY: "month",
    InputKind.SALES: "month",
}
# What people search in.
TEXTS = {
    InputKind.PRESS: ("title", "publisher"),
    InputKind.RETURNS: ("reason", "batch_number", "product__name", "customer__name"),
    InputKind.QUALITY: ("product__name", "product__code"),
    InputKind.SALES: ("customer__name", "product__name"),
}
# Rows of other tables that a line prints.
NAMES: dict[str, tuple[str, ...]] = {
    InputKind.PRESS: (),
    InputKind.RETURNS: ("product", "customer", "category", "case"),
    InputKind.QUALITY: ("product",),
    InputKind.SALES: ("customer", "product"),
}
# In the address: returns for which no category was given.
NONE = "none"


@dataclass(frozen=True)
class InputFilter:
    """Every field narrows the list; empty ones do not. `kind` is that of a press item."""

    period: Period | None = None
    text: str = ""
    kind: str = ""
    product: int = 0
    customer: int = 0
    category: str = ""
    withdrawn: bool = False


def found(kind: str, wanted: InputFilter) -> QuerySet[Any]:
    """The inputs that stand, or those that were withdrawn."""
    rows: QuerySet[Any] = MODELS[kind]._default_manager.all()
    standing = Q(**MODELS[kind].STANDING)
    rows = rows.filter(Q(withdrawn_at__isnull=False) if wanted.withdrawn else standing)
    for condition in conditions(kind, wanted):
        rows = rows.filter(condition)
    return rows.select_related(*NAMES[kind]) if NAMES[kind] else rows


def conditions(kind: str, wanted: InputFilter) -> Iterable[Q]:
    fields = {field.name for field in MODELS[kind]._meta.get_fields()}
    if wanted.period is not None:
        day = DAYS[InputKind(kind)]
        yield Q(**{f"{day}__gte": wanted.period.first_day, f"{day}__lt": wanted.period.day_after})
    if wanted.text:
        parts = [Q(**{f"{name}__icontains": wanted.text}) for name in TEXTS[InputKind(kind)]]
        yield Q(*parts, _connector=Q.OR)
    if wanted.kind and kind == InputKind.PRESS:
        yield Q(kind=wanted.kind)
    if wanted.product:
        yield Q(**{"products" if kind == InputKind.PRESS else "product": wanted.product})
    if wanted.customer and "customer" in fields:
        yield Q(customer=wanted.customer)
    if wanted.category and "category" in fields:
        yield Q(category=None) if wanted.category == NONE else Q(category=int(wanted.category))


def order(kind: str) -> Order:
    return Order(DAYS[InputKind(kind)])


# ---------------------------------------------------------------------------- one of them
def by_key(kind: str, pk: int) -> Any:
    """One input with the names that its page prints; None where there is none."""
    rows = MODELS[kind]._default_manager.select_related(
        *NAMES[kind], "logged_by", "withdrawn_by", "batch"
    )
    return rows.filter(pk=pk).first()


def changes_of(entry: Event) -> list[InputChange]:
    """What was corrected, the latest first: one statement."""
    rows = InputChange.objects.filter(kind=entry.KIND, entry=entry.pk).select_related("by")
    return list(rows.order_by("-version"))


def revisions_of(figure: Figure) -> list[Any]:
    """Every revision of what the figure is of, the latest first: one statement."""
    names = [name if name == "month" else f"{name}_id" for name in KEYS[figure.KIND]]
    rows: Callable[..., QuerySet[Any]] = type(figure)._default_manager.filter
    same = rows(**{name: getattr(figure, name) for name in names})
    return list(same.select_related("logged_by", "withdrawn_by", "batch").order_by("-revision"))


def visible(numbers: Iterable[str], by: User) -> set[str]:
    """Of these cases, the numbers of those that somebody may open: a statement for hundreds."""
    found: set[str] = set()
    for part in chunks(sorted(set(numbers))):
        rows = Case.objects.visible_to(by).filter(number__in=part)
        found |= set(rows.values_list("number", flat=True))
    return found
