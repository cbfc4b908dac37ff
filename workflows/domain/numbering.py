"""Numbers like TS-2026-000123: one series per prefix and year, without gaps, never reused."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from workflows.models import Series

# The last number of each (prefix, year) that this transaction takes many of.
Held = dict[tuple[str, int], int]
_held: ContextVar[Held | None] = ContextVar("held", default=None)


def next_number(prefix: str, *, year: int, digits: int) -> str:
    """Take the next number inside the business transaction: a rollback gives it back.

    The row of the series is locked until the commit, so two people never take the same and
    none is skipped.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number must be taken inside the transaction that uses it")
    held = _held.get()
    if held is None:
        last = locked(prefix, year, step=1)
    else:
        key = prefix, year
        last = held[key] = 1 + (held[key] if key in held else locked(prefix, year, step=0))
    return f"{prefix}-{year}-{last:0{digits}d}"


def locked(prefix: str, year: int, *, step: int) -> int:
    """Lock the series until the commit and move it: one statement in both databases."""
    with connection.cursor() as cursor:
        # The ORM would need three.
        cursor.execute(
            "INSERT INTO workflows_series (prefix, year, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = workflows_series.last + %s"
            " RETURNING last",
            [prefix, year, step, step],
        )
        [last] = cursor.fetchone()
    return last


@contextmanager
def many() -> Iterator[Held]:
    """Take many numbers in one transaction; each series is written once, at the end.

    PostgreSQL steps over every earlier version of a row that the same transaction wrote, so the
    ten-thousandth update of a counter takes ten milliseconds. Whoever rolls back to a savepoint
    inside puts what is held back to what it was then.
    """
    held: Held = {}
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)
    for (prefix, year), last in held.items():
        Series.objects.filter(prefix=prefix, year=year).update(last=last)
