"""Refusals are read in English, whatever language the page before was in."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield
