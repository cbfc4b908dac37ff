"""Two at once, on PostgreSQL: one survey after two closings, one sending, one draft of a plan."""

import pytest

from surveys.domain import closing, plans, policies, sending
from surveys.models import Campaign, CampaignPlan, Invitee
from tests import factories as people
from tests.surveys import factories
from tests.surveys.campaigning import customers, drafted, drawn
from tests.workflows.test_concurrency import at_once
from workflows.domain.context import now
from workflows.errors import Conflict

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def company(transactional_db):
    return people.company()


def test_two_closings_at_once_open_one_campaign_and_ask_the_customer_once(company):
    policies.ensure_policy()
    factories.questionnaire(company, kind="complaint")
    cases = [people.bring(company, "closed") for _turn in range(4)]
    jobs = [
        lambda case=case: closing.invite(case, at=now(), key=f"{case.number}-9") for case in cases
    ]
    results = at_once(*jobs)
    assert not [one for one in results if isinstance(one, Exception)]
    assert Campaign.objects.filter(kind="complaint").count() == 1
    assert Invitee.objects.count() == 1


def test_a_frame_is_sent_out_by_one_of_two(company):
    customers(company, 20)
    campaign = people.do(drawn(drafted(company), company), "launch", company.marketer)
    job = lambda: sending.send(campaign=campaign, by=company.marketer, mail=False)  # noqa: E731
    results = at_once(job, job, job)
    assert sorted(len(one) for one in results if isinstance(one, list)) == [21]
    assert len([one for one in results if isinstance(one, Conflict)]) == 2


def test_two_schedulers_open_one_draft(company):
    policies.ensure_policy()
    plan = CampaignPlan.objects.create(
        name="月度", questionnaire_code="x", rhythm="month", department=company.marketing
    )
    results = at_once(*[lambda: plans.open_draft(plan)] * 4)
    assert not [one for one in results if isinstance(one, Exception)]
    assert Campaign.objects.filter(plan=plan).count() == 1
    assert Campaign.objects.get().number.endswith("-0001")
