"""My own page: name, language, password, leave; nothing of anybody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import people
from accounts.models import Leave, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hash(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def me(client, company):
    client.force_login(company.handler)
    return company.handler


def test_the_saved_language_holds_from_then_on(client, me):
    given = {"name": "陈刚", "phone": "139", "email": "", "language": "en"}
    answer = client.post("/profile/", given)
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == ""
    assert client.get("/profile/").headers["Content-Language"] == "en"
    given["language"] = "zh-hans"
    client.post("/profile/", given)
    assert client.get("/profile/").headers["Content-Language"] == "zh-hans"
    assert User.objects.get(pk=me.pk).history.first().history_user == me


def test_what_was_typed_stays_when_something_is_wrong(client, me):
    answer = client.post("/profile/", {"name": "", "phone": "139", "language": "zh-hans"})
    assert answer.status_code == 400
    assert 'value="139"' in answer.content.decode()


def test_roles_and_rights_are_not_mine_to_change(client, me):
    given = {"name": "陈刚", "language": "en", "username": "x", "is_superuser": "on",
             "is_staff": "on", "memberships": "1", "role": "administrator"}  # fmt: skip
    client.post("/profile/", given)
    now = User.objects.get(pk=me.pk)
    assert (now.username, now.is_superuser, now.is_staff) == ("handler", False, False)
    assert now.authority.roles == {"handler"}


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(client, me):
    from django.test import Client

    people.choose_password(person=me, password=PASSWORD)
    client.force_login(me)
    other = Client()
    other.force_login(me)
    given = {"current": "wrong", "password": "another-long-1", "again": "another-long-1"}
    assert client.post("/profile/password/", given).status_code == 400
    given["current"] = PASSWORD
    mistyped = {**given, "again": "another-long-2"}
    assert client.post("/profile/password/", mistyped).status_code == 400
    assert client.post("/profile/password/", given).status_code == 302
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302


def test_a_password_is_never_shown_again(client, me):
    answer = client.post("/profile/password/", {"current": "se-cret-1", "password": "se-cret-2"})
    assert "se-cret" not in answer.content.decode()


def test_i_plan_my_leave_and_end_it_but_nobody_elses(client, me, company):
    today = timezone.localdate()
    given = {"starts": today, "ends": today + timedelta(days=3), "substitute": company.head.pk}
    assert client.post("/profile/leave/", given).status_code == 302
    leave = Leave.objects.get()
    assert (leave.user, leave.history.get().history_user) == (me, me)
    assert client.post("/profile/leave/", given).status_code == 409
    client.force_login(company.handler2)
    assert client.post(f"/profile/leave/{leave.pk}/end/").status_code == 404
    client.force_login(company.head)
    assert "I stand in for 陈刚" in client.get("/profile/").content.decode()
    client.force_login(me)
    assert client.post(f"/profile/leave/{leave.pk}/end/").status_code == 302
    assert not Leave.objects.exists()


def test_leave_with_nonsense_is_explained_at_its_field(client, me, company):
    long = {"starts": "0001-01-01", "ends": "9999-12-31", "substitute": company.auditor.pk}
    for given in ({}, {"starts": "31.02.", "ends": "x", "substitute": "9" * 40}, long):
        answer = client.post("/profile/leave/", given)
        assert answer.status_code == 400
        assert answer.context["leave_form"].errors
