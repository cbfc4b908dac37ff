"""The invariants hold after every journey, and a tampered row is named."""

import pytest
from django.db import connection

from cases.enums import CaseState
from tests.factories import bring, log
from workflows.domain import invariants, outbox

pytestmark = pytest.mark.django_db


def broken() -> set[int]:
    return {number for number, _sentence, _row in invariants.violations()}


@pytest.mark.parametrize(
    "state",
    [
        CaseState.TRIAGE,
        CaseState.ARBITRATION,
        CaseState.ACTION,
        CaseState.CLOSED,
        CaseState.MERGED,
        CaseState.CONVERTED,
        CaseState.WITHDRAWN,
    ],
)
def test_nothing_is_broken_after_a_journey(company, state):
    bring(company, state)
    outbox.drain(1000)
    assert broken() == set()


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("UPDATE cases_case SET state = 'reply'", 3),
        ("UPDATE cases_case SET state = 'reply'", 7),
        ("UPDATE workflows_task SET finished = created, status = 'CANCELED'", 1),
        ("UPDATE workflows_task SET finished = created, status = 'CANCELED'", 5),
        ("UPDATE workflows_transition SET from_state = 'closed' WHERE version = 2", 6),
        ("UPDATE workflows_transition SET version = 9 WHERE version = 2", 7),
        ("UPDATE workflows_outbox SET dead = created, error = 'x'", 13),
        ("UPDATE accounts_user SET is_active = false", 27),
    ],
)
def test_a_row_changed_behind_the_engine_is_found(company, sql, number):
    bring(company, CaseState.TRIAGE)
    log(company)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert number in broken()
