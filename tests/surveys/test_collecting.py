"""Forms come back once each, inside the window, with answers the questionnaire knows."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from surveys.domain import responses
from surveys.errors import Gone
from surveys.models import Invitee, Response
from tests.surveys.factories import campaign, invite
from workflows.domain.context import now
from workflows.errors import Conflict, Forbidden, NotFound

pytestmark = pytest.mark.django_db
GOOD = {"function": "5", "appearance": "4", "timeliness": "3"}


@pytest.fixture
def asked(company):
    """An invitee of an open campaign, with the token of their link."""
    return invite(company, campaign(company))


def send(token, answers=GOOD, texts=None, **more):
    return responses.submit(token=token, answers=answers, texts=texts or {}, **more)


def refused(token, answers, texts=None):
    with pytest.raises(ValidationError) as raised:
        send(token, answers, texts)
    assert not Response.objects.exists()
    return {
        key: [error.code for error in errors] for key, errors in raised.value.error_dict.items()
    }


def test_a_form_is_kept_with_what_the_frame_says_of_the_customer(company, asked):
    invitee, token = asked
    response = send(token, seconds=95, device="d", address="a")

    stored = Response.objects.get()
    assert stored == response
    assert stored.levels == "543 "
    assert (stored.customer_type, stored.region, stored.city) == ("direct", "华东", "上海")
    assert (stored.customer, stored.product, stored.unit) == (
        company.customer, company.product, company.marketing
    )  # fmt: skip
    assert (stored.channel, stored.seconds, stored.entered_by) == ("link", 95, None)
    assert stored.external_id == invitee.external_id


def test_the_second_form_of_a_link_is_refused_and_the_first_stays(asked):
    send(asked[1])
    with pytest.raises(Conflict):
        send(asked[1], {"function": "1"}, {"function": "late"})
    assert Response.objects.get().levels == "543 "


def test_an_unknown_link_leads_nowhere(asked):
    with pytest.raises(NotFound):
        send("nothing")


def test_whoever_was_left_out_has_no_link(company):
    one = campaign(company)
    _invitee, token = invite(
        company, one, left_out_reason="employee", left_out_by=company.marketer, sent_at=None
    )
    with pytest.raises(NotFound):
        send(token)


def test_a_link_works_inside_the_window_only(company):
    early = campaign(company, starts_at=now() + timedelta(hours=1))
    late = campaign(company, ends_at=now() - timedelta(hours=1))
    with pytest.raises(Forbidden):
        send(invite(company, early)[1])
    with pytest.raises(Gone):
        send(invite(company, late)[1])
    assert not Response.objects.exists()


def test_a_draft_campaign_has_no_links(company):
    with pytest.raises(NotFound):
        send(invite(company, campaign(company, state="draft", launched_at=None))[1])


@pytest.mark.parametrize(
    ("answers", "texts", "errors"),
    [
        ({**GOOD, "function": "11"}, {}, {"function": ["level"]}),
        ({**GOOD, "function": "0"}, {}, {"function": ["level"]}),
        ({**GOOD, "function": "54"}, {}, {"function": ["level"]}),
        ({**GOOD, "function": "５"}, {}, {"function": ["level"]}),
        ({**GOOD, "price": "5"}, {}, {"__all__": ["unknown"]}),
        (GOOD, {"price": "cheap"}, {"__all__": ["unknown"]}),
        ({**GOOD, "notice": "5"}, {}, {"notice": ["hidden"]}),
        (GOOD, {"repair": "replace it"}, {"repair": ["hidden"]}),
        ({**GOOD, "function": "2"}, {}, {"function": ["reason"]}),
        ({**GOOD, "function": "2"}, {"function": " \n"}, {"function": ["reason"]}),
        ({}, {}, {"__all__": ["empty"]}),
        (GOOD, {"wishes": "a\x00b"}, {"wishes": ["invalid"]}),
        (GOOD, {"wishes": "x" * 2001}, {"wishes": ["invalid"]}),
    ],
)
def test_what_the_questionnaire_does_not_know_is_refused(asked, answers, texts, errors):
    found = refused(asked[1], answers, texts)
    assert {key: [code or "invalid" for code in codes] for key, codes in found.items()} == errors


def test_a_question_that_is_shown_may_be_answered(asked):
    send(asked[1], {"function": "1", "timeliness": "2", "notice": "-"},
         {"function": "断裂", "timeliness": "晚了两周", "repair": "换货"})  # fmt: skip
    stored = Response.objects.get()
    assert stored.levels == "1 2-"
    assert stored.texts == {"function": "断裂", "timeliness": "晚了两周", "repair": "换货"}


def test_a_draft_is_kept_until_the_form_is_sent(asked):
    invitee, token = asked
    responses.save_draft(token=token, answers={"function": "5", "notice": "1", "x": "2"},
                         texts={"wishes": "快一点", "repair": "no"}, seconds=12)  # fmt: skip
    invitee.refresh_from_db()
    assert invitee.draft == {
        "answers": {"function": "5"}, "texts": {"wishes": "快一点"}, "seconds": 12
    }  # fmt: skip
    assert invitee.draft_at and invitee.opened_at
    assert not Response.objects.exists()
    send(token)
    invitee.refresh_from_db()
    assert invitee.draft == {} and invitee.draft_at is None
    with pytest.raises(Conflict):
        responses.save_draft(token=token, answers=GOOD, texts={})


def test_opened_is_noted_once_and_answers_nothing(asked):
    invitee, token = asked
    responses.find(token=token)
    assert Invitee.objects.get().opened_at is None
    responses.open_form(token=token)
    first = Invitee.objects.get().opened_at
    responses.open_form(token=token, at=now() + timedelta(hours=1))
    assert first and Invitee.objects.get().opened_at == first
    assert not Response.objects.exists()


# ---------------------------------------------------------------------------- by staff
def enter(company, invitee, **changes):
    given = {
        "by": company.marketer,
        "campaign": invitee.campaign,
        "invitee": invitee,
        "answers": GOOD,
        "texts": {},
        "received_at": now() - timedelta(hours=2),
        "channel": "phone",
    }
    return responses.enter(**{**given, **changes})


def test_staff_enter_a_form_and_their_name_is_kept(company, asked):
    moment = now() - timedelta(hours=3)
    enter(company, asked[0], received_at=moment, interviewer=" 何静 ", seconds=300)
    stored = Response.objects.get()
    assert (stored.entered_by, stored.interviewer, stored.channel) == (
        company.marketer, "何静", "phone"
    )  # fmt: skip
    assert stored.received_at == moment
    assert stored.entered_at > moment
    with pytest.raises(Conflict):
        send(asked[1])


def test_paper_needs_no_reason_and_a_call_does(company, asked):
    with pytest.raises(ValidationError):
        enter(company, asked[0], answers={"function": "1"})
    enter(company, asked[0], answers={"function": "1"}, channel="paper")
    assert Response.objects.get().interviewer == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"received_at": now() - timedelta(days=2)},
        {"received_at": now() + timedelta(hours=1)},
        {"channel": "link"},
        {"channel": "import"},
        {"answers": {"function": "9"}},
        {"interviewer": "x" * 81},
    ],
)
def test_staff_cannot_enter_what_did_not_happen(company, asked, changes):
    with pytest.raises(ValidationError):
        enter(company, asked[0], **changes)
    assert not Response.objects.exists()


def test_only_marketing_and_quality_enter_forms_of_their_campaign(company, asked):
    with pytest.raises(Forbidden):
        enter(company, asked[0], by=company.handler)
    with pytest.raises(NotFound):
        enter(company, asked[0], campaign=campaign(company))


def test_a_form_is_entered_after_the_end_if_it_came_before(company):
    over = campaign(company, ends_at=now() - timedelta(hours=1))
    enter(company, invite(company, over)[0])
    assert Response.objects.get().campaign == over
