"""What many tests begin with is built once by the real commands, and then copied.

The rows go back in with the keys they had. Whoever is in the namespace is handed out anew each
time, so no test sees what another has read.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from workflows.domain import context

# Filled by migrations, and kept by every test.
KEPT = {"django_migrations", "django_content_type", "auth_permission", "django_site"}


@dataclass(frozen=True)
class Snapshot:
    """The rows of each table, and the namespace that was built, as bytes."""

    tables: tuple[tuple[str, tuple[str, ...], list[tuple[Any, ...]]], ...]
    built: bytes


_kept: dict[Callable[[], Any], Snapshot] = {}


def again(build: Callable[[], Any]) -> Any:
    """What `build` makes of an empty database: built the first time, copied from then on.

    A test that lives at another time, or has people of its own already, builds its own.
    """
    elsewhere = abs(context.now() - timezone.now()) > timedelta(minutes=1)
    if elsewhere or get_user_model().objects.exists():
        return build()
    if build not in _kept:
        built = build()
        _kept[build] = Snapshot(read(), pickle.dumps(built))
        return built
    snapshot = _kept[build]
    # One transaction: what points at a row of a later table is checked at its end.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, rows in snapshot.tables:
            names = ", ".join(map(connection.ops.quote_name, columns))
            places = ", ".join(["%s"] * len(columns))
            into = connection.ops.quote_name(table)
            lines = ", ".join([f"({places})"] * len(rows))
            values = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO {into} ({names}) VALUES {lines}", values)
    return pickle.loads(snapshot.built)


def read() -> tuple[tuple[str, tuple[str, ...], list[tuple[Any, ...]]], ...]:
    """Every row of every table that a test may fill."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table in KEPT or not model._meta.managed:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if rows := cursor.fetchall():
                columns = tuple(column[0] for column in cursor.description)
                found.append((table, columns, rows))
    return tuple(found)
