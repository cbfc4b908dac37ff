"""A rule is a named function that returns a refusal or nothing.

The same list of rules greys a button with its reason and guards the command behind it.
A rule gets the subject and the person; it writes nothing and can be tried on unsaved objects.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why not, and what stands in the way (numbers of open actions, for instance)."""

    text: Any
    items: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = str(self.text)
        return f"{text} {', '.join(self.items)}" if self.items else text


Rule = Callable[[Any, Any], Refusal | None]


def first_refusal(rules: Iterable[Rule], subject: Any, by: Any) -> Refusal | None:
    """The first reason against it, or nothing."""
    for rule in rules:
        if refusal := rule(subject, by):
            return refusal
    return None
