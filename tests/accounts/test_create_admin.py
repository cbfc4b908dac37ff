"""The first administrator of a real installation."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Department, Membership, User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
GIVEN = {"username": "root", "name": "杨帆", "company": "华东轴承", "no_input": True}


def create(**options) -> str:
    out = StringIO()
    call_command("create_admin", stdout=out, **{**GIVEN, **options})
    return out.getvalue()


def test_it_makes_the_company_the_person_and_a_link(client):
    said = create()
    person = User.objects.get()
    assert person.authority.roles == {"administrator"}
    assert Department.objects.get().name == "华东轴承"
    assert not person.has_usable_password()
    path = re.search(r"https?://[^/]+(/choose-password/\S+)", said).group(1)
    assert client.get(path, follow=True).context["validlink"]


def test_the_password_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("REDRESS_ADMIN_PASSWORD", PASSWORD)
    assert "choose-password" not in create()
    assert User.objects.get().check_password(PASSWORD)


def test_a_weak_password_makes_nobody(monkeypatch):
    monkeypatch.setenv("REDRESS_ADMIN_PASSWORD", "12345678")
    with pytest.raises(CommandError):
        create()
    assert not User.objects.exists() and not Department.objects.exists()


def test_it_asks_for_what_is_missing(monkeypatch):
    answers = {"Username: ": "root", "Name: ": "杨帆", "Company: ": "华东轴承"}
    monkeypatch.setattr("builtins.input", answers.__getitem__)
    monkeypatch.setattr("getpass.getpass", lambda question: PASSWORD)
    create(username=None, name=None, company=None, no_input=False)
    assert User.objects.get().check_password(PASSWORD)


def test_a_second_administrator_must_be_asked_for(company):
    with pytest.raises(CommandError, match="already"):
        create()
    create(another=True)
    assert Membership.objects.filter(role="administrator", until=None).count() == 2
    assert Department.objects.filter(parent=None).count() == 1


@pytest.mark.parametrize("missing", ["username", "name", "company"])
def test_without_input_everything_must_be_given(missing):
    with pytest.raises(CommandError, match=missing):
        create(**{missing: None})


def test_a_username_in_use_undoes_everything(company):
    with pytest.raises(CommandError):
        create(another=True, username="AGENT")
    assert Membership.objects.filter(role="administrator").count() == 1
