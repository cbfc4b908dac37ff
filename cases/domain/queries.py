"""Reading cases: filters that combine, orders, pages by key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from cases.domain import customers, responsibility, search
from cases.enums import ENDED, OPEN, CaseState, CustomerType, Extent, Flag, Harm, Kind, Severity
from cases.models import Case
from workflows.domain.context import now
from workflows.models import Task

PAGE = 50
# More customers than that share the digits only when too few were typed.
MOST_CALLERS = 500
GROUPS = {"open": OPEN, "ended": ENDED}
# Filters by a choice: parameter → column and what may be chosen.
CHOICES: dict[str, tuple[str, Sequence[str]]] = {
    "state": ("state", CaseState.values),
    "kind": ("kind", Kind.values),
    "severity": ("severity", Severity.values),
    "harm": ("harm", Harm.values),
    "extent": ("extent", Extent.values),
    "customer_type": ("customer__type", CustomerType.values),
}
# Filters by the key of a row: parameter → column. A tree is asked for with all below it.
KEYS = {
    "customer": "customer",
    "customer_class": "customer__customer_class",
    "channel": "channel",
    "category": "category",
    "cause": "cause",
}
TREES = ("department", "product")


@dataclass(frozen=True)
class CaseFilter:
    """What a list shows: every field narrows it, empty and unknown ones do not."""

    text: str = ""
    group: str = ""
    state: str = ""
    kind: str = ""
    severity: str = ""
    harm: str = ""
    extent: str = ""
    customer_type: str = ""
    flag: str = ""
    department: int = 0
    product: int = 0
    customer: int = 0
    customer_class: int = 0
    category: int = 0
    cause: int = 0
    channel: int = 0
    received_from: datetime | None = None
    received_to: datetime | None = None
    closed_from: datetime | None = None
    overdue: bool = False
    # A department that a case counts for by shares, or those that count for none.
    share: str = ""
    logged_by: int = 0
    with_person: int = 0


def cases(user: User, wanted: CaseFilter) -> QuerySet[Case]:
    """The visible cases that fit the filter, newest first."""
    found: QuerySet[Case] = Case.objects.visible_to(user)
    for condition in conditions(wanted):
        found = found.filter(condition)
    if wanted.text:
        found = search.matching(
            found,
            wanted.text,
            callers=lambda digits: customers.with_phone(user, digits, most=MOST_CALLERS),
        )
    return found.order_by("-pk")


def conditions(wanted: CaseFilter) -> list[Q]:
    """One condition for each filter that is set and known."""
    made = []
    if wanted.group in GROUPS:
        made.append(Q(state__in=GROUPS[wanted.group]))
    for name, (column, known) in CHOICES.items():
        if getattr(wanted, name) in known:
            made.append(Q(**{column: getattr(wanted, name)}))
    if wanted.flag in Flag.values:
        made.append(Q(**{wanted.flag: True}))
    made += [
        Q(**{col: getattr(wanted, name)}) for name, col in KEYS.items() if getattr(wanted, name)
    ]
    for name in TREES:
        if key := getattr(wanted, name):
            made.append(Q(**{name: key}) | Q(**{f"{name}__path__contains": f"/{key}/"}))
    moments = {
        "received_at__gte": wanted.received_from,
        "received_at__lt": wanted.received_to,
        "closed_at__gte": wanted.closed_from,
        "logged_by": wanted.logged_by,
    }
    made += [Q(**{name: value}) for name, value in moments.items() if value]
    if wanted.share:
        made.append(responsibility.credited(wanted.share))
    if wanted.overdue:
        made.append(Q(state__in=OPEN) & Q(Exists(steps(due__lt=now()))))
    if wanted.with_person:
        made.append(Q(state__in=OPEN) & Q(Exists(steps(owner=wanted.with_person))))
    return made


def steps(**given: Any) -> QuerySet[Task]:
    """Open steps of people in the case of the outer query, of its actions and extensions too."""
    return Task.objects.filter(
        process__caseprocess__case=OuterRef("pk"), finished=None, flow_task_type="HUMAN", **given
    )


# ---------------------------------------------------------------------------- order and pages
@dataclass(frozen=True)
class Order:
    """An order of a list that pages can go on from: by a column and the key, or the key alone."""

    column: str = ""
    descending: bool = True

    def sort(self, found: QuerySet[Any]) -> QuerySet[Any]:
        sign = "-" if self.descending else ""
        names = [self.column, "pk"] if self.column else ["pk"]
        return found.order_by(*(sign + name for name in names))

    def beyond(self, mark: tuple[Any, int], *, back: bool = False) -> Q:
        """What lies after a row, or before it."""
        value, key = mark
        side = "lt" if self.descending != back else "gt"
        if not self.column:
            return Q(**{f"pk__{side}": key})
        same = Q(**{self.column: value, f"pk__{side}": key})
        # The range stands alone as well, so that an index on the column can be used.
        return Q(**{f"{self.column}__{side}e": value}) & (
            Q(**{f"{self.column}__{side}": value}) | same
        )

    def mark(self, row: Any) -> tuple[Any, int]:
        return (getattr(row, self.column) if self.column else None), row.pk


NEWEST = Order()


@dataclass(frozen=True)
class Page:
    """Rows, and the marks of the rows to go on from on both sides; None where nothing is."""

    rows: list[Any]
    before: tuple[Any, int] | None = None
    after: tuple[Any, int] | None = None


def page(
    found: QuerySet[Any],
    *,
    order: Order = NEWEST,
    after: tuple[Any, int] | None = None,
    before: tuple[Any, int] | None = None,
    size: int = PAGE,
) -> Page:
    """One page by key: one row more is read, none is counted."""
    chosen = order
    if before is not None:
        chosen = Order(order.column, not order.descending)
        found = found.filter(order.beyond(before, back=True))
    elif after is not None:
        found = found.filter(order.beyond(after))
    rows = list(chosen.sort(found)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if before is not None:
        rows.reverse()
    if not rows:
        return Page([])
    back = more if before is not None else after is not None
    on = True if before is not None else more
    return Page(
        rows,
        order.mark(rows[0]) if back else None,
        order.mark(rows[-1]) if on else None,
    )


def with_due(found: QuerySet[Case]) -> QuerySet[Case]:
    """Open cases with the due moment of their most urgent step."""
    urgent = steps(due__isnull=False).order_by("due").values("due")[:1]
    return (
        found.filter(state__in=OPEN)
        .annotate(step_due=Subquery(urgent))
        .filter(step_due__isnull=False)
    )


ORDERS = {
    "newest": NEWEST,
    "received": Order("received_at"),
    "due": Order("step_due", descending=False),
}


# ---------------------------------------------------------------------------- what a row shows
def with_names(found: QuerySet[Case]) -> QuerySet[Case]:
    """Only what a list prints, with the names beside the keys: still one statement."""
    return found.select_related("customer", "product", "department").only(
        "number", "kind", "severity", "title", "state", "received_at", "legal_liability",
        "media_exposed", "customer__name", "product__name", "product__name_en",
        "department__name", "department__name_en",
    )  # fmt: skip


def open_steps(cases: Iterable[Case]) -> dict[int, Task]:
    """The most urgent open step of each case: one statement for a page."""
    keys = [case.pk for case in cases]
    tasks = (
        Task.objects.filter(
            process__caseprocess__case__in=keys, finished=None, flow_task_type="HUMAN"
        )
        .annotate(case_key=F("process__caseprocess__case"))
        .select_related("owner", "department")
        .order_by(F("due").desc(nulls_first=True), "-pk")
    )
    return {task.case_key: task for task in tasks}


def similar(user: User, text: str, *, product: int = 0) -> list[tuple[float, Case]]:
    """Recent visible cases like what is being typed, with their likeness from 0 to 1."""
    found = Case.objects.visible_to(user).select_related("customer", "product")
    return search.alike(found, text, product=product)
