"""Shared fixtures."""

from types import SimpleNamespace

import pytest

from tests import factories


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
