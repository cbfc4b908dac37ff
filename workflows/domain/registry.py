"""Flows by their short key, so that domain code can start one without importing it."""

from typing import Any

from workflows.errors import EngineError

_flows: dict[str, Any] = {}


def register(key: str, flow_class: Any) -> None:
    if _flows.setdefault(key, flow_class) is not flow_class:
        raise EngineError(f"two flows share the key {key!r}")


def flow(key: str) -> Any:
    """The flow class for a key; KeyError for an unknown one (a defect)."""
    return _flows[key]


def flows() -> list[Any]:
    return list(_flows.values())


_paths: dict[str, str] = {}


def register_subject(kind: str, path: str) -> None:
    """Say where a subject of this kind is shown: "/cases/{number}/"."""
    _paths[kind] = path


def is_subject(kind: str) -> bool:
    """Whether subjects of this kind have a page."""
    return kind in _paths


def link(kind: str, number: str) -> str:
    """The address of a subject's page, without a look into the URL configuration per row."""
    return _paths[kind].format(number=number)
