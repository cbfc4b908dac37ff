"""The life of one case as a row of events at distances, each a command of the domain.

A plot (plots.py) calls the methods below in order; they move `cursor`, in working seconds, and
note what is to be done there. Nothing happens before build.py runs the events of all cases in
the order of time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils import timezone

from accounts.models import User
from cases.demo import clock
from cases.demo.clock import DAY, HOUR
from cases.demo.company import Company
from cases.demo.texts import Story, Words, incidents, phrases
from cases.models import Case, CorrectiveAction, Customer, Product
from workflows.domain import assignment
from workflows.domain.context import now
from workflows.domain.transitions import intervene, perform
from workflows.models import EngineModel, Task

Given = Callable[[], dict[str, Any]]
# Who does it, where that is known only on the day.
By = User | Callable[[], User]
Part = Callable[[], EngineModel]
ENGINEERS = ("wangfang", "zhengjie", "tangliang")
AGENTS = ("linxiao", "hejing", "luodan", "xukexin")


@dataclass
class Event:
    """What happens at a distance from the beginning of its script."""

    at: int
    run: Callable[[], None]


@dataclass
class Script:
    """One case: who, what, and everything that will happen to it.

    `chance` is the case's own, so that one case more or less changes no other.
    """

    company: Company
    chance: Any
    story: Story
    customer: Customer
    product: Product
    words: Words
    agent: User
    kind: str = "complaint"
    major: bool = False
    department: str = ""
    turn: int = 0
    title: str = ""
    text: str = ""
    want: str = ""
    share: float = 0.0
    category: str = ""
    replied: bool = False
    measures: list[str] = field(default_factory=list)
    survivor: "Script | None" = None
    # Another complaint about the same, which a recurrence brings in; made by plan.py.
    again: "Callable[[Script], Script] | None" = None
    echoes: "list[tuple[int, Script]]" = field(default_factory=list)
    marks: dict[str, int] = field(default_factory=dict)
    # The lives of the measures that are approved next, and how many actions there are already.
    paths: list[str] = field(default_factory=list)
    ordered: int = 0
    cursor: int = 0
    settled: int = 0
    start: int = 0
    events: list[Event] = field(default_factory=list)
    case: Case | None = None
    actions: list[CorrectiveAction] = field(default_factory=list)

    @property
    def flow(self) -> str:
        """The flow that the case runs at this place of its script."""
        return "incident" if self.major else "complaint"

    @property
    def handling(self) -> dict[str, Any]:
        """How the story is handled as a major incident."""
        return incidents()[self.story.key]

    # ---------------------------------------------------------------- laying out
    def wait(self, least: float, most: float) -> None:
        """Let that many working hours pass."""
        self.cursor += round(self.chance.uniform(least, most) * HOUR)

    def pace(self, flow: str, node: str) -> None:
        """Let the time pass that people take for a step: now and then too long."""
        hours = self.company.due_hours(flow, node, self.major)
        late = self.chance.random() < 0.09
        part = self.chance.uniform(1.05, 1.7) if late else self.chance.uniform(0.1, 0.8)
        self.cursor += round(hours * HOUR * part)

    def rest(self, flow: str, node: str, mood: int) -> None:
        """Leave the last step waiting until the load moment: fresh, due today or overdue."""
        # What an action takes is agreed for each; its due date is set by actions.due().
        hours = 110 if node == "implement" else self.company.due_hours(flow, node, self.major)
        if node == "window":
            self.cursor += 39 * DAY
            return
        waited = [
            hours * self.chance.uniform(0.08, 0.4),
            max(hours - self.chance.uniform(1.5, 7.5), 0.3),
            hours * self.chance.uniform(0.3, 0.7),
            max(hours - self.chance.uniform(1.5, 7.5), 0.3),
            hours * self.chance.uniform(1.1, 1.8),
        ][mood % 5]
        self.cursor += round(waited * HOUR)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Lay something beside the steps: they go on meanwhile, the closing waits for it."""
        begun = self.cursor
        yield
        self.settled = max(self.settled, self.cursor)
        self.cursor = begun

    def then(self, run: Callable[[], None]) -> None:
        self.events.append(Event(self.cursor, run))

    def say(self, name: str) -> str:
        """A sentence of the pool `name` with this case's words; some pools have a soft sister."""
        soft = f"{name}_soft"
        if self.story.is_soft and soft in phrases():
            name = soft
        return self.words.pick(self.chance, phrases()[name])

    # ---------------------------------------------------------------- who
    def engineer(self) -> User:
        return self.company.people[self.chance.choice(ENGINEERS)]

    def lead(self) -> User:
        return self.company.people["zhoumin"]

    def worker(self, code: str) -> User:
        """Somebody of a department: mostly the handler, now and then the head."""
        workers = self.company.workers[code]
        return workers[0] if self.chance.random() < 0.75 else self.chance.choice(workers)

    # ---------------------------------------------------------------- doing
    def the_case(self) -> Case:
        return cast(Case, self.case)

    def step(
        self,
        outcome: str,
        by: By,
        given: Given | None = None,
        *,
        reason: str = "",
        action: int | None = None,
        extension: bool = False,
    ) -> None:
        """Note that the open step of the case (or of one of its actions) is completed."""

        def run() -> None:
            subject = self.subject(action, extension)
            task = open_task(subject)
            person = acting(self.company, task, by() if callable(by) else by)
            done = perform(task, outcome, by=person, reason=reason, **(given() if given else {}))
            self.keep(done, action, extension)

        self.then(run)

    def act(
        self, name: str, by: User, given: Given, *, reason: str = "", action: int | None = None
    ) -> None:
        """Note an act beside the steps."""

        def run() -> None:
            person = self.company.standing_in(by, timezone.localdate(now()))
            subject = self.subject(action)
            # What runs beside may have moved it since.
            fresh = type(subject).objects.get(pk=subject.pk)
            done = intervene(fresh, name, by=person, reason=reason, **given())
            self.keep(done, action, False)

        self.then(run)

    def beside(
        self, part: Part, outcome: str, by: Callable[[Task], User], given: Given, reason: str = ""
    ) -> None:
        """Note the completion of a step of something beside: a response, an opinion, an appeal,
        a motion on a flag. `by` finds who takes the step."""

        def run() -> None:
            task = step_of(part())
            perform(
                task, outcome, by=acting(self.company, task, by(task)), reason=reason, **given()
            )

        self.then(run)

    def subject(self, action: int | None, extension: bool = False) -> Any:
        if action is None:
            return self.the_case()
        found = self.actions[action]
        return found.extensions.order_by("-pk")[0] if extension else found

    def keep(self, done: Any, action: int | None, extension: bool) -> None:
        """Remember the subject in its new state."""
        if action is None:
            self.case = done
        elif not extension:
            self.actions[action] = done

    def claim(self, by: User, *, action: int | None = None) -> None:
        """Note that somebody takes the open step out of the pool."""

        def run() -> None:
            task = open_task(self.subject(action))
            if task.owner_id is None:
                person = self.company.standing_in(by, timezone.localdate(now()))
                assignment.claim(task, by=person)

        self.then(run)

    def hand_over(self, by: User, to: User, reason: str) -> None:
        """Note a transfer (转办): `by` has the step or takes it first, and gives it to `to`."""

        def run() -> None:
            task = open_task(self.the_case())
            if task.owner_id is None:
                assignment.claim(task, by=by)
            if task.owner_id == by.pk and to.pk != by.pk:
                assignment.transfer(task, to=to, by=by, reason=reason)

        self.then(run)

    def finish(self, base: int) -> None:
        """Place the script so that its last waiting ends at the base."""
        self.start = base - self.cursor


def open_task(subject: Any) -> Task:
    """The open step of a case, an action or an extension."""
    return Task.objects.select_related("owner").get(
        subject_kind=subject.SUBJECT_KIND,
        subject_number=subject.number,
        finished=None,
        flow_task_type="HUMAN",
    )


def step_of(part: EngineModel) -> Task:
    """The open step of what is spoken of by its case's number."""
    where = {f"process__caseprocess__{part.SUBJECT_KIND}": part}
    return Task.objects.select_related("owner").get(finished=None, **where)


def acting(company: Company, task: Task, planned: User) -> User:
    """Who completes a step: its owner where it has one, and whoever stands in for them today."""
    person = cast(User, task.owner) if task.owner_id else planned
    person = company.people[person.username]
    return company.standing_in(person, timezone.localdate(now()))


def due_in(base: int, days: float, *, least: int) -> Any:
    """A due date at the end of a day: `days` working days from the base, `least` the earliest."""
    return clock.end_of_day(max(base + round(days * DAY), least))
