"""What the top bar shows to whom, and what it costs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from config import context
from tests import factories
from workflows.domain.assignment import claim
from workflows.models import Notification

pytestmark = pytest.mark.django_db

WORK = ["workflows:inbox", "cases:list", "cases:actions", "cases:customers"]
READS = [*WORK[:3], "surveys:index", "surveys:reports", *WORK[3:]]
EXPECTED = {
    "agent": WORK,
    "head": READS,
    "engineer": READS,
    "auditor": READS,
    "manager": [*READS, "cases:catalogues"],
    "director": [*READS, "accounts:departments"],
    "admin": ["workflows:inbox", "accounts:people"],
}


def address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def request_of(person, path="/administration/people/"):
    request = RequestFactory().get(path)
    request.user = person if isinstance(person, AnonymousUser) else User.objects.get(pk=person.pk)
    return request


@pytest.mark.parametrize(("who", "names"), EXPECTED.items())
def test_the_places_of_a_role(company, who, names):
    nav = context.page(request_of(getattr(company, who)))["nav"]
    assert [item["url"] for item in nav] == [url for name in names if (url := address(name))]


def test_the_current_place_is_marked(company):
    nav = context.page(request_of(company.admin))["nav"]
    assert [item["url"] for item in nav if item["active"]] == [reverse("accounts:people")]


def test_every_place_a_person_is_shown_opens(client, company):
    for who in EXPECTED:
        person = getattr(company, who)
        client.force_login(person)
        for item in context.page(request_of(person))["nav"]:
            assert client.get(item["url"]).status_code == 200, (who, item["url"])


def test_nobody_signed_in_sees_no_places():
    assert context.page(request_of(AnonymousUser())) == {}


def test_all_numbers_come_with_one_statement(company):
    task = factories.task_of(factories.bring(company, "statement"))
    factories.bring(company, "statement")
    claim(task, by=company.handler)
    Notification.objects.filter(user=company.handler).delete()
    for turn in range(3):
        Notification.objects.create(
            user=company.handler, kind="overdue", key=f"k{turn}", subject_kind="case",
            subject_number="x", root_number="x", title="x", at=task.created,
        )  # fmt: skip
    request = request_of(company.handler)
    assert request.user.authority
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = context.page(request)
        list(page["nav"])
        counts = context.counts(request)
        bool(page["bell"])
    assert len(captured) == 1
    assert counts == {"mine": 1, "pool": 1, "escalated": 0, "unread": 3}


def test_numbers_of_the_view_are_taken_as_they_are(company, django_assert_num_queries):
    request = request_of(company.handler)
    assert request.user.authority
    request.worklist_counts = {"mine": 7, "pool": 2, "escalated": 0, "unread": 4}
    with django_assert_num_queries(0):
        list(context.page(request)["nav"])
        assert context.counts(request)["mine"] == 7


def test_a_fragment_that_shows_no_bar_costs_nothing(company, django_assert_num_queries):
    request = request_of(company.handler)
    assert request.user.authority
    with django_assert_num_queries(0):
        context.page(request)


def test_the_person_menu_names_the_roles(company):
    page = context.page(request_of(company.handler))
    assert str(page["person_role"]) == "Handler"
