"""A new installation can log a case at once."""

import pytest
from django.core.management import call_command

from cases.domain.defaults import ensure_defaults, read
from cases.models import CasePolicy, Category, Cause, Channel, CustomerClass
from workflows.domain import registry
from workflows.domain.deadlines import due_moment
from workflows.models import DeadlinePolicy, DeadlineRule

pytestmark = pytest.mark.django_db


def test_defaults_are_there_once_however_often_they_are_asked_for(capsys):
    call_command("setup_defaults")
    assert Channel.objects.count() == 16
    assert Category.objects.exists() and Cause.objects.exists()
    assert [str(one.code) for one in CustomerClass.objects.all()] == ["A", "B", "C"]
    assert CasePolicy.objects.get().reopen_days == 90
    call_command("setup_defaults")
    assert DeadlinePolicy.objects.count() == CasePolicy.objects.count() == 1
    assert "Nothing was missing" in capsys.readouterr().out


def test_what_was_changed_stays_changed():
    ensure_defaults()
    Channel.objects.filter(code="phone").update(name="热线", is_active=False)
    ensure_defaults()
    phone = Channel.objects.get(code="phone")
    assert (phone.name, phone.is_active) == ("热线", False)


def test_every_rule_names_a_step_there_is():
    for key, nodes in read()["deadlines"]["hours"].items():
        known = {node.name for node in registry.flow(key).instance.nodes()}
        assert set(nodes) <= known, key


def test_a_major_case_has_half_the_time(company):
    ensure_defaults()
    assert not DeadlineRule.objects.exists(), "the company has a policy of its own"
    DeadlinePolicy.objects.all().delete()
    ensure_defaults()
    moment = company.policy.made_at
    given = {"flow": "complaint", "node": "triage", "at": moment}
    assert due_moment(major=True, **given) < due_moment(major=False, **given)
    general = DeadlineRule.objects.get(flow="complaint", node="triage", major_only=False)
    assert general.hours == 8
