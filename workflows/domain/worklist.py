"""The inbox: one indexed query feeds each tab, and what it shows stands on the task row."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from workflows.enums import Rung
from workflows.models import Task
from workflows.permissions import LEADERS

TABS = ("mine", "pool", "done", "started", "escalated")
PAGE = 50
# Everything an inbox row prints; nothing else is read.
COLUMNS = (
    "pk",
    "flow_task",
    "subject_kind",
    "subject_number",
    "root_number",
    "title",
    "customer",
    "product",
    "is_major",
    "due",
    "provisional",
    "created",
    "finished",
    "outcome",
    "escalated_at",
    "owner__name",
    "sender__name",
    "department__name",
    "department__name_en",
)


def mine(user: User) -> Q:
    """Open steps that I own, and those of whom I stand in for today."""
    return Q(finished=None, owner__in={user.pk, *user.authority.stands_in})


def pool(user: User) -> Q:
    """Open, unclaimed steps of my departments and roles."""
    wanted = Q(pk__in=[])
    for department, role in sorted(user.authority.pools):
        wanted |= Q(department=department, role=role)
    # What waits for a role wherever it is held, as the countersignature does.
    wanted |= Q(department=None, role__in=sorted({role for _, role in user.authority.pools}))
    return Q(finished=None, owner=None) & wanted


def escalated(user: User) -> Q:
    """Overdue open steps that have come to me: of the departments I lead or answer for; of all
    where they have reached the quality department and I lead it, or management."""
    led = {department for department, role in user.authority.held if role in LEADERS}
    reached = Q(department__in=led) | Q(answering__in=led)
    if Role.QUALITY_MANAGER in user.authority.roles:
        reached |= Q(rung__gte=Rung.QUALITY)
    elif Role.MANAGEMENT_REPRESENTATIVE in user.authority.roles:
        reached |= Q(rung__gte=Rung.MANAGEMENT)
    return Q(finished=None, escalated_at__isnull=False) & reached


def tab(user: User, name: str) -> QuerySet[Task]:
    """The rows of one tab in its order. Raises KeyError for an unknown one."""
    conditions = {
        "mine": lambda: (mine(user), ("due", "pk")),
        "pool": lambda: (pool(user), ("due", "pk")),
        "done": lambda: (Q(finished_by=user, flow_task_type="HUMAN"), ("-finished", "-pk")),
        "started": lambda: (
            Q(finished=None, starter=user, flow_task_type="HUMAN"),
            ("due", "pk"),
        ),
        "escalated": lambda: (escalated(user), ("due", "pk")),
    }
    condition, order = conditions[name]()
    return Task.objects.filter(condition).order_by(*order)


def page(
    user: User, name: str, *, after: tuple[datetime, int] | None = None, size: int = PAGE
) -> tuple[list[dict[str, Any]], tuple[datetime, int] | None]:
    """One page of a tab as dictionaries, and the key of the next page (None at the end).

    `after` is the key of the last row seen: pages go by key, so the last is as fast as the
    first. One statement.
    """
    rows = tab(user, name)
    column = "finished" if name == "done" else "due"
    if after is not None:
        moment, pk = after
        beyond = "lt" if name == "done" else "gt"
        rows = rows.filter(
            Q(**{f"{column}__{beyond}": moment}) | Q(**{column: moment, f"pk__{beyond}": pk})
        )
    found = list(rows.values(*COLUMNS)[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], (last[column], last["pk"])


def counts(user: User) -> dict[str, int]:
    """How many open steps wait: mine, in my pools, overdue in departments I lead. One statement."""
    return Task.objects.filter(mine(user) | pool(user) | escalated(user)).aggregate(
        mine=Count("pk", filter=mine(user)),
        pool=Count("pk", filter=pool(user)),
        escalated=Count("pk", filter=escalated(user)),
    )


def open_tasks(root_kind_number: str) -> QuerySet[Task]:
    """The open steps of a case and of everything that belongs to it."""
    return (
        Task.objects.filter(root_number=root_kind_number, finished=None, flow_task_type="HUMAN")
        .select_related("owner", "department")
        .order_by("pk")
    )
