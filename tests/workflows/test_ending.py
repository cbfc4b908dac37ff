"""When a case ends, nothing of it is left open."""

import pytest

from cases.enums import CaseState
from cases.models import Case
from tests.factories import PASSWORD, bring, do, order
from tests.incidents import incident
from workflows.domain import invariants, outbox
from workflows.domain.transitions import intervene
from workflows.models import Task

pytestmark = pytest.mark.django_db


def broken():
    outbox.drain(100)
    return list(invariants.violations())


def open_steps(case):
    return Task.objects.filter(root_number=case.number, finished=None)


def test_what_was_to_be_done_at_once_lapses_when_it_is_no_incident(company):
    case = incident(company)
    intervene(case, "propose_flag", by=company.agent, flag="media_exposed", evidence="省台来电。")
    do(case, "unfounded", company.agent, reason="误报")
    assert set(case.responses.values_list("state", flat=True)) == {"lapsed"}
    assert case.flag_motions.get().state == "lapsed"
    assert not open_steps(case).exists()
    assert broken() == []


def test_actions_of_a_complaint_that_is_rejected_in_the_end_are_cancelled_with_it(company):
    c = company
    case = order(c, bring(c, CaseState.REVIEW))
    case = intervene(case, "raise_severity", by=c.engineer, reason="批量", password=PASSWORD)
    case = intervene(case, "lower_severity", by=c.manager, reason="单件", password=PASSWORD)
    do(case, "reject", c.lead, reason="非我司产品")
    assert case.actions.get().state == "cancelled"
    assert not open_steps(case).exists()
    assert broken() == []


def test_a_flag_is_moved_on_a_closed_case_and_that_is_no_fault(company):
    case = bring(company, CaseState.CLOSED)
    intervene(case, "propose_flag", by=company.agent, flag="media_exposed", evidence="省台报道。")
    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED
    assert broken() == []
