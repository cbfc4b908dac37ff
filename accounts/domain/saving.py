"""Saving a row about people together with who did it, and cleaning what was typed into it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.validators import clean_text

_NOTES = ("_history_user", "_history_date", "_change_reason")


def save(
    row: models.Model,
    *,
    by: User | None,
    act: str,
    at: datetime | None = None,
    fields: Iterable[str] | None = None,
) -> None:
    """Save, and write into the history that `by` did `act` at `at` (now by default)."""
    with noted(row, by=by, act=act, at=at):
        row.save(update_fields=list(fields) if fields is not None else None)


class noted:  # noqa: N801 (reads as a verb: with noted(row, by=…))
    """The notes of a history row; they would stick to the instance and name the next save too."""

    def __init__(self, row: Any, *, by: User | None, act: str, at: datetime | None = None) -> None:
        self.row = row
        self.notes = (by, at or timezone.now(), act)

    def __enter__(self) -> None:
        for name, value in zip(_NOTES, self.notes, strict=True):
            setattr(self.row, name, value)

    def __exit__(self, *failure: object) -> None:
        forget(self.row, *_NOTES)


def lock(row: Any) -> None:
    """Read the row again and hold it until the transaction ends: what is decided now stays true.

    Without its key: the history row of a colleague's command points at this row meanwhile.
    """
    # The signed-in person comes as a lazy object: its class is asked for, not its type.
    row.refresh_from_db(from_queryset=row.__class__._default_manager.select_for_update(no_key=True))
    forget(row, "authority")


def forget(row: Any, *names: str) -> None:
    """Take attributes off the row itself, through a lazy object as well."""
    for name in names:
        with suppress(AttributeError):
            delattr(row, name)


def check(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """Clean every text of the row, then let the model check it. Raises ValidationError by field."""
    skipped = {"password", *exclude}
    problems: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if not isinstance(field, models.CharField) or field.name in skipped:
            continue
        try:
            setattr(row, field.name, clean_text(getattr(row, field.name), lines=False))
        except ValidationError as problem:
            problems[field.name] = problem.error_list
    if problems:
        raise ValidationError(problems)
    row.full_clean(exclude=skipped)
