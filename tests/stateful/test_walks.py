"""Random people walk cases through both processes; what must hold holds after every step, and
from wherever a walk ends there is a way to an end.

REDRESS_WALKS sets the number of walks (default 200, always the same ones; any other number walks
anew), each of 40 steps.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts.domain import people
from accounts.enums import Role
from cases.enums import Kind
from tests.stateful.walking import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.sqlite_only]
USUAL = 200
WALKS = int(os.environ.get("REDRESS_WALKS", USUAL))


def reserve(company):
    """Two of quality whom no walk uses: there is always somebody who has not touched a case."""
    for username, role in (("spare", Role.QUALITY_ENGINEER), ("spare2", Role.QUALITY_MANAGER)):
        person = people.add_person(by=None, username=username, name=username)
        people.grant(by=None, person=person, department=company.quality, role=role)
        yield person


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.INCIDENT])
@pytest.mark.parametrize("part", [1, 2])
def test_a_walk_breaks_nothing_and_is_never_stuck(company, kind, part):
    company.reserve = list(reserve(company))
    walk = type(f"Walk{kind.title()}{part}", (Walk,), {"c": company, "kind": kind, "part": part})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=WALKS // 4,
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=WALKS == USUAL,
            suppress_health_check=list(HealthCheck),
            # Walks are long to repeat: what failed is printed as it was.
            phases=[Phase.generate],
        ),
    )
