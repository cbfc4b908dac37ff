"""Two administrators, or many guesses, at the same instant, on PostgreSQL."""

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from accounts.domain import people
from accounts.errors import AccountRefused
from accounts.models import Department, Membership, User
from tests import factories

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def company(transactional_db):
    return factories.company()


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at the same instant, each on its own connection; results or exceptions."""
    results: list[object] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(position: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results[position] = jobs[position]()
        except (AccountRefused, ValidationError) as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_the_last_two_administrators_cannot_remove_each_other(company):
    c = company
    people.grant(by=None, person=c.lead, department=c.root, role="administrator")
    for _turn in range(10):
        results = at_once(
            lambda: people.deactivate(by=c.lead, person=User.objects.get(pk=c.admin.pk)),
            lambda: people.deactivate(by=c.admin, person=User.objects.get(pk=c.lead.pk)),
        )
        assert sum(isinstance(each, AccountRefused) for each in results) == 1
        left = Membership.objects.filter(role="administrator", user__is_active=True, until=None)
        assert left.count() == 1
        for person in (c.admin, c.lead):
            people.reactivate(by=c.admin, person=person)


def test_two_branches_moved_below_each_other_close_no_ring(company):
    c = company
    for _turn in range(10):
        results = at_once(
            lambda: people.move_department(
                by=c.admin, department=Department.objects.get(code="WS"), parent=c.purchasing
            ),
            lambda: people.move_department(
                by=c.admin, department=Department.objects.get(code="PU"), parent=c.workshop
            ),
        )
        assert sum(isinstance(each, ValidationError) for each in results) == 1
        for department in Department.objects.exclude(parent=None):
            parent = Department.objects.get(pk=department.parent_id)
            assert department.path == f"{parent.path}{department.pk}/"
        for code in ("WS", "PU"):
            people.move_department(
                by=c.admin, department=Department.objects.get(code=code), parent=c.root
            )


def test_of_many_guesses_at_one_instant_five_are_tried(company, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def guess() -> int:
        return Client().post("/sign-in/", {"username": "agent", "password": "x"}).status_code

    statuses = at_once(*[guess] * 16)
    assert statuses.count(429) >= 11
    assert statuses.count(401) <= 5
    assert statuses.count(401) + statuses.count(429) == 16
