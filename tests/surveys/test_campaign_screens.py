"""Campaigns on screen: who sees what, forms, the live board, files, statements."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from surveys.domain import responses, sending
from surveys.domain.campaigns import UnitDraft
from surveys.models import Campaign, CampaignPlan
from tests.cases.pages import browser, sent as form_of, someone
from tests.factories import task_of
from tests.surveys.campaigning import (
    customers,
    drafted,
    invitee,
    launched,
    sent,
    units,
)
from workflows.domain import context
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
LIST = "/satisfaction/campaigns/"
ANSWERS = {"function": "5", "appearance": "4", "timeliness": "5"}
READERS = ("marketer", "engineer", "manager", "head", "representative", "director", "auditor")
OTHERS = ("agent", "lead", "handler", "admin")


def typed(c, **changes):
    """What the form of a new campaign sends."""
    start = timezone.localtime(now() - timedelta(days=1))
    given = {
        "title": "年度调查",
        "source": "",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(days=60):%Y-%m-%dT%H:%M}",
        "department": c.marketing.pk,
        "units-TOTAL_FORMS": "1",
        "units-INITIAL_FORMS": "0",
    }
    return {**given, **changes}


def text_of(answer):
    return answer.content.decode()


# ---------------------------------------------------------------------------- who sees what
def test_pages_are_there_for_readers_and_for_nobody_else(company):
    campaign, _links = sent(company, 2)
    plan = CampaignPlan.objects.create(
        name="计划", questionnaire_code="x", rhythm="month", department=company.marketing
    )
    pages = [
        LIST,
        f"{LIST}plans/",
        campaign.get_absolute_url(),
        f"{campaign.get_absolute_url()}board/",
    ]
    for_runners = [
        f"{LIST}new/", f"{LIST}upload/", f"{LIST}plans/new/", f"{LIST}plans/{plan.pk}/",
        f"{campaign.get_absolute_url()}file/",
    ]  # fmt: skip
    for name in (*READERS, *OTHERS):
        client = someone(company, name)
        runs = name in {"marketer", "engineer", "manager"}
        for url in pages:
            assert client.get(url).status_code == (200 if name in READERS else 404), (name, url)
        for url in for_runners:
            assert client.get(url).status_code == (200 if runs else 404), (name, url)
        if not runs:
            for way in ("send", "remind", "links"):
                assert client.post(f"{campaign.get_absolute_url()}{way}/").status_code == 404


def test_readers_see_no_button_that_is_not_theirs(company):
    campaign, _links = sent(company, 1)
    page = text_of(someone(company, "director").get(campaign.get_absolute_url()))
    for word in ("Send out", "/remind/", "As a file", "Cannot be reached</a>"):
        assert word not in page
    assert "New campaign" not in text_of(someone(company, "auditor").get(LIST))


@pytest.mark.parametrize(
    "url", ["DC-2026-9999/", "DC-2026-9999/board/", "DC-2026-9999/file/", "x%00y/"]
)
def test_what_is_not_there_is_not_found(company, url):
    assert someone(company, "marketer").get(f"{LIST}{url}").status_code == 404


def test_pages_speak_both_languages(company):
    campaign, _links = sent(company, 1)
    for url in (
        LIST,
        campaign.get_absolute_url(),
        f"{LIST}new/",
        f"{LIST}plans/",
        f"{LIST}upload/",
    ):
        for language in ("en", "zh-hans"):
            answer = browser(company.marketer, language).get(url)
            assert answer.status_code == 200
            assert f'lang="{language}"' in text_of(answer)


# ---------------------------------------------------------------------------- the draft
def test_a_campaign_is_drawn_up_with_its_units(company):
    client = someone(company, "marketer")
    policy = drafted(company)
    answer = client.post(
        f"{LIST}new/",
        typed(
            company, source="sales_survey", cities="上海，北京、上海", margin="5",
            customer_types=["direct", "end"], questionnaire=policy.questionnaire.pk,
            **{"units-0-department": company.workshop.pk, "units-0-regions": "华东, 华北"},
        ),
    )  # fmt: skip
    campaign = Campaign.objects.order_by("-pk").first()
    assert answer.status_code == 302, text_of(answer)
    assert answer.url == campaign.get_absolute_url()
    assert campaign.population == {"customer_types": ["direct", "end"], "cities": ["上海", "北京"]}
    assert campaign.units.get().regions == ["华东", "华北"]
    assert campaign.created_by == company.marketer


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 300},
        {"starts_at": "soon"},
        {"starts_at": "9999-01-01T00:00"},
        {"ends_at": "2001-01-01T00:00"},
        {"department": "999999"},
        {"source": "nowhere"},
        {"margin": "NaN"},
        {"margin": "99"},
        {"period": "2026"},
        {"products": ["NO"]},
        {"declared_sent": "-3"},
        {"units-0-regions": "华东"},
        {"units-0-department": "abc", "units-0-regions": "华东"},
        {"cities": "x\x00y"},
        {"cities": "长" * 100},
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(company, changes):
    given = {**typed(company), "agency": "知行调查", **changes}
    answer = someone(company, "marketer").post(f"{LIST}new/", given)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "知行调查" in page
    assert "form-errors" in page
    assert not Campaign.objects.exists()


def test_rows_without_their_management_form_are_refused_and_no_error(company):
    given = {name: value for name, value in typed(company).items() if "units" not in name}
    assert someone(company, "marketer").post(f"{LIST}new/", given).status_code == 422


def test_the_preview_counts_who_fits_and_how_many_are_needed(company):
    customers(company, 9)
    client = someone(company, "marketer")
    page = text_of(client.post(f"{LIST}preview/", {"margin": "5", "customer_types": ["direct"]}))
    assert "Customers that fit: 9" in page
    assert "9 answers are needed" in page
    assert client.post(f"{LIST}preview/", {"margin": "x", "cities": "\x00"}).status_code == 200
    assert client.get(f"{LIST}preview/").status_code == 405
    assert someone(company, "agent").post(f"{LIST}preview/").status_code == 404


def test_a_draft_walks_to_its_launch_on_its_page(company):
    customers(company, 3)
    campaign = drafted(company)
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    page = text_of(client.get(url))
    assert "Nobody is to be asked yet" in page
    assert "Customers that fit: 4" in page
    assert "Draw the frame" in text_of(client.get(f"{url}?act=draw"))
    bad = client.post(f"{url}acts/draw/", form_of(campaign, size="99"))
    assert bad.status_code == 422
    assert 'value="99"' in text_of(bad)
    assert client.post(f"{url}acts/draw/", form_of(campaign, size="2")).status_code == 302
    assert campaign.invitees.count() == 2
    campaign = Campaign.objects.get(pk=campaign.pk)
    edit = typed(company, title="改了", questionnaire=campaign.questionnaire_id)
    assert client.post(f"{url}acts/edit/", form_of(campaign, **edit)).status_code == 302
    stale = client.post(f"{url}acts/edit/", form_of(campaign, **edit))
    assert stale.status_code == 409
    assert "改了" in text_of(stale)
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert campaign.invitees.count() == 0  # another source: the frame is void
    client.post(f"{url}acts/draw/", form_of(campaign))
    campaign = Campaign.objects.get(pk=campaign.pk)
    step = f"{url}tasks/{task_of(campaign).pk}/launch/"
    assert client.post(step, form_of(campaign)).status_code == 302
    assert Campaign.objects.get(pk=campaign.pk).state == "launched"
    assert client.post(step, form_of(campaign)).status_code == 409


def test_the_form_of_a_draft_shows_what_it_consists_of(company):
    east = units(company, 1)[0]
    campaign = drafted(
        company, units=[UnitDraft(east, ("华东",), 7)], population={"cities": ["上海"]}
    )
    page = text_of(someone(company, "marketer").get(f"{campaign.get_absolute_url()}?act=edit"))
    for word in (campaign.title, "华东", "上海", 'value="7"', f'value="{east.pk}" selected'):
        assert word in page, word


def test_a_cancel_without_a_reason_is_422_and_steps_of_others_are_404(company):
    campaign, other = drafted(company), drafted(company)
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    step = f"{url}tasks/{task_of(campaign).pk}"
    assert client.post(f"{step}/cancel/", form_of(campaign, reason="")).status_code == 422
    assert client.post(f"{step}/nonsense/", form_of(campaign)).status_code == 404
    foreign = f"{url}tasks/{task_of(other).pk}/cancel/"
    assert client.post(foreign, form_of(campaign, reason="x")).status_code == 404
    assert client.post(f"{url}acts/nonsense/", form_of(campaign)).status_code == 404
    assert client.post(f"{step}/cancel/", form_of(campaign, reason="推迟")).status_code == 302


# ---------------------------------------------------------------------------- sending
def test_sending_gives_a_file_of_links_once(company):
    campaign = launched(company, 2)
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    assert "Not sent yet" in text_of(client.get(url))
    answer = client.post(f"{url}send/", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 4
    token = rows[1][-1].split("/")[-2]
    assert responses.find(token=token) == invitee(campaign)
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post(f"{url}send/").status_code == 409
    again = client.post(f"{url}links/", {"format": "csv"})
    assert again.content.startswith(b"\xef\xbb\xbf")
    assert "/a/" in again.content.decode()


def test_no_name_becomes_a_formula_in_the_file(company):
    customers(company, 1)
    company.customer.name = '=HYPERLINK("http://x")'
    company.customer.save()
    campaign = launched(company, 0)
    answer = someone(company, "marketer").post(
        f"{campaign.get_absolute_url()}send/", {"format": "csv"}
    )
    assert "'=HYPERLINK" in answer.content.decode()


def test_one_unit_is_sent_to_at_a_time(company):
    east, north = units(company, 2)
    customers(company, 2)
    customers(company, 1, region="华北")
    campaign = launched(company, 0, units=[UnitDraft(east, ("华东",)), UnitDraft(north, ("华北",))])
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    client.post(f"{url}send/", {"unit": north.pk, "format": "csv"})
    assert campaign.invitees.filter(sent_at__isnull=False).count() == 1
    client.post(f"{url}send/", {"unit": "none", "format": "csv"})
    assert campaign.invitees.filter(sent_at__isnull=False).count() == 2
    assert client.post(f"{url}send/", {"unit": "999", "format": "csv"}).status_code == 400


def test_who_is_mailed_gets_no_line_in_the_file(company):
    customers(company, 1, email="kunde@example.com")
    campaign = launched(company, 0)
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    assert "By e-mail" in text_of(client.get(url))
    answer = client.post(f"{url}send/", {"mail": "on", "format": "csv"})
    assert "kunde@example.com" not in answer.content.decode()
    assert campaign.invitees.filter(sent_at__isnull=False).count() == 2


def test_reminding_says_how_many(company):
    campaign, links = sent(company, 2)
    responses.submit(token=links["0001"], answers=ANSWERS, texts={})
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    assert "Reminded: 2" in text_of(client.post(f"{url}remind/", follow=True))
    assert invitee(campaign, "0001").reminders == 0
    with context.at(campaign.ends_at):
        assert client.post(f"{url}remind/").status_code == 409


def test_leaving_out_and_unreachable_stand_on_the_page_with_their_reasons(company):
    campaign = launched(company, 2)
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    one, two = invitee(campaign, "0001"), invitee(campaign, "0002")
    assert "Leave out: 0001" in text_of(client.get(f"{url}?who={one.pk}"))
    assert client.post(f"{url}people/{one.pk}/leave-out/", {"reason": " "}).status_code == 422
    client.post(f"{url}people/{one.pk}/leave-out/", {"reason": "合同已终止"})
    sending.send(campaign=campaign, by=company.marketer, mail=False)
    client.post(f"{url}people/{two.pk}/unreachable/", {"reason": "空号"})
    assert "合同已终止" in text_of(client.get(f"{url}?view=left_out"))
    assert "空号" in text_of(client.get(f"{url}?view=unreachable"))
    assert two.name not in text_of(client.get(f"{url}?view=remind"))
    other = launched(company, 0)
    foreign = f"{other.get_absolute_url()}people/{one.pk}/leave-out/"
    assert client.post(foreign, {"reason": "x"}).status_code == 404
