"""Driving a case to an end by legal steps, from wherever a walk has left it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.domain import effectiveness
from cases.enums import ENDED
from cases.models import Case
from tests.stateful.inputs import given
from workflows.domain import registry
from workflows.domain.assignment import release
from workflows.domain.transitions import intervene, perform
from workflows.errors import EngineError
from workflows.models import Task
from workflows.permissions import may_take

MOST = 200
# The nearest end: back and out, where the first outcome of a step would lead on.
NEAREST = {
    "triage": "reject",
    "statement": "return_to_triage",
    "review": "return_to_statement",
    "arbitration": "return_to_statement",
    "verification": "return_to_review",
    "reply": "return_to_review",
    "closing": "return_to_review",
    "investigate": "unfounded",
}
# Beside the case the shortest way is taken always.
SHORTEST = {"carry_out": "decline", "first": "dismiss", "second": "dismiss", "assign": "cancel"}
# What a measure or a major case is spared on the nearest way: by whom, with which act.
SPARED = {"action": ("engineer", "cancel"), "case": ("manager", "lower_severity")}


class Stuck(AssertionError):
    """No way on: a step that nobody can complete."""


class Driver:
    """Takes one open step after the other; `to_closing` leads through to the closing itself."""

    def __init__(self, walk: Any, *, to_closing: bool) -> None:
        self.walk, self.to_closing = walk, to_closing
        # What was done and what was refused, told when there is no way on.
        self.log: list[str] = []

    def drive(self, case: Case) -> None:
        for _turn in range(MOST):
            case.refresh_from_db()
            if case.state in ENDED:
                return
            self.one_step(case)
            self.walk.watcher.look()
        raise Stuck("\n".join([f"{case} in {case.state} after {MOST} steps", *self.log[-40:]]))

    def one_step(self, case: Case) -> None:
        """What runs beside first; then the step of the case itself."""
        waiting = Task.objects.filter(root_number=case.number, finished=None)
        tasks = [
            task
            for task in waiting.select_related("owner").order_by("-pk")
            if hasattr(task.flow_task, "outcomes")
        ]
        if not tasks:
            raise Stuck(f"{case} waits for nothing in {case.state}")
        tasks.sort(key=lambda task: task.subject_kind == "case")
        if not any(self.took(task) for task in tasks):
            raise Stuck("\n".join([f"{case} in {case.state}", *self.log[-40:]]))

    def took(self, task: Task) -> bool:
        subject = self.walk.subject(task)
        if not self.to_closing and self.spared(subject):
            return True
        if task.flow_task.automatic:
            return self.window_passed(task)
        return any(
            self.done(task, subject, outcome, by)
            for outcome in self.ways(task, subject)
            for by in self.people(task)
        )

    def spared(self, subject: Any) -> bool:
        """Leave out what need not be done on the way to the nearest end."""
        who, name = SPARED.get(subject.SUBJECT_KIND, ("", ""))
        act = name and registry.flow(subject.flow_key).act(name)
        if not act or str(subject.state) not in act.states - {"investigation", "arbitration"}:
            return False
        with self.walk.now():
            intervene(subject, name, by=getattr(self.walk.c, who), reason="走完流程")
        return True

    def window_passed(self, task: Task) -> bool:
        self.walk.moment = max(self.walk.moment, task.due) + timedelta(minutes=1)
        with self.walk.now():
            return effectiveness.pass_windows() > 0

    def ways(self, task: Task, subject: Any) -> Iterator[str]:
        """The outcome wished for first, then the others as they stand in the flow."""
        node = task.flow_task
        wished = SHORTEST.get(node.name) or (not self.to_closing and NEAREST.get(node.name))
        if node.name == "verify" and not subject.window_is_over:
            wished = "watch"
        if wished in node.outcomes:
            yield wished
        yield from (name for name in node.outcomes if name != wished)

    def people(self, task: Task) -> list[User]:
        return [person for person in self.walk.everybody if may_take(task, person)]

    def done(self, task: Task, subject: Any, outcome: str, by: User) -> bool:
        self.walk.moment += timedelta(minutes=1)
        fresh = Task.objects.select_related("owner").get(pk=task.pk)
        with self.walk.now():
            try:
                if fresh.owner_id not in {None, by.pk}:
                    release(fresh, by=fresh.owner)
                typed = given(self.walk.pen(careful=True), outcome, subject)
                if subject.SUBJECT_KIND == "action":
                    self.make_ready(subject)
                perform(fresh, outcome, by=by, reason="走完流程", **typed)
            except (EngineError, ValidationError) as error:
                self.log.append(f"{task.flow_task.name}.{outcome} by {by}: {error}")
                return False
        self.log.append(f"{task.flow_task.name}.{outcome} by {by}")
        return True

    def make_ready(self, action: Any) -> None:
        """What stands against watching or submitting is put right first."""
        by, c = self.walk.c.engineer, self.walk.c
        if action.case.product_id is None:
            intervene(action.case, "edit", by=by, product=c.product)
        if action.state == "in_progress":
            for place in action.read_across.filter(result="open").values_list("pk", flat=True):
                seen = {"place": place, "result": "not_affected", "note": "已检查。"}
                intervene(action, "check_place", by=by, **seen)
