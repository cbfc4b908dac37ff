"""What a step or an act offers: its outcomes, as values that screens and API are drawn from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workflows.rules import Rule

Command = Callable[..., Any]


def command(*rules: Rule) -> Callable[[Command], Command]:
    """Mark a domain function as the command of an outcome or act and name its rules.

    The command gets the subject, `by=` and `at=`, and the validated input; it writes its own
    rows and sets fields of the subject, which the engine saves once after it.
    """

    def mark(function: Command) -> Command:
        function.rules = rules  # type: ignore[attr-defined]
        return function

    return mark


def nothing(subject: Any, *, by: Any, at: Any) -> None:
    """The command of an outcome that only moves the state."""


@dataclass(frozen=True)
class Outcome:
    """One way to complete a step: it fires exactly one transition.

    `signs` is what the person declares by it; whoever signs gives the password again.
    """

    name: str
    title: Any
    fires: str
    command: Command = nothing
    needs_reason: bool = False
    back: bool = False
    hint: Any = ""
    signs: Any = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        return getattr(self.command, "rules", ())


@dataclass(frozen=True)
class Act:
    """Something done to a subject beside the order of its steps, always with its own rule of who.

    `states` are those it is possible in. At most one of: `fires` (a transition), `starts`
    (a start node for a new process, which fires the transition), `spawns` (the node of the
    running process that gets the subject the command returns as another child), `begins` (the
    start node of a process of its own for that subject). `flow` names another flow that goes on
    with `starts`. `ends` closes every open process of the "root", those of the "subject" alone,
    or its own "flow" only: what may outlive it (`BaseFlow.outlives`) keeps running. `finishes` is
    a node that waits for children: those still open end unfinished. `signs` as in Outcome.
    """

    name: str
    title: Any
    may: Callable[[Any, Any], bool]
    states: frozenset[str]
    command: Command = nothing
    fires: str | None = None
    starts: str = ""
    flow: str = ""
    spawns: str = ""
    begins: str = ""
    ends: str = ""
    finishes: str = ""
    needs_reason: bool = True
    hint: Any = ""
    signs: Any = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        return getattr(self.command, "rules", ())
