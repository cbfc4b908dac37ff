"""What the page of an incident costs: a fixed number of statements, however much was written."""

from datetime import timedelta

import pytest

from accounts.domain import people
from accounts.enums import Role
from cases.domain import incident_reading
from cases.enums import CaseState as S
from tests.cases.pages import fresh, someone, statements
from tests.factories import do, step_of, take
from tests.incidents import ORDER, bring_incident, measure
from workflows.domain.context import now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db
# The seventeenth reads the clocks, with what their bars are counted by.
MOST = 16 + 1


@pytest.mark.parametrize("state", ORDER)
def test_the_page_of_an_incident_costs_at_most_seventeen_statements(company, state):
    case = bring_incident(company, state)
    counts = {}
    for name in ("agent", "handler", "engineer", "engineer2", "manager", "representative"):
        answer, count = statements(someone(company, name), "get", case.get_absolute_url())
        if answer.status_code == 200:
            counts[name] = count
    assert max(counts.values()) <= MOST, counts


def test_the_file_of_an_incident_is_one_statement(company, django_assert_num_queries):
    case = bring_incident(company, S.CLOSED)
    for person in (company.engineer, company.handler):
        assert person.authority
        with django_assert_num_queries(1):
            found = incident_reading.read(case, person)
        assert len(found["response"]) == 3
        assert [row.percent for row in found["share"]] == [70, 30]


def test_many_opinions_responses_and_measures_cost_no_more_than_one(company):
    c = company
    few = bring_incident(c, S.COMPLETENESS)
    _answer, before = statements(someone(c, "engineer"), "get", few.get_absolute_url())
    case = bring_incident(c, S.CONVENING)
    asked = [c.workshop, c.purchasing, *(department(c, turn) for turn in range(8))]
    due = now() + timedelta(days=3)
    case = do(case, "convene", c.engineer, departments=asked, due=due)
    for turn in range(6):
        case = intervene(
            fresh(case), "order_response", by=c.engineer, kind="containment",
            department=c.workshop, instruction=f"封存 {turn}",
        )  # fmt: skip
    speakers = {c.workshop.pk: c.handler, c.purchasing.pk: c.buyer}
    for opinion in case.opinions.order_by("pk"):
        by = speakers.get(opinion.department_id, c.tester)
        said = {"cause": "甲", "responsibility": "乙", "measure": "丙"}
        take(step_of(opinion), "file", by, **said)
    shares = [(one, 10) for one in asked]
    case = do(fresh(case), "rule", c.engineer, ruling="各担一成。", shares=shares)
    plans = [measure(c, title=f"措施 {turn}") for turn in range(12)]
    case = do(case, "draft_measures", c.handler, measures=plans)
    answer, after = statements(someone(c, "engineer"), "get", case.get_absolute_url())
    assert answer.status_code == 200
    assert after == before <= MOST


def department(c, turn):
    """One more department that can be asked; the same person speaks for all of them."""
    if not hasattr(c, "tester"):
        c.tester = people.add_person(by=None, username="tester", name="许诺")
    made = people.add_department(
        by=None, code=f"L{turn}", name=f"检测 {turn}", name_en=f"Laboratory {turn}", parent=c.root
    )
    people.grant(by=None, person=c.tester, department=made, role=Role.HANDLER)
    return made
