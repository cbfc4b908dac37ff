"""Recurring plans open a draft once a window; a closed complaint asks its customer, capped."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.models import Customer
from surveys.domain import closing, plans, policies
from surveys.models import Campaign, CampaignPlan, Invitee
from tests.factories import bring, do, log, task_of
from tests.surveys import factories
from tests.surveys.campaigning import drafted, moment
from workflows.domain import context, outbox
from workflows.domain.transitions import intervene
from workflows.errors import Forbidden

pytestmark = pytest.mark.django_db


def plan(c, **changes):
    policies.ensure_policy()
    given = {
        "by": c.marketer,
        "name": "满意度调查",
        "questionnaire_code": "survey_1",
        "rhythm": "half_year",
        "department": c.marketing,
        "source": "sales_survey",
    }
    return plans.keep_plan(**{**given, **changes})


@pytest.mark.parametrize(
    ("rhythm", "day", "starts", "ends", "name"),
    [
        ("half_year", (2026, 4, 1), (2026, 4, 1), (2026, 7, 1), "2026-H1"),
        ("half_year", (2026, 6, 30, 23, 59), (2026, 4, 1), (2026, 7, 1), "2026-H1"),
        ("half_year", (2026, 12, 31, 23, 59), (2026, 10, 1), (2027, 1, 1), "2026-H2"),
        ("half_year", (2026, 7, 1), None, None, ""),
        ("half_year", (2026, 3, 31, 23, 59), None, None, ""),
        ("quarter", (2026, 3, 31, 23, 59), (2026, 1, 1), (2026, 4, 1), "2026-Q1"),
        ("quarter", (2026, 10, 1), (2026, 10, 1), (2027, 1, 1), "2026-Q4"),
        ("month", (2026, 2, 1), (2026, 2, 1), (2026, 3, 1), "2026-02"),
        ("month", (2026, 12, 31, 23, 59), (2026, 12, 1), (2027, 1, 1), "2026-12"),
    ],
)
def test_windows_begin_and_end_at_midnight_of_the_company(rhythm, day, starts, ends, name):
    found = plans.window(rhythm, moment(*day))
    if starts is None:
        assert found is None
    else:
        assert found == plans.Window(moment(*starts), moment(*ends), name)


def test_the_next_window_is_named_in_and_between_windows():
    assert plans.next_window("half_year", moment(2026, 5, 1)).name == "2026-H2"
    assert plans.next_window("half_year", moment(2026, 1, 15)).name == "2026-H1"
    assert plans.next_window("month", moment(2026, 12, 15)).name == "2027-01"


def test_a_draft_opens_once_in_its_window_and_waits_in_the_pool_of_its_department(company):
    factories.questionnaire(company)
    kept = plan(company)
    with context.at(moment(2026, 3, 31, 23, 59)):
        assert plans.open_drafts() == 0
    with context.at(moment(2026, 4, 1)):
        assert plans.open_drafts() == 1
        assert plans.open_drafts() == 0
    with context.at(moment(2026, 6, 30)):
        assert plans.open_drafts() == 0
    draft = Campaign.objects.get()
    assert (draft.title, draft.period, draft.plan) == ("满意度调查 2026-H1", "2026-H1", kept)
    assert draft.questionnaire.code == "survey_1"
    task = task_of(draft)
    assert (task.owner, task.department, task.role) == (None, company.marketing, "marketing")
    assert task.due == moment(2026, 4, 6)
    with context.at(moment(2026, 10, 2)):
        assert plans.open_drafts() == 1


def test_a_moved_draft_of_a_plan_does_not_open_a_second_one_at_the_same_start(company):
    kept = plan(company)
    with context.at(moment(2026, 4, 1)):
        plans.open_drafts()
        first = Campaign.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Campaign.objects.create(
                number="DC-X", title="x", plan=kept, starts_at=first.starts_at,
                ends_at=first.ends_at, department=company.marketing, created_at=first.created_at,
            )  # fmt: skip


def test_a_plan_that_is_switched_off_or_cannot_open_leaves_the_others_alone(company):
    broken, good = plan(company, name="甲"), plan(company, name="乙", rhythm="month")
    plan(company, name="丙", is_active=False)
    CampaignPlan.objects.filter(pk=broken.pk).update(source="gone")
    with context.at(moment(2026, 4, 3)):
        assert plans.open_drafts() == 1
        assert Campaign.objects.get().plan == good
        assert plans.trouble(CampaignPlan.objects.get(pk=broken.pk))
        assert plans.trouble(good) == []


def test_a_cancelled_draft_does_not_come_back_in_its_window(company):
    plan(company)
    with context.at(moment(2026, 4, 1)):
        plans.open_drafts()
        do(Campaign.objects.get(), "cancel", company.marketer, reason="今年不做")
        assert plans.open_drafts() == 0


def test_plans_are_kept_by_who_runs_campaigns(company):
    with pytest.raises(Forbidden):
        plan(company, by=company.agent)
    with pytest.raises(ValidationError) as refused:
        plan(company, name="", questionnaire_code="Nö", rhythm="daily", source="none")
    assert set(refused.value.message_dict) == {"name", "questionnaire_code", "rhythm", "source"}


def test_a_new_installation_begins_with_five_plans_once(company):
    assert plans.ensure_plans() == 5
    assert plans.ensure_plans() == 0
    assert {one.rhythm for one in CampaignPlan.objects.all()} == {"half_year", "quarter", "month"}


def test_without_a_department_there_are_no_plans_yet(db):
    assert plans.ensure_plans() == 0


# ---------------------------------------------------------------------------- after closing
def closed(c, **changes):
    case = bring(c, "closed", log(c, **changes))
    outbox.drain(10_000)
    return case


def asking(c):
    drafted(c)  # brings the policy
    return factories.questionnaire(c, kind="complaint", code="complaint_handling")


def test_a_closed_complaint_asks_its_customer_in_a_campaign_of_its_own(company):
    form = asking(company)
    company.customer.email = "kunde@example.com"
    company.customer.save()
    case = closed(company)
    asked = Invitee.objects.get(case=case)
    assert (asked.customer, asked.email) == (company.customer, "kunde@example.com")
    campaign = asked.campaign
    assert (campaign.kind, campaign.source, campaign.state) == ("complaint", "", "launched")
    assert campaign.questionnaire == form
    assert campaign.created_by is None
    assert campaign.starts_at <= asked.sent_at < campaign.ends_at
    outbox.drain(1000)
    assert [letter.to for letter in mail.outbox] == [["kunde@example.com"]]


def test_nobody_is_asked_twice_within_the_days_of_the_policy(company):
    asking(company)
    other = Customer.objects.create(
        name="另一家", created_at=context.now(), created_by=company.agent
    )
    with context.at(context.now() - timedelta(days=91)):
        closed(company)
        closed(company)
        closed(company, customer=other)
    assert Invitee.objects.count() == 2
    closed(company)
    assert Invitee.objects.filter(customer=company.customer).count() == 2


def test_campaigns_for_closed_complaints_are_one_a_half_year(company):
    asking(company)
    with context.at(moment(2026, 3, 1)):
        closed(company)
    with context.at(moment(2026, 6, 20)):
        closed(company)
    with context.at(moment(2026, 11, 1)):
        closed(company)
    periods = Campaign.objects.filter(kind="complaint").values_list("period", flat=True)
    assert sorted(periods) == ["2026-H1", "2026-H2"]


def test_the_effect_of_one_closing_counts_once(company):
    asking(company)
    case = closed(company)
    asked = Invitee.objects.get(case=case)
    Invitee.objects.filter(pk=asked.pk).update(left_out_reason="重复", left_out_by=company.marketer)
    assert closing.invite(case, at=context.now(), key=asked.external_id) is None


def test_only_complaints_that_were_closed_are_asked_about(company):
    asking(company)
    bring(company, "rejected")
    praise = log(company, kind="praise")
    do(praise, "answer", company.agent, text="谢谢。", channel=company.channel)
    outbox.drain(10_000)
    assert not Invitee.objects.exists()


def test_a_complaint_closed_again_is_under_the_cap(company):
    asking(company)
    case = closed(company)
    intervene(case, "reopen", by=company.manager, reason="客户再次反映")
    bring(company, "closed", type(case).objects.get(pk=case.pk))
    outbox.drain(10_000)
    assert Invitee.objects.count() == 1


def test_without_an_approved_form_nobody_is_asked(company):
    closed(company)
    assert not Invitee.objects.exists()
