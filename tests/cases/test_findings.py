"""Improvement proposals and integrity checks: cases out of our own figures, on the same engine."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.domain import people
from accounts.models import User
from cases.domain.intake import log_case
from cases.enums import CaseState, Kind, Part
from cases.models import Case, Channel, Customer
from tests import factories
from workflows.errors import Conflict, Forbidden
from workflows.models import Transition

pytestmark = pytest.mark.django_db


def test_a_finding_begins_in_review_with_a_number_of_its_own(company):
    case = factories.finding(company, department=company.workshop)
    assert case.number.startswith("GJ-")
    assert (case.state, case.flow_key) == (CaseState.REVIEW, "improvement")
    assert (case.customer.type, case.customer.name) == ("internal", "公司内部")
    assert case.channel.code == "satisfaction"
    parts = dict(case.parties.values_list("department", "part"))
    assert parts == {company.quality.pk: Part.SERVICE, company.workshop.pk: Part.CONCERNED}
    task = factories.task_of(case)
    assert (task.department, task.role) == (company.quality, "quality_engineer")
    check = factories.finding(company, kind=Kind.INTEGRITY, external_ref="HC-1")
    assert check.number.startswith("CX-")
    assert (Customer.objects.filter(type="internal").count(), Channel.objects.count()) == (1, 2)


def test_the_same_finding_is_opened_once(company):
    first = factories.finding(company, external_ref="2026-H1:a:b")
    again = factories.finding(company, external_ref="2026-H1:a:b", title="别的")
    assert again == first
    assert Case.objects.count() == 1
    assert Transition.objects.filter(act="log").count() == 1


def test_a_finding_walks_to_its_closing_by_the_usual_steps(company):
    case = factories.bring_finding(company, CaseState.CLOSED)
    assert case.closed_at is not None
    [action] = case.actions.all()
    assert action.state == "closed"
    deeds = Transition.objects.filter(subject_kind="case", subject_id=case.pk).order_by("pk")
    assert list(deeds.values_list("act", flat=True)) == [
        "log", "order_actions", "complete_actions", "verify_finding", "close",
    ]  # fmt: skip


def test_a_finding_without_action_is_dismissed_with_a_reason(company):
    case = factories.finding(company)
    with pytest.raises(ValidationError):
        factories.do(case, "dismiss", company.engineer)
    assert factories.bring_finding(company, CaseState.REJECTED).state == CaseState.REJECTED


def test_who_carried_an_action_out_does_not_close_the_case(company):
    case = factories.bring_finding(company, CaseState.CLOSING)
    people.grant(by=None, person=company.handler, department=company.quality,
                 role="quality_engineer", at=company.policy.made_at)  # fmt: skip
    with pytest.raises(Conflict):
        factories.do(case, "close", User.objects.get(pk=company.handler.pk))


def test_only_those_who_answer_for_the_figures_raise_findings(company):
    for name in ("agent", "handler", "head", "auditor", "admin"):
        with pytest.raises(Forbidden):
            factories.finding(company, by=getattr(company, name))
    for name in ("marketer", "manager", "representative", "director"):
        assert factories.finding(company, by=getattr(company, name)).pk


def test_bad_input_stands_by_its_field(company):
    with pytest.raises(ValidationError) as wrong:
        factories.finding(company, kind=Kind.COMPLAINT, title=" ", description="")
    assert set(wrong.value.message_dict) == {"kind", "title", "description"}


def test_nobody_logs_or_converts_to_a_finding_by_hand(company, client):
    for kind in (Kind.IMPROVEMENT, Kind.INTEGRITY):
        with pytest.raises(ValidationError):
            log_case(by=company.agent, kind=kind, customer=company.customer,
                     channel=company.channel, description="x")  # fmt: skip
        case = factories.bring(company, CaseState.TRIAGE)
        with pytest.raises(ValidationError):
            factories.do(case, "convert", company.lead, kind=kind)
    client.force_login(company.agent)
    page = client.get(reverse("cases:log")).content.decode()
    assert 'value="opinion"' in page
    assert 'value="improvement"' not in page
    assert 'value="integrity"' not in page


def test_the_page_of_a_finding_offers_its_steps_to_quality(company, client):
    case = factories.finding(company, department=company.workshop)
    client.force_login(company.engineer)
    page = client.get(case.get_absolute_url())
    assert page.status_code == 200
    for outcome in ("order_actions", "dismiss"):
        assert outcome in page.content.decode()
    client.force_login(company.buyer)
    assert client.get(case.get_absolute_url()).status_code == 404
    client.force_login(company.handler)
    assert client.get(case.get_absolute_url()).status_code == 200
