"""Shared fixtures."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import factories


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Beside the tables, what only a migration makes: the index of the search."""
    search = import_module("cases.migrations.0003_search_index")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_proc WHERE proname = 'case_pieces'")
            if cursor.fetchone() is None:
                with connection.schema_editor() as editor:
                    search.build(None, editor)


@pytest.fixture(autouse=True)
def files_in_tmp(settings, tmp_path):
    """Attachments of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def passwords_hash_fast(settings):
    """Whoever signs in a test gives a password; the slow hash is for those who guess."""
    fast = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [fast, *settings.PASSWORD_HASHERS]


@pytest.fixture
def company(db) -> SimpleNamespace:
    return factories.company()
