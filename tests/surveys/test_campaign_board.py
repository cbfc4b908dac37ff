"""The board and the lists of campaigns on screen: figures, pages by key, statements, files."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.domain import people
from surveys.domain import campaign_file, responses
from surveys.domain.campaigns import UnitDraft
from surveys.models import Campaign, CampaignPlan
from tests.cases.pages import someone, statements
from tests.surveys import factories
from tests.surveys.campaigning import (
    customers,
    drafted,
    drawn,
    launched,
    sent,
    units,
)
from workflows.domain import context

pytestmark = pytest.mark.django_db
LIST = "/satisfaction/campaigns/"
ANSWERS = {"function": "5", "appearance": "4", "timeliness": "5"}


def text_of(answer):
    return answer.content.decode()


# ---------------------------------------------------------------------------- the board
def test_the_board_draws_each_unit_against_the_line_with_its_numbers_beside(company):
    east, north = units(company, 2)
    customers(company, 4)
    customers(company, 1, region="华北")
    campaign, links = sent(
        company, 0, population={"customer_types": ["direct"]},
        units=[UnitDraft(east, ("华东",), 4), UnitDraft(north)],
    )  # fmt: skip
    for external_id in ("0001", "0002", "0003"):
        responses.submit(token=links[external_id], answers=ANSWERS, texts={})
    page = text_of(someone(company, "auditor").get(f"{campaign.get_absolute_url()}board/"))
    assert (
        "Area 0: 4 sent, 0 opened, 3 received" in page
        or "Area 0: 4 sent, 3 opened, 3 received" in page
    )
    assert "75.00 %" in page
    assert "60.00 %" in page
    assert 'x1="80.00"' in page
    assert re.search(r'class="board-received"[^>]*width="75.00"', page)
    assert "more forms are missing" in page
    assert 'style="' not in page


def test_the_board_reads_itself_anew_only_while_the_campaign_is_open(company):
    campaign, _links = sent(company, 1)
    client, url = someone(company, "auditor"), f"{campaign.get_absolute_url()}board/"
    assert 'hx-trigger="every 15s"' in text_of(client.get(url))
    with context.at(campaign.ends_at):
        page = text_of(client.get(url))
        assert "hx-trigger" not in page
        assert "not representative" in page
    with context.at(campaign.starts_at - timedelta(seconds=1)):
        assert "has not opened yet" in text_of(client.get(url))


def test_phones_are_masked_for_those_who_do_not_need_them(company):
    customers(company, 1, phone="13812345678")
    campaign = launched(company, 0)
    shown = {
        name: "13812345678" in text_of(someone(company, name).get(campaign.get_absolute_url()))
        for name in ("engineer", "marketer", "auditor")
    }
    assert shown == {"engineer": True, "marketer": False, "auditor": False}


# ---------------------------------------------------------------------------- pages and statements
def test_invitees_go_in_pages_by_key(company):
    campaign, _links = sent(company, 120)
    client, url = someone(company, "marketer"), campaign.get_absolute_url()
    seen, query = [], "?view=all"
    for _turn in range(3):
        page = text_of(client.get(url + query))
        seen += re.findall(r'data-label="External id">(\d+)<', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        query = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"{turn:04}" for turn in range(1, 122)]
    assert query == ""
    for odd in ("?after=x", "?unit=x", "?view=x", "?who=x", "?after=99999999999999999999"):
        assert client.get(url + odd).status_code == 200


def test_a_page_costs_the_same_with_one_and_with_fifty_of_everything(company):
    costs = {}
    client = someone(company, "marketer")
    for count in (1, 50):
        found = units(company, count) if count == 1 else units_more(company, count)
        drafts = [UnitDraft(unit, (f"R{turn}",)) for turn, unit in enumerate(found)]
        for turn in range(count):
            customers(company, 1, region=f"R{turn}", city=f"C{count}")
        campaign, links = sent(company, 0, units=drafts, population={"cities": [f"C{count}"]})
        responses.submit(token=links["0001"], answers=ANSWERS, texts={})
        url = campaign.get_absolute_url()
        client.get(url)
        costs[count] = [
            statements(client, "get", address)[1]
            for address in (url, f"{url}board/", f"{url}?view=all")
        ]
    assert costs[1] == costs[50]
    assert costs[50][0] <= 18
    assert costs[50][1] <= 10


def units_more(c, count):
    return [
        people.add_department(by=None, code=f"V{turn}", name=f"大区 {turn}", parent=c.marketing)
        for turn in range(count)
    ]


def test_the_list_costs_the_same_with_one_and_with_fifty_campaigns(company):
    client = someone(company, "marketer")
    drafted(company)
    client.get(LIST)
    _page, first = statements(client, "get", LIST)
    form = factories.questionnaire(company)
    for _turn in range(50):
        drafted(company, questionnaire=form)
    answer, second = statements(client, "get", LIST)
    assert first == second <= 12
    assert 'rel="next"' in text_of(answer)
    assert client.get(f"{LIST}?group=all&after=3&q=%E8%B0%83").status_code == 200
    assert client.get(f"{LIST}?group=nonsense&after=x&q=%00").status_code == 200


def test_plans_are_listed_with_the_same_statements(company):
    client = someone(company, "marketer")
    drafted(company)
    client.post(reverse("surveys:usual_plans"))
    assert CampaignPlan.objects.count() == 5
    page, first = statements(client, "get", f"{LIST}plans/")
    assert "Showroom survey" in text_of(page)
    CampaignPlan.objects.exclude(rhythm="month").update(rhythm="month")
    CampaignPlan.objects.update(is_active=False)
    for one in list(CampaignPlan.objects.all()) * 9:
        one.pk = None
        one.save()
    assert statements(client, "get", f"{LIST}plans/")[1] <= first


def test_a_plan_is_added_and_changed_and_bad_input_is_422(company):
    form = factories.questionnaire(company)
    drafted(company)
    client = someone(company, "marketer")
    given = {
        "name": "月度", "rhythm": "month", "questionnaire_code": form.code, "mode": "own",
        "department": company.marketing.pk, "is_active": "on", "cities": "上海",
    }  # fmt: skip
    assert client.post(f"{LIST}plans/new/", given).status_code == 302
    plan = CampaignPlan.objects.get()
    assert plan.population == {"cities": ["上海"]}
    assert "上海" in text_of(client.get(f"{LIST}plans/{plan.pk}/"))
    for bad in ({"name": ""}, {"rhythm": "daily"}, {"department": "x"}, {"products": ["NO"]}):
        answer = client.post(f"{LIST}plans/{plan.pk}/", {**given, **bad})
        assert answer.status_code == 422, bad
    changed = {name: value for name, value in given.items() if name != "is_active"}
    client.post(f"{LIST}plans/{plan.pk}/", changed)
    plan.refresh_from_db()
    assert not plan.is_active
    assert client.get(f"{LIST}plans/999999/").status_code == 404


# ---------------------------------------------------------------------------- files
def test_a_campaign_leaves_as_a_file_and_comes_back_by_upload(company):
    customers(company, 2)
    campaign = drawn(drafted(company), company)
    client = someone(company, "marketer")
    answer = client.get(f"{campaign.get_absolute_url()}file/")
    assert answer.headers["Content-Disposition"].endswith(f'{campaign.number}.toml"')
    file = SimpleUploadedFile("campaign.toml", answer.content)
    back = client.post(f"{LIST}upload/", {"file": file})
    again = Campaign.objects.order_by("-pk").first()
    assert back.url == again.get_absolute_url()
    assert again.invitees.count() == 3
    text = campaign_file.dumps(again, by=company.marketer)
    assert text.split("\n")[1:] == answer.content.decode().split("\n")[1:]


@pytest.mark.parametrize("content", [b"", b"[campaign]", b"\xff\xfe", b"x" * 10])
def test_a_file_that_is_none_is_told_at_the_field(company, content):
    client = someone(company, "marketer")
    answer = client.post(f"{LIST}upload/", {"file": SimpleUploadedFile("x.toml", content)})
    assert answer.status_code == 422
    assert "field-error" in text_of(answer)
    assert client.post(f"{LIST}upload/").status_code == 422
