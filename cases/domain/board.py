"""Reading corrective actions: the list, and the board by department with columns of states."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, When

from accounts.models import Department, User
from cases.domain.queries import Order
from cases.enums import ACTION_ENDED, ActionKind, ActionState
from cases.models import Case, CorrectiveAction
from workflows.domain.context import now

# The columns of the board; what has ended stands in the list.
COLUMNS = [
    ActionState.PROPOSED,
    ActionState.ASSIGNED,
    ActionState.RETURNED,
    ActionState.ACCEPTED,
    ActionState.IN_PROGRESS,
    ActionState.SUBMITTED,
    ActionState.WATCHED,
    ActionState.VERIFIED,
]
MOST_CARDS = 300
ORDERS = {"newest": Order(), "due": Order("due", descending=False)}


@dataclass(frozen=True)
class ActionFilter:
    """What the list and the board show; empty and unknown fields do not narrow it."""

    text: str = ""
    state: str = ""
    kind: str = ""
    department: int = 0
    owner: int = 0
    overdue: bool = False


def actions(user: User, wanted: ActionFilter) -> QuerySet[CorrectiveAction]:
    """The actions of visible cases that fit, newest first."""
    found = CorrectiveAction.objects.filter(case__in=Case.objects.visible_to(user))
    if wanted.state in ActionState.values:
        found = found.filter(state=wanted.state)
    elif wanted.state in {"open", "ended"}:
        ended = Q(state__in=ACTION_ENDED)
        found = found.filter(~ended if wanted.state == "open" else ended)
    if wanted.kind in ActionKind.values:
        found = found.filter(kind=wanted.kind)
    if wanted.department:
        below = Q(department__path__contains=f"/{wanted.department}/")
        found = found.filter(Q(department=wanted.department) | below)
    if wanted.owner:
        found = found.filter(owner=wanted.owner)
    if wanted.overdue:
        # What is watched was done; its window is no due date.
        waiting = found.exclude(state__in=ACTION_ENDED | {ActionState.WATCHED})
        found = waiting.filter(due__lt=now())
    for word in wanted.text.split()[:6]:
        found = found.filter(
            Q(number__icontains=word) | Q(title__icontains=word) | Q(case__number__icontains=word)
        )
    return found.select_related("case", "department", "owner").order_by("-pk")


@dataclass
class Lane:
    """One department of the board: its cards by state, in the order of the columns."""

    department: Department | None
    cells: dict[str, list[CorrectiveAction]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(len(cards) for cards in self.cells.values())


def board(user: User, wanted: ActionFilter) -> tuple[list[Lane], bool]:
    """Open actions by department and state, the most urgent first, and whether more are open
    than the board holds: one statement. What is watched stands by the end of its window."""
    window = When(state=ActionState.WATCHED, then="watch_until")
    found = actions(user, wanted).filter(state__in=COLUMNS)
    found = found.order_by(models.Case(window, default="due"), "pk")
    rows: list[Any] = list(found[: MOST_CARDS + 1])
    lanes: dict[int | None, Lane] = {}
    for action in rows[:MOST_CARDS]:
        empty = Lane(action.department, {str(state): [] for state in COLUMNS})
        lane = lanes.setdefault(action.department_id, empty)
        lane.cells[str(action.state)].append(action)
    places = sorted(
        lanes.values(), key=lambda lane: lane.department.path if lane.department else ""
    )
    return places, len(rows) > MOST_CARDS
