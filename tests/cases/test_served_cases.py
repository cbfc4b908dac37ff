"""One action serves many cases: linked once, seen on both sides, waited for at closing."""

import pytest
from django.core.exceptions import ValidationError

from cases.enums import CaseState
from cases.models import Case, ServedCase
from tests.cases.effects import planned
from tests.cases.pages import fresh, page, sent, someone, statements
from tests.factories import ROAD, bring, do, draft, log, walk_action
from tests.incidents import bring_incident
from workflows.domain import invariants, outbox
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(company):
    return planned(company, criterion="inspection", window_days=0)


@pytest.fixture
def other(company):
    return bring(company, CaseState.REVIEW, log(company, title="轴承又异响"))


def serve(case, action, by):
    return intervene(fresh(case), "serve", by=by, action=action)


def to_closing(c, case):
    for state, outcome, who, given in ROAD[:-1]:
        if fresh(case).state == state:
            do(fresh(case), outcome, getattr(c, who), **given(c))
    return fresh(case)


def test_a_case_does_not_close_before_the_action_that_serves_it_has_ended(company, action, other):
    serve(other, action, company.engineer)
    other = to_closing(company, other)
    with pytest.raises(Conflict) as refusal:
        do(other, "close", company.manager)
    assert list(refusal.value.details) == [action.number]
    walk_action(company, fresh(action))
    assert do(fresh(other), "close", company.manager).state == CaseState.CLOSED
    outbox.drain(500)
    assert list(invariants.violations()) == []


def test_an_incident_is_served_too(company, action):
    case = bring_incident(company, CaseState.CONVENING)
    serve(case, action, company.manager)
    assert fresh(case).served_action_numbers == (action.number,)


def test_its_own_action_an_ended_one_and_the_same_twice_are_refused(company, action, other):
    with pytest.raises(ValidationError, match="action of this case already"):
        serve(action.case, action, company.engineer)
    serve(other, action, company.engineer)
    with pytest.raises(ValidationError, match="serves this case already"):
        serve(other, action, company.engineer)
    walk_action(company, fresh(action))
    third = bring(company, CaseState.TRIAGE)
    with pytest.raises(ValidationError, match="has ended"):
        serve(third, action, company.engineer)
    assert ServedCase.objects.count() == 1


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.REJECTED, CaseState.WITHDRAWN])
def test_an_ended_case_is_served_no_more(company, action, state):
    case = bring(company, state)
    with pytest.raises(Conflict):
        serve(case, action, company.engineer)


def test_only_quality_links_an_action(company, action, other):
    for name in ("agent", "lead", "handler", "head", "representative", "auditor", "admin"):
        with pytest.raises(Forbidden):
            serve(other, action, getattr(company, name))


def test_both_sides_show_it_and_both_records_tell_it(company, action, other):
    client = someone(company, "engineer")
    html = page(client, other, "?act=serve")
    assert f'data-value="{action.number}"' in html
    address = f"{other.get_absolute_url()}acts/serve/"
    answer = client.post(address, sent(fresh(other), action=action.number.lower()))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    html = page(client, other)
    assert action.get_absolute_url() in html
    assert f"of {action.case.number}" in html
    assert "Use another case" in html
    html = page(client, action)
    assert other.get_absolute_url() in html
    assert "Serves another case too" in html
    assert "Serves another case too" in page(client, action.case)


@pytest.mark.parametrize("number", ["", "CA-2026-9999", "x' OR 1=1", "=CA"])
def test_an_unknown_number_is_refused_and_kept(company, other, number):
    address = f"{other.get_absolute_url()}acts/serve/"
    answer = someone(company, "engineer").post(address, sent(other, action=number))
    assert answer.status_code == 400
    assert not ServedCase.objects.exists()


def test_who_sees_only_the_served_case_sees_the_action_and_not_its_case(company):
    c = company
    # The purchasing department has to do with the served case alone.
    action = planned(c)
    case = log(c, title="来料硬度低")
    do(case, "acknowledge", c.agent, text="收到。", channel=c.channel)
    case = do(fresh(case), "accept", c.lead, department=c.purchasing)
    client = someone(c, "buyer")
    assert client.get(action.get_absolute_url()).status_code == 404
    serve(case, action, c.engineer)
    html = page(client, action)
    assert action.title in html
    assert "修订作业指导书" in html
    assert action.case.number in html
    assert action.case.title not in html
    assert action.case.customer.name not in html
    assert "This action belongs to a case that you may not see" in html
    assert action.case.get_absolute_url() not in html
    assert client.get(action.case.get_absolute_url()).status_code == 404
    assert 'name="files"' not in html
    assert action.number in page(client, case)
    address = f"{action.get_absolute_url()}acts/list_places/"
    assert client.post(address, sent(action, sites="二线")).status_code in {400, 403, 404}
    assert not action.read_across.exists()


def test_whoever_does_not_see_the_served_case_does_not_read_of_it(company, action):
    c = company
    case = log(c, title="来料硬度低")
    do(case, "acknowledge", c.agent, text="收到。", channel=c.channel)
    case = do(fresh(case), "accept", c.lead, department=c.purchasing)
    serve(case, action, c.engineer)
    html = page(someone(c, "handler"), action)
    assert "来料硬度低" not in html
    assert case.number not in html


def test_thirty_actions_that_serve_cost_no_statement_more(company, other):
    client = someone(company, "engineer")
    _answer, before = statements(client, "get", other.get_absolute_url())
    source = bring(company, CaseState.REVIEW)
    drafts = [draft(company, title=f"措施 {turn}") for turn in range(10)]
    source = do(source, "order_actions", company.engineer, actions=drafts)
    for action in source.actions.all():
        serve(other, action, company.engineer)
    _answer, after = statements(client, "get", other.get_absolute_url())
    assert after <= before + 1


def test_the_action_page_costs_the_same_for_one_and_for_many_served_cases(company, action):
    client = someone(company, "engineer")
    serve(bring(company, CaseState.TRIAGE), action, company.engineer)
    _answer, before = statements(client, "get", action.get_absolute_url())
    for _turn in range(9):
        serve(log(company), action, company.engineer)
    _answer, after = statements(client, "get", action.get_absolute_url())
    assert after <= before
    assert Case.objects.filter(served_by__action=action).count() == 10
