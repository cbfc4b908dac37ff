"""The inbox as a question to the domain: what waits for whom."""

import pytest

from cases.enums import CaseState
from tests.factories import task_of
from tests.incidents import bring_incident
from workflows.domain import worklist

pytestmark = pytest.mark.django_db


def test_what_waits_for_a_role_in_no_department_is_in_the_pool_of_whoever_holds_it(company):
    task = task_of(bring_incident(company, CaseState.COUNTERSIGNATURE))
    assert task.department is None
    assert task in worklist.tab(company.representative, "pool")
    assert worklist.counts(company.representative)["pool"] == 1
    assert task not in worklist.tab(company.engineer, "pool")
