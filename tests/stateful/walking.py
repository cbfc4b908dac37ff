"""A walk: random people do random things to cases, through the real door."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from accounts.models import User
from cases.domain import effectiveness
from cases.enums import ENDED, Kind, Severity
from cases.models import Case, CaseProcess, CorrectiveAction
from tests import factories
from tests.stateful.driving import Driver
from tests.stateful.inputs import Pen, given
from tests.stateful.watching import Watcher
from workflows.domain import context, invariants, outbox, registry
from workflows.domain.assignment import claim, release, transfer
from workflows.domain.escalation import escalate_overdue
from workflows.domain.signatures import already_identified
from workflows.domain.transitions import intervene, perform
from workflows.errors import EngineError
from workflows.models import Outbox, Task
from workflows.permissions import may_take

SEEDS = st.integers(0, 2**20)
# What ends something early happens now and then only: a walk that has ended goes nowhere.
RARE = {
    "reject", "merge", "convert", "unfounded", "cancel", "dismiss", "decline", "withdraw",
    "raise_major", "raise_severity", "lower_severity", "solve_together", "split",
}  # fmt: skip
PEOPLE = [
    "agent", "agent2", "lead", "handler", "handler2", "head", "buyer", "buyer_head", "engineer",
    "engineer2", "manager", "marketer", "representative", "director", "auditor", "admin",
]  # fmt: skip
# The relay does not run here, so effects wait; the tests of the outbox look at it.
RELAY = 13


class Walk(RuleBasedStateMachine):
    """One run. `c` and `kind` are set by the test on a subclass."""

    c: ClassVar[SimpleNamespace]
    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.trust = already_identified()
        self.trust.__enter__()
        self.people: list[User] = [getattr(self.c, name) for name in PEOPLE]
        self.everybody: list[User] = [*self.c.reserve, *self.people]
        self.moment = context.now() - timedelta(days=600)
        self.watcher = Watcher()
        self.dice = Random(0)
        # False while something is going on, so after what failed nothing is driven on.
        self.sound = True

    # ------------------------------------------------------------------------ helpers
    def now(self) -> AbstractContextManager[None]:
        return context.at(self.moment)

    def pen(self, *, careful: bool = False) -> Pen:
        return Pen(self.dice, self.c, self.moment, careful)

    def attempt(self, deed: Callable[[], Any]) -> Any:
        """Do it or be refused; whatever else happens fails the walk."""
        self.moment += timedelta(minutes=self.dice.randint(1, 90))
        self.sound, done = False, None
        with self.now():
            try:
                done = deed()
            except (EngineError, ValidationError):
                self.watcher.nothing_written()
            else:
                self.watcher.look()
        self.sound = True
        return done

    def log(self, kind: str) -> Case:
        severity = self.dice.choice([Severity.GENERAL, Severity.GENERAL, Severity.MAJOR])
        product = self.dice.choice([self.c.product, None])
        return self.attempt(
            lambda: factories.log(self.c, kind=kind, severity=severity, product=product)
        )

    def waiting(self) -> list[Task]:
        found = Task.objects.filter(finished=None).select_related("owner")
        return [task for task in found.order_by("pk") if hasattr(task.flow_task, "outcomes")]

    def a_task(self) -> Task:
        """An open step; where all has ended, a new case begins."""
        tasks = self.waiting()
        if not tasks:
            self.log(self.kind)
            tasks = self.waiting()
        return self.dice.choice(tasks)

    def somebody(self, task: Task) -> User:
        """Mostly one who may, sometimes anybody."""
        able = [person for person in self.people if may_take(task, person)]
        if task.owner_id is not None and self.dice.random() < 0.7:
            return next(person for person in self.everybody if person.pk == task.owner_id)
        return self.dice.choice(able if able and self.dice.random() < 0.9 else self.people)

    def often(self, names: list[str]) -> str:
        weights = [1 if name in RARE or name.startswith("return_") else 6 for name in names]
        return self.dice.choices(names, weights)[0]

    def subject(self, task: Task) -> Any:
        found = CaseProcess.objects.select_related("case", *CaseProcess.SUBJECT_FIELDS)
        return found.get(pk=task.process_id).subject

    # ------------------------------------------------------------------------ what people do
    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        self.dice = Random(seed)
        self.log(self.kind)

    def step(self, seed: int) -> None:
        self.dice = Random(seed)
        task = self.a_task()
        outcome = self.often(list(task.flow_task.outcomes))
        by, reason = self.somebody(task), self.pen().text()
        typed = given(self.pen(), outcome, self.subject(task))
        self.attempt(lambda: perform(task, outcome, by=by, reason=reason, **typed))

    # Most of what happens are steps.
    take_a_step = rule(seed=SEEDS)(step)
    take_the_next = rule(seed=SEEDS)(step)
    take_one_more = rule(seed=SEEDS)(step)

    @rule(seed=SEEDS)
    def do_an_act(self, seed: int) -> None:
        self.dice = Random(seed)
        kind, key = self.dice.choice(self.watcher.keys("case", "action"))
        model: Any = {"case": Case, "action": CorrectiveAction}[kind]
        subject = model.objects.get(pk=key)
        acts = list(registry.flow(subject.flow_key).acts)
        able = [act for act in acts if str(subject.state) in act.states] or acts
        name = self.often([act.name for act in (able if self.dice.random() < 0.9 else acts)])
        act = next(act for act in acts if act.name == name)
        may = [person for person in self.people if act.may(subject, person)]
        by = self.dice.choice(may if may and self.dice.random() < 0.9 else self.people)
        typed, reason = given(self.pen(), name, subject), self.pen().text()
        if typed is not None:
            self.attempt(lambda: intervene(subject, name, by=by, reason=reason, **typed))

    @rule(seed=SEEDS)
    def pass_a_step_on(self, seed: int) -> None:
        """Claim it, put it back, or hand it over."""
        self.dice = Random(seed)
        task = self.a_task()
        by, other = self.somebody(task), self.dice.choice(self.people)
        deed = self.dice.choice(
            [
                lambda: claim(task, by=by),
                lambda: release(task, by=by),
                lambda: transfer(task, to=other, by=by),
            ]
        )
        self.attempt(deed)

    # ------------------------------------------------------------------------ by itself
    @rule(seed=SEEDS)
    def time_passes(self, seed: int) -> None:
        """What is overdue is escalated, windows of effect end."""
        self.dice = Random(seed)
        self.moment += timedelta(days=self.dice.choice([0, 1, 7, 40]))
        self.attempt(escalate_overdue)
        self.attempt(effectiveness.pass_windows)

    @rule(seed=SEEDS)
    def the_same_comes_again(self, seed: int) -> None:
        """A case with the product and cause of another one: a recurrence while its effect is
        watched."""
        self.dice = Random(seed)
        if not CorrectiveAction.objects.filter(state="watched").exists():
            return
        again = self.log(Kind.COMPLAINT)
        Case.objects.filter(pk=again.pk).update(product=self.c.product, cause=self.c.cause)
        row = Outbox.objects.filter(topic="transition").order_by("-pk")[0]
        self.attempt(lambda: outbox.carry_out(row))
        assert row.error == ""

    # ------------------------------------------------------------------------ the end
    def teardown(self) -> None:
        """Everything comes to an end, and all of the database holds what must hold."""
        try:
            if self.sound:
                self.come_to_an_end()
        finally:
            self.trust.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def come_to_an_end(self) -> None:
        driver = Driver(self, to_closing=self.dice.random() < 0.3)
        for case in Case.objects.exclude(state__in=ENDED).order_by("pk"):
            driver.drive(case)
        with self.now():
            escalate_overdue()
            broken = [one for one in invariants.violations() if one[0] != RELAY]
        assert broken == []
