"""Parties of an arbitration are heard within a window, with their evidence."""

import pytest
from django.core.exceptions import ValidationError

from cases.enums import CaseState
from cases.models import Arbitration
from cases.web.forms import make
from tests.cases.pages import fresh
from tests.factories import bring, do, picture, step_of, take
from tests.incidents import bring_incident
from workflows.domain.context import at
from workflows.domain.transitions import intervene
from workflows.errors import Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(company):
    return bring(company, CaseState.ARBITRATION)


def test_a_dispute_opens_an_arbitration_with_a_window_from_the_policy(disputed):
    opened = Arbitration.objects.get(case=disputed)
    assert opened.matters == ["responsibility"]
    assert opened.window_until > opened.opened_at
    form = make("complaint.act.hear", subject=disputed, by=disputed.logged_by)
    assert form.initial["due"] == opened.window_until


def test_a_party_is_heard_with_evidence_and_a_late_statement_is_marked(company, disputed):
    c, opened = company, Arbitration.objects.get(case=disputed)
    intervene(disputed, "hear", by=c.engineer, department=c.purchasing, due=opened.window_until)
    hearing = opened.hearings.get()
    said = {"cause": "来料合格。", "responsibility": "非我部门。", "measure": "复检。"}
    with pytest.raises(Forbidden):
        take(step_of(hearing), "file", c.handler, **said)
    with at(opened.window_until):
        take(step_of(hearing), "file", c.buyer, uploads=[picture()], **said)
    hearing.refresh_from_db()
    assert (hearing.state, hearing.late) == ("filed", False)
    assert disputed.files.get(purpose="opinion").name == "before.png"


def test_a_ruling_ends_the_hearings_that_nobody_used(company, disputed):
    c, opened = company, Arbitration.objects.get(case=disputed)
    intervene(disputed, "hear", by=c.engineer, department=c.purchasing, due=opened.window_until)
    do(fresh(disputed), "rule", c.manager, department=c.workshop, ruling="装配责任。")
    assert opened.hearings.get().state == "missing"


def test_nobody_is_heard_twice(company, disputed):
    c, opened = company, Arbitration.objects.get(case=disputed)
    due = opened.window_until
    intervene(disputed, "hear", by=c.engineer, department=c.purchasing, due=due)
    with pytest.raises(ValidationError):
        intervene(fresh(disputed), "hear", by=c.manager, department=c.purchasing, due=due)


def test_an_incident_is_arbitrated_after_its_review_without_a_dispute(company):
    case = bring_incident(company, CaseState.ARBITRATION)
    assert Arbitration.objects.get(case=case, at=None, ended_at=None).opened_at
