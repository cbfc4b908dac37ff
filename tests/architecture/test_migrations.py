"""The migrations make what the models say. Other tests take their tables from the models."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
SIGNS = re.compile(r"[\s\"]+")
FRAME = re.compile(r"^CREATE TABLE \w+ \((.*)\)$")
SCHEMA = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


def manage(*arguments, database):
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def shapes(rows) -> dict[str, list[str]]:
    """The columns and constraints of each table and index of ours, in no order."""
    theirs = ("django_", "viewflow_")
    return {name: parts(sql) for name, sql in rows if not name.startswith(theirs)}


def parts(sql: str) -> list[str]:
    inside = FRAME.sub(r"\1", SIGNS.sub(" ", sql).strip())
    return sorted(part.strip() for part in inside.split(","))


@pytest.mark.django_db
def test_migrating_an_empty_database_makes_the_tables_of_the_models(tmp_path):
    migrated = tmp_path / "migrated.sqlite3"
    manage("migrate", "--verbosity", "0", database=migrated)
    with closing(sqlite3.connect(migrated)) as opened:
        made = shapes(opened.execute(SCHEMA).fetchall())
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        meant = shapes(cursor.fetchall())
    assert made.keys() == meant.keys()
    assert {name: made[name] for name in made if made[name] != meant[name]} == {}


def test_no_model_has_changed_without_a_migration(tmp_path):
    said = manage("makemigrations", "--check", "--dry-run", database=tmp_path / "none.sqlite3")
    assert "No changes detected" in said
