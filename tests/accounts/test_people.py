"""Commands about people: what they check, and what the history tells afterwards."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.domain import past, people
from accounts.domain.passwords import key_for
from accounts.enums import Role
from accounts.errors import AccountRefused
from accounts.models import Leave, User

pytestmark = pytest.mark.django_db


def test_a_change_is_recorded_with_who_did_it_and_what_was_before(company):
    people.edit_person(by=company.admin, person=company.handler, name="陈钢", phone="139 1111")
    latest, first = past.of_person(company.handler)[:2]
    assert latest["actor"] == company.admin
    assert [(before, after) for _label, before, after in latest["changes"]] == [
        ("陈刚", "陈钢"),
        ("", "139 1111"),
    ]
    assert first["changes"] == []


def test_the_history_holds_no_password_and_no_sign_in(company):
    columns = {field.name for field in User.history.model._meta.get_fields()}
    assert not columns & {"password", "last_login"}


def test_roles_given_and_ended_stand_in_the_history(company):
    given = people.grant(
        by=company.admin, person=company.handler, department=company.line, role=Role.HEAD
    )
    people.end_membership(by=company.manager, membership=given)
    people.end_membership(by=company.admin, membership=given)
    told = [(each["actor"], each["act"]) for each in past.of_person(company.handler)]
    assert told[:2] == [(company.manager, "end"), (company.admin, "grant")]


def test_a_role_is_not_given_twice(company):
    again = people.grant(
        by=company.admin, person=company.handler, department=company.workshop, role="handler"
    )
    assert again == company.handler.memberships.get()
    assert again.history.count() == 1


def test_nobody_audits_and_acts_at_once(company):
    with pytest.raises(AccountRefused):
        people.grant(by=None, person=company.handler, department=company.root, role="auditor")
    with pytest.raises(AccountRefused):
        people.grant(by=None, person=company.auditor, department=company.root, role="handler")


def test_an_inactive_person_or_department_gets_no_role(company):
    people.deactivate(by=company.admin, person=company.agent2)
    with pytest.raises(AccountRefused):
        people.grant(by=None, person=company.agent2, department=company.root, role="handler")
    people.deactivate_department(by=company.admin, department=company.line)
    with pytest.raises(AccountRefused):
        people.grant(by=None, person=company.agent, department=company.line, role="handler")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"username": "AGENT"}, "__all__"),
        ({"username": "two words"}, "username"),
        ({"email": "not an address"}, "email"),
        ({"language": "fr"}, "language"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_changes_nothing(company, changes, field):
    with pytest.raises(ValidationError) as caught:
        people.edit_person(by=company.admin, person=company.handler, **changes)
    assert field in caught.value.message_dict
    kept = User.objects.get(pk=company.handler.pk)
    assert (kept.name, kept.username) == ("陈刚", "handler")
    assert kept.history.count() == 1


def test_text_is_cleaned_before_it_is_kept(company):
    person = people.add_person(by=None, username="new", name="  Zoe\u0301\r\nLi\x07 ")
    assert person.name == "Zo\u00e9 Li"


def test_rights_cannot_be_edited_as_if_they_were_a_name(company):
    with pytest.raises(TypeError):
        people.edit_person(by=company.handler, person=company.handler, is_superuser=True)


def test_a_reset_ends_sessions_and_the_key_dies_with_its_use(client, company, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    client.force_login(company.handler)
    key = people.reset_password(by=company.admin, person=company.handler)
    assert client.get("/profile/").status_code == 302
    address = f"/choose-password/{key.uid}/{key.token}/"
    for _look in range(2):
        page = client.get(address, follow=True)
        assert page.context["validlink"]
    form = page.request["PATH_INFO"]
    weak = client.post(form, {"password": "12345678", "again": "12345678"})
    assert weak.context["form"].errors["password"]
    chosen = {"password": "a-long-new-one-7", "again": "a-long-new-one-7"}
    assert client.post(form, chosen).url == "/sign-in/"
    company.handler.refresh_from_db()
    assert company.handler.check_password("a-long-new-one-7")
    assert client.get(address).context["validlink"] is False
    told = [each["act"] for each in past.of_person(company.handler)]
    assert told[:2] == ["choose_password", "reset_password"]


def test_a_key_of_a_deactivated_or_unknown_person_opens_nothing(client, company):
    key = key_for(company.agent2)
    people.deactivate(by=company.admin, person=company.agent2)
    for uid, token in ((key.uid, key.token), ("AAAA", key.token), ("x", "y"), (key.uid, "x-y")):
        page = client.get(f"/choose-password/{uid}/{token}/")
        assert page.status_code == 200 and not page.context["validlink"]


def test_leave_names_an_active_substitute_and_does_not_overlap(company):
    today = timezone.localdate()
    later = today + timedelta(days=5)
    plan = {"by": company.handler, "person": company.handler}
    people.plan_leave(**plan, substitute=company.head, starts=today, ends=later)
    for bad in (
        {"substitute": company.handler},
        {"substitute": company.auditor},
        {"substitute": company.head},
        {"starts": later + timedelta(days=3), "ends": later},
    ):
        given = {"substitute": company.handler2, "starts": later, "ends": later, **bad}
        with pytest.raises(AccountRefused):
            people.plan_leave(**plan, **given)
    assert Leave.objects.count() == 1


def test_begun_leave_is_cut_short_and_planned_leave_is_called_off(company):
    today = timezone.localdate()
    plan = {"by": company.admin, "substitute": company.head}
    begun = people.plan_leave(
        **plan, person=company.handler, starts=today - timedelta(days=3), ends=today
    )
    planned = people.plan_leave(**plan, person=company.handler2, starts=today, ends=today)
    key = planned.pk
    for leave in (begun, planned):
        people.end_leave(by=company.admin, leave=leave)
    begun.refresh_from_db()
    assert begun.ends == today - timedelta(days=1)
    assert list(Leave.objects.all()) == [begun]
    assert Leave.history.filter(id=key).latest().history_user == company.admin
    with pytest.raises(AccountRefused):
        people.end_leave(by=company.admin, leave=begun)
