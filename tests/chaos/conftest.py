"""Chaos needs real servers; where they do not answer it is left out, except in CI."""

import os

import pytest

from tests import factories
from tools import services


@pytest.fixture(autouse=True)
def servers(request):
    if os.environ.get("CI") == "true":
        return
    answers = {"redis": services.redis_answers, "rabbitmq": services.rabbitmq_answers}
    for name, ask in answers.items():
        if request.node.get_closest_marker(name) and not ask():
            pytest.skip(f"{name} does not answer")


@pytest.fixture
def company(transactional_db):
    return factories.company()
