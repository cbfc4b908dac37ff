"""The life of a campaign: draft, launch, window; sending, reminding, leaving out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from surveys.domain import board, responses, sending, tokens
from surveys.domain.campaigns import UnitDraft
from surveys.models import Invitee, Questionnaire
from tests.factories import do, task_of
from tests.surveys import factories
from tests.surveys.campaigning import (
    customers,
    drafted,
    drawn,
    edited,
    invitee,
    launched,
    moment,
    sent,
    units,
)
from workflows.domain import context, outbox
from workflows.domain.context import now
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict, Forbidden, NotFound
from workflows.models import Outbox, Transition

pytestmark = pytest.mark.django_db
ANSWERS = {"function": "5", "appearance": "4", "timeliness": "5"}


def answer(token, at=None):
    return responses.submit(token=token, answers=ANSWERS, texts={}, at=at)


# ---------------------------------------------------------------------------- the draft
def test_a_draft_gets_a_number_and_waits_for_its_author(company):
    campaign = drafted(company)
    assert campaign.number.startswith("DC-")
    assert campaign.state == "draft"
    task = task_of(campaign)
    assert task.owner == company.marketer
    assert task.department == company.marketing


def test_quality_draws_up_campaigns_as_well_and_has_them_at_once(company):
    campaign = drafted(company, by=company.engineer)
    assert task_of(campaign).owner == company.engineer


@pytest.mark.parametrize("name", ["agent", "handler", "head", "director", "auditor", "admin"])
def test_nobody_else_draws_up_a_campaign(company, name):
    with pytest.raises(Forbidden):
        drafted(company, by=getattr(company, name))


def test_the_period_is_the_half_year_of_the_start_unless_given(company):
    window = {"starts_at": moment(2026, 4, 1), "ends_at": moment(2026, 7, 1)}
    assert drafted(company, **window).period == "2026-H1"
    assert drafted(company, **window, period="2026-H2").period == "2026-H2"
    with pytest.raises(ValidationError) as refused:
        drafted(company, **window, period="2026")
    assert "period" in refused.value.message_dict


def test_everything_that_is_wrong_is_said_at_once(company):
    with pytest.raises(ValidationError) as refused:
        drafted(
            company, title=" ", ends_at=now() - timedelta(days=9), source="none",
            department=company.workshop, margin=Decimal(99), declared_sent=-1,
        )  # fmt: skip
    assert set(refused.value.message_dict) == {
        "title", "ends_at", "source", "department", "margin", "declared_sent",
    }  # fmt: skip


def test_a_source_for_visits_needs_a_visit_form(company):
    form = factories.questionnaire(company, kind="visit")
    assert drafted(company, source="sales_visit", questionnaire=form).kind == "visit"
    with pytest.raises(ValidationError) as refused:
        drafted(company, source="sales_survey", questionnaire=form)
    assert "questionnaire" in refused.value.message_dict
    assert drafted(company, source="", questionnaire=form).kind == "visit"


def test_a_draft_is_changed_and_the_history_knows_by_whom(company):
    campaign = edited(drafted(company), company, title="新标题", margin=Decimal("5"))
    assert (campaign.title, campaign.margin, campaign.version) == ("新标题", Decimal(5), 2)
    assert campaign.history.first().history_user == company.marketer


# ---------------------------------------------------------------------------- the launch
def test_a_launch_needs_an_approved_questionnaire(company):
    campaign = drawn(drafted(company, questionnaire=None), company)
    with pytest.raises(Conflict):
        do(campaign, "launch", company.marketer)
    form = factories.questionnaire(company, state="draft", approved_by=None, approved_at=None)
    edited(campaign, company, questionnaire=form)
    with pytest.raises(Conflict) as refused:
        do(campaign, "launch", company.marketer)
    assert form.number in str(refused.value)


def test_a_launch_needs_a_frame_or_an_agency_that_sends(company):
    campaign = drafted(company)
    with pytest.raises(Conflict):
        do(campaign, "launch", company.marketer)
    campaign = edited(campaign, company, declared_sent=100)
    assert do(campaign, "launch", company.marketer).state == "launched"


def test_a_window_that_is_over_is_not_launched(company):
    campaign = drawn(drafted(company), company)
    with context.at(campaign.ends_at), pytest.raises(Conflict):
        do(campaign, "launch", company.marketer)
    with context.at(campaign.ends_at - timedelta(seconds=1)):
        assert do(campaign, "launch", company.marketer).launched_at == now()


def test_a_cancelled_draft_says_why(company):
    campaign = drafted(company)
    with pytest.raises(ValidationError):
        do(campaign, "cancel", company.marketer)
    assert do(campaign, "cancel", company.marketer, reason="推迟").state == "cancelled"
    with pytest.raises(Conflict):
        sending.send(campaign=campaign, by=company.marketer)


def test_another_role_does_not_launch(company):
    campaign = drawn(drafted(company), company)
    with pytest.raises((Forbidden, Conflict)):
        perform(task_of(campaign), "launch", by=company.director)


# ---------------------------------------------------------------------------- the window
def test_answers_are_received_from_the_start_until_the_end_and_not_at_it(company):
    campaign, links = sent(company, 3)
    first, second, third = (links[f"000{turn}"] for turn in (2, 3, 4))
    with pytest.raises(Forbidden):
        answer(first, at=campaign.starts_at - timedelta(microseconds=1))
    answer(first, at=campaign.starts_at)
    answer(second, at=campaign.ends_at - timedelta(microseconds=1))
    with pytest.raises(Exception, match="over"):
        answer(third, at=campaign.ends_at)
    assert campaign.responses.count() == 2


# ---------------------------------------------------------------------------- sending
def test_sending_marks_and_keeps_only_the_hash_of_a_128_bit_token(company):
    campaign, links = sent(company, 3)
    assert len(links) == 4  # with the customer of the company fixture
    for external_id, token in links.items():
        row = invitee(campaign, external_id)
        assert len(token) == 22
        assert row.token_hash == tokens.digest(token)
        assert row.sent_at is not None
    assert not Invitee.objects.filter(token_hash__in=links.values()).exists()
    note = Transition.objects.filter(subject_kind="campaign", act="send").get()
    assert note.data == {"sent": 4, "mailed": 0}


def test_a_form_is_sent_once_and_a_new_link_makes_the_old_one_dead(company):
    campaign, links = sent(company, 1)
    with pytest.raises(Conflict):
        sending.send(campaign=campaign, by=company.marketer)
    row = invitee(campaign)
    fresh = sending.issue(row)
    assert responses.find(token=fresh) == row
    with pytest.raises(NotFound):
        responses.find(token=links["0001"])
    again = sending.links_again(campaign=campaign, by=company.marketer)
    assert len(again) == 2
    with pytest.raises(NotFound):
        responses.find(token=fresh)


def test_some_are_sent_to_first_and_the_others_later(company):
    campaign = launched(company, 3)
    first = campaign.invitees.filter(external_id="0001")
    assert len(sending.send(campaign=campaign, by=company.marketer, only=first)) == 1
    assert len(sending.send(campaign=campaign, by=company.marketer)) == 3


def test_who_has_an_address_gets_an_e_mail_and_the_others_a_link_to_print(company):
    customers(company, 2, email="kunde@example.com")
    campaign = launched(company, 1)
    links = sending.send(campaign=campaign, by=company.marketer, mail=True)
    assert len(links) == 2
    assert Outbox.objects.filter(topic="survey_invitation").count() == 2
    outbox.drain(1000)
    assert len(mail.outbox) == 2
    letter = mail.outbox[0]
    assert letter.to == ["kunde@example.com"]
    assert campaign.title in letter.subject
    token = letter.body.split("/a/")[1].split("/")[0]
    assert responses.find(token=token).email == "kunde@example.com"
    outbox.drain(1000)
    assert len(mail.outbox) == 2


def test_no_e_mail_goes_out_before_the_campaign_begins_or_after_it_was_answered(company):
    customers(company, 1, email="kunde@example.com")
    campaign = launched(company, 0, starts_at=now() + timedelta(days=1))
    with pytest.raises(Conflict):
        sending.send(campaign=campaign, by=company.marketer, mail=True)
    assert len(sending.send(campaign=campaign, by=company.marketer, mail=False)) == 2
    row = campaign.invitees.get(email="kunde@example.com")
    with context.at(campaign.starts_at):
        sending.remind(campaign=campaign, by=company.marketer, mail=True)
        answer(sending.issue(row))
    outbox.drain(1000)
    assert mail.outbox == []


def test_nothing_is_sent_after_the_end(company):
    campaign = launched(company)
    with context.at(campaign.ends_at), pytest.raises(Conflict):
        sending.send(campaign=campaign, by=company.marketer)


# ---------------------------------------------------------------------------- reminding
def test_reminders_go_only_to_those_who_have_not_answered(company):
    campaign, links = sent(company, 3)
    answer(links["0001"])
    sending.unreachable(invitee=invitee(campaign, "0002"), by=company.marketer, reason="空号")
    assert sending.remind(campaign=campaign, by=company.marketer) == 2
    assert sending.remind(campaign=campaign, by=company.marketer) == 2
    counts = dict(campaign.invitees.values_list("external_id", "reminders"))
    assert counts == {"0001": 0, "0002": 0, "0003": 2, "0004": 2}
    with context.at(campaign.ends_at), pytest.raises(Conflict):
        sending.remind(campaign=campaign, by=company.marketer)


def test_a_reminder_is_mailed_once_for_each_turn(company):
    customers(company, 1, email="kunde@example.com")
    campaign = launched(company, 0)
    sending.send(campaign=campaign, by=company.marketer, mail=True)
    sending.remind(campaign=campaign, by=company.marketer, mail=True)
    sending.remind(campaign=campaign, by=company.marketer, mail=True)
    outbox.drain(1000)
    assert len(mail.outbox) == 3


# ---------------------------------------------------------------------------- left out, unreachable
def test_leaving_somebody_out_needs_a_reason_and_nothing_is_sent_to_them(company):
    campaign = launched(company, 2)
    row = invitee(campaign)
    with pytest.raises(ValidationError) as refused:
        sending.leave_out(invitee=row, by=company.marketer, reason="  ")
    assert "reason" in refused.value.message_dict
    sending.leave_out(invitee=row, by=company.marketer, reason="已停止合作")
    links = sending.send(campaign=campaign, by=company.marketer, mail=False)
    assert len(links) == 2
    row.refresh_from_db()
    assert (row.left_out_reason, row.left_out_by, row.sent_at) == (
        "已停止合作", company.marketer, None,
    )  # fmt: skip
    note = Transition.objects.get(subject_kind="campaign", act="leave_out")
    assert (note.reason, note.data) == ("已停止合作", {"invitee": "0001"})
    assert board.read(campaign).total.sent == 2


def test_whom_a_form_was_sent_to_is_not_left_out_any_more(company):
    campaign, links = sent(company, 1)
    with pytest.raises(Conflict):
        sending.leave_out(invitee=invitee(campaign), by=company.marketer, reason="不想问")


def test_who_cannot_be_reached_stays_in_the_rate(company):
    campaign, links = sent(company, 3)
    answer(links["0001"])
    sending.unreachable(invitee=invitee(campaign, "0002"), by=company.marketer, reason="空号")
    total = board.read(campaign).total
    assert (total.sent, total.received, total.unreachable) == (4, 1, 1)
    assert board.percent(total.rate) == Decimal(25)


@pytest.mark.parametrize("name", ["agent", "director", "auditor", "head"])
def test_only_who_runs_campaigns_sends_reminds_and_leaves_out(company, name):
    campaign = launched(company, 1)
    person = getattr(company, name)
    with pytest.raises(Forbidden):
        sending.send(campaign=campaign, by=person)
    with pytest.raises(Forbidden):
        sending.remind(campaign=campaign, by=person)
    with pytest.raises(Forbidden):
        sending.leave_out(invitee=invitee(campaign), by=person, reason="x")


# ---------------------------------------------------------------------------- the board
def test_the_rate_is_never_rounded_up(company):
    policy = Decimal(80)
    for received, count, shown, met in [
        (7999, 10_000, "79.99", False),
        (799_999, 1_000_000, "79.99", False),
        (4, 5, "80", True),
        (2, 3, "66.66", False),
    ]:
        rate = board.Line(received=received, sent=count).rate
        assert (board.percent(rate), board.is_met(rate, policy)) == (Decimal(shown), met)
    assert board.percent(None) is None


def test_the_board_counts_each_unit_and_what_an_agency_sent(company):
    east, north = units(company, 2)
    customers(company, 2)
    customers(company, 2, region="华北")
    campaign, links = sent(
        company, 0, units=[UnitDraft(east, ("华东",), 2), UnitDraft(north)], declared_sent=5,
        population={"customer_types": ["direct"]},
    )  # fmt: skip
    answer(links["0003"])
    found = board.read(campaign)
    lines = {line.unit: (line.target, line.sent, line.received) for line in found.lines}
    assert lines == {east: (2, 2, 0), north: (0, 2, 1)}
    assert (found.total.sent, found.total.received, found.total.waiting) == (9, 1, 0)
    assert found.missing == 7
    campaign = intervene(
        campaign, "declare_sent", by=company.marketer, reason="代理机构报告", declared_sent=6
    )
    assert board.read(campaign).total.sent == 10


def test_the_forecast_goes_on_at_the_pace_so_far_and_never_beyond_what_was_sent(company):
    start = now() - timedelta(days=1)
    campaign, links = sent(company, 9, starts_at=start, ends_at=start + timedelta(days=30))
    length = campaign.ends_at - campaign.starts_at
    for external_id in ("0001", "0002", "0003"):
        answer(links[external_id])
    with context.at(campaign.starts_at + length / 2):
        found = board.read(campaign)
    assert (found.expected, board.percent(found.forecast), found.forecast_met) == (6, 60, False)
    with context.at(campaign.starts_at + length / 100):
        found = board.read(campaign)
    assert (found.expected, found.forecast_met) == (10, True)
    with context.at(campaign.ends_at):
        assert board.read(campaign).forecast is None


def test_a_questionnaire_in_use_is_the_approved_one(company):
    campaign = launched(company)
    assert campaign.questionnaire.state == "approved"
    assert Questionnaire.objects.count() == 1
