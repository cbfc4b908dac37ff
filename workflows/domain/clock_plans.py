"""Which clocks there are: an app says for each which stretch of which subject it measures.

The engine looks a transition up in a table that is worked out once, so that a step that concerns
no clock costs nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from workflows.models import EngineModel

Readers = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True)
class Facts(Mapping[str, Any]):
    """What rules may ask of a root, each read once and only when a rule asks."""

    root: Any = None
    readers: Readers = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.known:
            self.known[name] = self.readers[name](self.root)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.readers)

    def __len__(self) -> int:
        return len(self.readers)


@dataclass(frozen=True)
class Plan:
    """A clock of a kind of subject. It runs while the subject is in one of the states `lasts`.

    It begins on entering one of `begins` (default: of `lasts`) from outside of `lasts`, or from
    one of `only_from`. It waits in the states `waits`. Leaving `lasts` is keeping it, unless it
    leads to one of `fails`: then there was nothing to keep. `only` says whether a subject has
    this clock at all, `since` from when it counts (default: from the deed), `date` the due
    moment that somebody has set for the subject.
    """

    name: str
    kind: str
    title: Any
    lasts: frozenset[str]
    department: Callable[[Any], int | None]
    begins: frozenset[str] = frozenset()
    only_from: frozenset[str] = frozenset()
    waits: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    only: Callable[[Any], bool] | None = None
    since: Callable[[Any], datetime] | None = None
    date: Callable[[Any], datetime | None] | None = None
    # Whether it climbs a ladder. What one step covers is told by the ladder of that step.
    climbs: bool = False

    def starts(self, before: str, after: str) -> bool:
        if after not in (self.begins or self.lasts):
            return False
        return before in self.only_from if self.only_from else before not in self.lasts

    def concerns(self, subject: Any) -> bool:
        return self.only is None or self.only(subject)


@dataclass(frozen=True)
class Turn:
    """What a change of state means to the clocks of a subject."""

    starts: tuple[Plan, ...] = ()
    stops: frozenset[str] = frozenset()
    fails: frozenset[str] = frozenset()
    waits: frozenset[str] = frozenset()
    goes_on: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.starts or self.stops or self.waits or self.goes_on)

    @property
    def touches_running(self) -> bool:
        return bool(self.stops or self.waits or self.goes_on)


@dataclass
class Book:
    """What the apps have registered; filled while they load."""

    plans: dict[str, list[Plan]] = field(default_factory=dict)
    facts: dict[str, Readers] = field(default_factory=dict)
    # The acts after which the facts that rules ask for may be others.
    matched_anew: frozenset[str] = frozenset()
    # The acts that set a subject's own date anew.
    dated_anew: frozenset[str] = frozenset()
    # The act that begins another round of a root.
    reopens: frozenset[str] = frozenset()


book = Book()


def register(
    root_kind: str,
    *,
    plans: tuple[Plan, ...],
    facts: Readers,
    matched_anew: frozenset[str] = frozenset(),
    dated_anew: frozenset[str] = frozenset(),
    reopens: frozenset[str] = frozenset(),
) -> None:
    """Say which clocks the cases of an app have, and what their rules may ask."""
    for plan in plans:
        book.plans.setdefault(plan.kind, []).append(plan)
    book.facts[root_kind] = facts
    book.matched_anew |= matched_anew
    book.dated_anew |= dated_anew
    book.reopens |= reopens
    turn_of.cache_clear()


@cache
def turn_of(kind: str, before: str, after: str) -> Turn:
    """What moving from one state to another means; the states may be the same."""
    plans = book.plans.get(kind, ())
    if before == after:
        return Turn()
    stops = [plan for plan in plans if before in plan.lasts and after not in plan.lasts]
    return Turn(
        starts=tuple(plan for plan in plans if plan.starts(before, after)),
        stops=frozenset(plan.name for plan in stops),
        fails=frozenset(plan.name for plan in stops if after in plan.fails),
        waits=frozenset(
            plan.name for plan in plans if after in plan.waits and before not in plan.waits
        ),
        goes_on=frozenset(
            plan.name for plan in plans if before in plan.waits and after in plan.lasts - plan.waits
        ),
    )


def plan_of(kind: str, name: str) -> Plan | None:
    return next((plan for plan in book.plans.get(kind, ()) if plan.name == name), None)


def lasting(subject: EngineModel) -> list[Plan]:
    """The clocks that would run in the state the subject is in."""
    state = str(subject.state)
    plans = book.plans.get(subject.SUBJECT_KIND, ())
    return [plan for plan in plans if state in plan.lasts and plan.concerns(subject)]


def title(kind: str, name: str) -> str:
    """What a clock is called."""
    plan = plan_of(kind, name)
    return str(plan.title) if plan else name


def facts_of(root: EngineModel) -> Facts:
    return Facts(root, book.facts.get(root.SUBJECT_KIND, {}))


def names() -> dict[str, Any]:
    """Every clock there is with its title, in the order the apps name them."""
    return {plan.name: plan.title for plans in book.plans.values() for plan in plans}
