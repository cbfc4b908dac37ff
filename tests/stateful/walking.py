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
from hypothesis import note, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from accounts.models import User
from cases.domain import effectiveness
from cases.enums import ACTION_ENDED, ENDED, Kind, Severity
from cases.models import Case, CorrectiveAction
from tests import factories
from tests.stateful.driving import Driver
from tests.stateful.inputs import Pen, given
from tests.stateful.watching import Watcher
from workflows.domain import context, invariants, outbox, registry
from workflows.domain.assignment import claim, release, transfer
from workflows.domain.clock_keeping import keep_clocks
from workflows.domain.escalation import escalate_overdue
from workflows.domain.signatures import already_identified
from workflows.domain.transitions import intervene, perform
from workflows.errors import EngineError
from workflows.models import Outbox, Task
from workflows.permissions import may_take

SEEDS = st.integers(0, 2**20)
# How often an outcome or act is chosen against the others of its step; 6 where nothing is said.
# What ends something early happens now and then only: a walk that has ended goes nowhere.
WEIGHTS = {
    "reject": 1, "merge": 1, "convert": 1, "unfounded": 1, "cancel": 1, "dismiss": 1,
    "decline": 1, "withdraw": 1, "raise_major": 2, "raise_severity": 3, "lower_severity": 2,
    "solve_together": 3, "split": 1, "edit": 1, "link": 2, "unlink": 1, "propose_action": 2,
    "propose_flag": 3, "propose_revocation": 1, "list_places": 2, "order_response": 2, "hear": 20,
    "appeal": 20, "reopen": 20, "conclude": 20, "request_extension": 20, "watch": 20,
    "pause_clocks": 2, "resume_clocks": 4, "extend_clock": 2,
}  # fmt: skip
# Nothing more can be done to these, so they are tried now and then only.
DEAD = {
    *[("case", state) for state in ENDED - {"closed"}],
    *[("action", state) for state in ACTION_ENDED],
}
MODELS: dict[str, Any] = {
    flow.subject_model.SUBJECT_KIND: flow.subject_model for flow in registry.flows()
}
PEOPLE = [
    "agent", "agent2", "lead", "handler", "handler2", "head", "buyer", "buyer_head", "engineer",
    "engineer2", "manager", "marketer", "representative", "director", "auditor", "admin",
]  # fmt: skip
# Each has to be driven to its end.
MOST_CASES = 3
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
        self.dice, self.turn = Random(0), 0
        # False while something is going on, so after what failed nothing is driven on.
        self.sound = True

    # ------------------------------------------------------------------------ helpers
    def now(self) -> AbstractContextManager[None]:
        return context.at(self.moment)

    def roll(self, seed: int) -> None:
        """Chance for one turn. Hypothesis likes to give the same seed again: not the same luck."""
        self.turn += 1
        self.dice = Random(seed * 1000 + self.turn)

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
        product = self.dice.choice([self.c.product, self.c.product, None])
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
        if task.owner_id is not None and self.dice.random() < 0.9:
            return next(person for person in self.everybody if person.pk == task.owner_id)
        return self.dice.choice(able if able and self.dice.random() < 0.9 else self.people)

    def often(self, names: list[str]) -> str:
        usual = [2 if name.startswith("return_") else 6 for name in names]
        weights = [WEIGHTS.get(name, one) for name, one in zip(names, usual, strict=True)]
        return self.dice.choices(names, weights)[0]

    def subject(self, task: Task) -> Any:
        kind, key = self.watcher.subject_of[task.process_id]
        return MODELS[kind].objects.get(pk=key)

    # ------------------------------------------------------------------------ what people do
    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        """A new case; a third of the walks begin somewhere along its road."""
        self.roll(seed)
        case = self.log(self.kind)
        driver = Driver(self, to_closing=True)
        for _turn in range(self.dice.choice([0, 0, 0, 0, 6, 14])):
            case.refresh_from_db()
            if case.state not in ENDED:
                driver.one_step(case)
                self.watcher.look()

    def step(self, seed: int) -> None:
        self.roll(seed)
        task = self.a_task()
        outcome = self.often(list(task.flow_task.outcomes))
        by, reason = self.somebody(task), self.pen().text()
        typed = given(self.pen(), outcome, self.subject(task))
        note(f"{task}: {outcome} by {by}")
        self.attempt(lambda: perform(task, outcome, by=by, reason=reason, **typed))

    # Most of what happens are steps.
    take_a_step = rule(seed=SEEDS)(step)
    take_the_next = rule(seed=SEEDS)(step)
    take_one_more = rule(seed=SEEDS)(step)
    go_on = rule(seed=SEEDS)(step)
    go_on_again = rule(seed=SEEDS)(step)

    def act(self, seed: int) -> None:
        self.roll(seed)
        keys = self.watcher.keys("case", "action")
        lively = [key for key in keys if (key[0], self.watcher.state(key)) not in DEAD]
        kind, key = self.dice.choice(lively if lively and self.dice.random() < 0.9 else keys)
        subject = MODELS[kind].objects.get(pk=key)
        acts = list(registry.flow(subject.flow_key).acts)
        able = [act for act in acts if str(subject.state) in act.states] or acts
        name = self.often([act.name for act in (able if self.dice.random() < 0.9 else acts)])
        act = next(one for one in acts if one.name == name)
        may = [person for person in self.people if act.may(subject, person)]
        by = self.dice.choice(may if may and self.dice.random() < 0.9 else self.people)
        typed, reason = given(self.pen(), name, subject), self.pen().text()
        if typed is not None:
            note(f"{subject}: {name} by {by}")
            self.attempt(lambda: intervene(subject, name, by=by, reason=reason, **typed))

    do_an_act = rule(seed=SEEDS)(act)
    do_one_more = rule(seed=SEEDS)(act)

    @rule(seed=SEEDS)
    def pass_a_step_on(self, seed: int) -> None:
        """Claim it, put it back, or hand it over."""
        self.roll(seed)
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
        self.roll(seed)
        self.moment += timedelta(days=self.dice.choice([0, 1, 7, 40, 100]))
        self.attempt(escalate_overdue)
        self.attempt(keep_clocks)
        self.attempt(effectiveness.pass_windows)

    @rule(seed=SEEDS)
    def the_same_comes_again(self, seed: int) -> None:
        """A case with the product and cause of another one: a recurrence while its effect is
        watched."""
        self.roll(seed)
        watched = CorrectiveAction.objects.filter(state="watched").select_related("case").first()
        if watched is None or Case.objects.count() > MOST_CASES:
            self.step(seed)
            return
        again, same = self.log(Kind.COMPLAINT), watched.case
        Case.objects.filter(pk=again.pk).update(product=same.product_id, cause=same.cause_id)
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
        driver = Driver(self, to_closing=self.dice.random() < 0.15)
        for case in Case.objects.exclude(state__in=ENDED).order_by("pk"):
            driver.drive(case)
        with self.now():
            escalate_overdue()
            keep_clocks()
            broken = [one for one in invariants.violations() if one[0] != RELAY]
        assert broken == []
