"""What changed between two versions, read from the field history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows.models import EngineModel

# They change with every step; the record shows them already, as the transition itself.
SILENT = frozenset({"version", "state"})


@dataclass(frozen=True)
class FieldChange:
    """One field, before → after, as a reader sees the values."""

    label: str
    before: str
    after: str
    by: Any = None
    at: datetime | None = None


def shown(field: models.Field, value: Any) -> str:
    """A stored value as text: choices by label, moments as on the wall, empty as a dash."""
    if value is None or value in ("", []):
        return "–"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return outline(value) if is_outline(value) else " → ".join(map(str, value))
    return str(value)


def is_outline(value: list[Any]) -> bool:
    """Whether a list is an outline: rows of depth and text."""
    return all(
        isinstance(row, list) and [type(part) for part in row] == [int, str] for row in value
    )


def outline(rows: Sequence[Sequence[Any]]) -> str:
    """An outline in one line, each row with its number: 1 … · 1.1 … · 1.2 …"""
    parts: list[str] = []
    count: list[int] = []
    for depth, text in rows:
        count = [*count[: depth + 1], *[0] * (depth + 1 - len(count))]
        count[depth] += 1
        parts.append(f"{'.'.join(map(str, count))} {text}")
    return " · ".join(parts)


def diff(older: Any, newer: Any, *, names: dict[tuple[str, Any], str]) -> list[FieldChange]:
    """The fields that differ between two history rows of one object.

    `names` gives the words for foreign keys as {(field name, key): words}; a key without
    words is shown as it is.
    """
    changes = []
    for field in newer.tracked_fields:
        if field.name in SILENT or field.primary_key:
            continue
        before, after = (getattr(row, field.attname) for row in (older, newer))
        if before == after:
            continue
        before_text, after_text = (
            (field.is_relation and names.get((field.name, value))) or shown(field, value)
            for value in (before, after)
        )
        changes.append(
            FieldChange(
                label=str(field.verbose_name),
                before=before_text,
                after=after_text,
                by=newer.history_user,
                at=newer.history_date,
            )
        )
    return changes


def related_names(rows: Sequence[Any]) -> dict[tuple[str, Any], str]:
    """The words behind the foreign keys that differ in `rows`: one statement per related model."""
    if not rows:
        return {}
    names: dict[tuple[str, Any], str] = {}
    for field in rows[0].tracked_fields:
        if not field.is_relation:
            continue
        keys = {getattr(row, field.attname) for row in rows} - {None}
        if len(keys | {getattr(row, field.attname) for row in rows}) < 2:
            continue
        for found in field.related_model._default_manager.filter(pk__in=keys):
            names[field.name, found.pk] = str(found)
    return names


def steps_of(rows: Iterable[Any]) -> list[tuple[Any, list[FieldChange]]]:
    """History rows, oldest first, each with what changed against the one before it."""
    ordered = list(rows)
    names = related_names(ordered)
    return [
        (newer, diff(older, newer, names=names))
        for older, newer in zip(ordered, ordered[1:], strict=False)
    ]


def changes_since(subject: EngineModel, version: int) -> list[FieldChange]:
    """All field changes after `version`, oldest first."""
    rows = subject.history.filter(version__gte=version).select_related("history_user")
    return [change for _row, found in steps_of(rows.order_by("version")) for change in found]
