"""The invariants of actions hold after every road, and a row changed behind the engine is named."""

import pytest
from django.db import connection

from cases.models import ServedCase
from tests.cases.effects import planned, watched
from tests.cases.pages import fresh
from tests.factories import walk_action
from workflows.domain import invariants, outbox
from workflows.domain.context import now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    """What must hold and does not, of corrective actions."""
    return {sentence for number, sentence, _row in invariants.violations() if number == 16}


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_nothing_is_broken_on_any_road(company):
    walk_action(company, planned(company, criterion="inspection", window_days=0))
    action = planned(company)
    intervene(fresh(action), "list_places", by=company.handler, sites=["二线"])
    watched(company)
    outbox.drain(1000)
    assert list(invariants.violations()) == []


CHANGES = [
    ("whys = '[]'", "owner, due date, root cause"),
    ("criterion = ''", "has a criterion"),
    ("window_days = 90", "its window is over"),
    ("recurrence_count = 1", "reopened its action once"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_closed_action_that_was_changed_is_found(company, change, words):
    walk_action(company, planned(company, criterion="inspection", window_days=0))
    tamper(f"UPDATE cases_correctiveaction SET {change}")
    assert any(words in sentence for sentence in broken())


def test_a_verifier_who_took_a_step_is_found(company):
    walk_action(company, planned(company, criterion="inspection", window_days=0))
    tamper(
        "UPDATE workflows_transition SET by_id = "
        f"{company.engineer2.pk} WHERE node = 'plan' AND subject_kind = 'action'"
    )
    assert "Whoever verified an action took none of its steps" in broken()


@pytest.mark.parametrize("change", ["watch_until = NULL", "verifier_id = NULL"])
def test_a_watch_without_an_end_or_a_verifier_is_found(company, change):
    watched(company)
    tamper(f"UPDATE cases_correctiveaction SET {change}")
    assert "What is watched has a window and a verifier" in broken()


def test_an_action_that_serves_its_own_case_is_found(company):
    action = planned(company)
    ServedCase.objects.create(action=action, case=action.case, by=company.engineer, at=now())
    assert "An action serves other cases than its own" in broken()


def test_a_look_without_a_person_is_found(company):
    action = planned(company)
    intervene(fresh(action), "list_places", by=company.handler, sites=["二线"])
    tamper("UPDATE cases_readacross SET result = 'affected'")
    assert any("A place that was checked" in sentence for sentence in broken())
