"""What a clock is started and read by: the rules in force and the calendars, in one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Subquery

from accounts.models import Department
from workflows.domain import calendar_books, deadlines
from workflows.domain.calendars import Calendar
from workflows.domain.clock_plans import Facts
from workflows.models import (
    CalendarChange,
    Clock,
    ClockPolicy,
    ClockRule,
    DeadlinePolicy,
    EngineModel,
)

Rules = tuple[ClockRule, ...]


@lru_cache(maxsize=64)
def rules_of(token: UUID) -> Rules:
    """The rules of a version in their order. What a version says never changes, so it is kept."""
    return tuple(ClockRule.objects.filter(policy__token=token).order_by("position"))


def matching(rules: Iterable[ClockRule], name: str, facts: Facts) -> ClockRule | None:
    """The first rule of a clock whose conditions hold."""
    return next((one for one in rules if one.name == name and holds(one.conditions, facts)), None)


def holds(conditions: Mapping[str, list[Any]], facts: Facts) -> bool:
    """Whether every fact named has one of its values; a fact may be several (a product and the
    families above it)."""
    return all(has_one(facts.get(fact), values) for fact, values in conditions.items())


def has_one(fact: Any, values: list[Any]) -> bool:
    return any(one in values for one in (fact if isinstance(fact, tuple) else (fact,)))


@dataclass
class Frame:
    """What holds at one moment for the clocks of one root."""

    policy: UUID | None
    book: calendar_books.Book
    week: Any
    round: int

    def calendar(self, path: str) -> Calendar:
        """The calendar of a department; before there are any, the week of the deadlines."""
        return self.book.calendar(path) or deadlines.of_week(self.week_text())

    def week_text(self) -> str:
        return deadlines.week_text(self.week)

    def path(self, department: int | None) -> str:
        """Where a department stands: one statement, none where all work by one calendar."""
        if department is None or not self.book.of_department:
            return ""
        paths = Department.objects.filter(pk=department).values_list("path", flat=True)
        return paths.first() or ""


def common(at: datetime) -> dict[str, Any]:
    """The columns a frame is made of, for a statement that is made anyway."""
    changes = CalendarChange.objects.order_by("-pk").values("token")[:1]
    week = DeadlinePolicy.objects.in_force(at).values("week")[:1]
    policy = ClockPolicy.objects.in_force(at).values("token")[:1]
    return {
        "calendar_token": Subquery(changes),
        "week": Subquery(week),
        "policy_token": Subquery(policy),
    }


def open_clocks(root: EngineModel, at: datetime) -> QuerySet[Any]:
    """The clocks of a root that have not stopped, with what `framed` needs."""
    mine = Clock.objects.filter(root_kind=root.SUBJECT_KIND, root_id=root.pk, stopped=None)
    return (
        mine.select_related("department")
        .annotate(own_token=F("rule__policy__token"), **common(at))
        .order_by("pk")
    )


def framed(row: Any) -> Frame:
    """The frame that a row of `open_clocks` brings along."""
    book = calendar_books.book_of(row.calendar_token)
    return Frame(row.policy_token, book, row.week, row.round)


def frame(root: EngineModel, at: datetime) -> Frame:
    """The frame for a root without an open clock: one statement, none for the next child of it
    at the same moment."""
    kept = root.__dict__.get("_clock_frame")
    if kept is None or kept[0] != at:
        last = Clock.objects.filter(root_kind=root.SUBJECT_KIND, root_id=root.pk)
        row: Any = (
            ClockPolicy.objects.in_force(at)
            .annotate(last_round=Subquery(last.order_by("-round").values("round")[:1]))
            .annotate(**common(at))
            .first()
        )
        if row is None:
            made = Frame(None, calendar_books.Book(), None, 1)
        else:
            book = calendar_books.book_of(row.calendar_token)
            made = Frame(row.token, book, row.week, row.last_round or 1)
        kept = root.__dict__["_clock_frame"] = at, made
    return kept[1]
