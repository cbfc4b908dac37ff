"""Walking a flow: along every path, do steps and state machine line up?

All (node, state) pairs are walked from the start nodes. The same pairs are the legal set for
the invariants and the documents.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.db.models import Model
from django_fsm import GET_STATE, RETURN_VALUE

from workflows.models.state import state_field

Edges = dict[str, dict[str, frozenset[str]]]


def edges_of(model: type[Model]) -> Edges:
    """The state machine as {transition: {source: targets}}."""
    edges: Edges = {}
    for name, method in state_field(model).transitions[model].items():
        edges[name] = {
            str(source): targets(spec.target)
            for source, spec in method._django_fsm.transitions.items()
        }
    return edges


def targets(target: Any) -> frozenset[str]:
    if isinstance(target, (GET_STATE, RETURN_VALUE)):
        return frozenset(str(state) for state in target.allowed_states)
    return frozenset({str(target)})


def fired_by(node: Any) -> list[str]:
    """The transitions a node may fire; none for gateways and ends."""
    if hasattr(node, "outcomes"):
        return [outcome.fires for outcome in node.outcomes.values()]
    return [node.fires] if hasattr(node, "fires") else []


def following(node: Any, state: str) -> Iterable[Any]:
    branches = getattr(node, "branches", None)
    if branches is not None:
        return [branches[state]] if state in branches else []
    return [edge.dst for edge in node._outgoing()]


def walk(flow_class: Any) -> Iterator[tuple[Any, str, str | None]]:
    """Every reachable (node, state) with a complaint, or None where all is well."""
    edges = edges_of(flow_class.subject_model)
    todo = [
        (start, source)
        for start in flow_class.starts()
        for source in edges.get(start.fires, {"?": ()})
    ]
    seen: set[tuple[str, str]] = set()
    while todo:
        node, state = todo.pop()
        if (node.name, state) in seen:
            continue
        seen.add((node.name, state))
        branches = getattr(node, "branches", None)
        if branches is not None and state not in branches:
            yield node, state, f"no branch for state {state!r}"
            continue
        yield node, state, None
        names = fired_by(node)
        for name in names:
            if state not in edges.get(name, {}):
                yield node, state, f"transition {name!r} is not allowed in state {state!r}"
        after_it = (edges.get(name, {}).get(state, frozenset()) for name in names)
        reached = frozenset().union(*after_it) if names else frozenset({state})
        todo += [(target, after) for after in reached for target in following(node, after)]


@cache
def legal_pairs(flow_class: Any) -> frozenset[tuple[str, str]]:
    """The (node, state) pairs in which a case of this flow may be found; flows do not change."""
    return frozenset((node.name, state) for node, state, _complaint in walk(flow_class))
