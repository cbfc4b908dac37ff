"""Shared fixtures."""

from types import SimpleNamespace

import pytest

from tests import factories


@pytest.fixture(autouse=True)
def files_in_tmp(settings, tmp_path):
    """Attachments of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def company(db) -> SimpleNamespace:
    return factories.company()
