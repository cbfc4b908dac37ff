"""Findings on screen: the list, evidence, decisions of two people; low scores and proposals."""

from datetime import timedelta

import pytest

from cases.models import Case
from surveys.domain import integrity, policies
from surveys.models import Finding, FlaggedResponse, Response
from tests.cases.pages import fresh, page, sent, someone, statements
from tests.factories import task_of
from tests.surveys import factories, indexing, suspecting
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
LIST = "/satisfaction/findings/"


def step(finding, outcome):
    return f"{finding.get_absolute_url()}tasks/{task_of(finding).pk}/{outcome}/"


def test_readers_see_findings_and_nobody_else_does(company):
    finding = suspecting.finding(company)
    for name in ("marketer", "engineer", "manager", "head", "director", "auditor"):
        client = someone(company, name)
        assert finding.number in client.get(LIST).content.decode()
        assert client.get(finding.get_absolute_url()).status_code == 200
    for name in ("agent", "lead", "handler", "admin"):
        client = someone(company, name)
        for url in (LIST, finding.get_absolute_url(), step(finding, "pursue")):
            assert client.get(url).status_code == 404
        assert client.post(step(finding, "pursue")).status_code == 404
    assert someone(company, "engineer").get(f"{LIST}HC-1999-0001/").status_code == 404


def test_the_page_shows_figures_bars_forms_and_the_record(company):
    finding = suspecting.finding(company)
    text = page(someone(company, "engineer"), finding)
    assert "Answered too fast" in text
    assert "Usual time (median), seconds" in text
    assert text.count("bars-flagged") == 12
    for flag in finding.flagged.all():
        assert f'href="/satisfaction/answers/{flag.response_id}/"' in text or (
            f'href="/satisfaction/responses/{flag.response_id}/"' in text
        )
    assert "3 s" in text
    assert "The checks" in text


def test_two_people_decide_on_screen(company):
    finding = suspecting.finding(company)
    client = someone(company, "engineer")
    answer = client.post(step(finding, "pursue"), sent(finding, decision=""))
    assert answer.status_code == 422
    answer = client.post(step(finding, "pursue"), sent(finding, decision="电话回访"))
    assert answer.status_code == 302
    finding = fresh(finding)
    assert "somebody else confirms it" in page(client, finding)
    refused = client.post(step(finding, "confirm"), sent(finding, field_work="未填写"))
    assert refused.status_code == 409
    second = someone(company, "manager")
    keys = [flag.response_id for flag in finding.tickable]
    text = page(second, finding)
    assert text.count('name="made_up"') == len(keys)
    bad = second.post(step(finding, "confirm"), sent(finding, field_work="未填写"))
    assert bad.status_code == 422
    assert "未填写" in bad.content.decode()
    assert "At least one form must be made up" in bad.content.decode()
    given = sent(finding, field_work="未填写", made_up=keys[1:])
    assert second.post(step(finding, "confirm"), given).status_code == 302
    out = Response.objects.exclude(invalidated_by=None).order_by("pk")
    assert list(out.values_list("pk", flat=True)) == keys[1:]
    text = page(second, fresh(finding))
    assert Case.objects.get().number in text
    assert text.count("Taken out") == len(keys) - 1


def test_a_finding_is_dismissed_with_a_reason(company):
    finding = suspecting.finding(company)
    client = someone(company, "engineer")
    assert client.post(step(finding, "dismiss"), sent(finding)).status_code == 422
    client.post(step(finding, "dismiss"), sent(finding, reason="问卷很短"))
    text = page(client, finding)
    assert "Dismissed" in text
    assert "问卷很短" in text
    assert finding.number not in client.get(LIST).content.decode()
    for view, there in (("dismissed", True), ("all", True), ("confirmed", False), ("x", False)):
        assert (finding.number in client.get(f"{LIST}?view={view}").content.decode()) is there


def test_of_very_many_forms_the_genuine_ones_are_named(company, monkeypatch):
    monkeypatch.setattr("surveys.models.finding.MOST_TICKED", 3)
    finding = suspecting.finding(company, "pursued")
    client = someone(company, "manager")
    assert 'name="genuine"' in page(client, finding)
    given = sent(finding, field_work="未填写", genuine="0031\n9999")
    bad = client.post(step(finding, "confirm"), given)
    assert bad.status_code == 422
    assert "9999" in bad.content.decode()
    given["genuine"] = " 0031 \n\n"
    assert client.post(step(finding, "confirm"), given).status_code == 302
    assert Response.objects.get(external_id="0031").invalidated_by is None
    assert Response.objects.filter(invalidated_by=finding).count() == 3


def test_forms_that_are_none_of_the_finding_are_refused(company):
    finding = suspecting.finding(company, "pursued")
    client = someone(company, "manager")
    for made_up in (["0"], ["x"], [str(Response.objects.first().pk)]):
        given = sent(finding, field_work="未填写", made_up=made_up)
        assert client.post(step(finding, "confirm"), given).status_code == 422
    assert not Response.objects.exclude(invalidated_by=None).exists()


def test_the_list_can_be_narrowed_to_a_campaign(company):
    finding = suspecting.finding(company)
    other = suspecting.campaign(company)
    client = someone(company, "engineer")
    assert (
        finding.number in client.get(f"{LIST}?campaign={finding.campaign.number}").content.decode()
    )
    assert finding.number not in client.get(f"{LIST}?campaign={other.number}").content.decode()
    assert client.get(f"{LIST}?campaign=%00&view=%ff&after=x").status_code == 200


def test_statements_do_not_grow_with_rows(company):
    client = someone(company, "engineer")
    first = suspecting.finding(company)
    one = statements(client, "get", LIST)[1]
    page_one = statements(client, "get", first.get_absolute_url())[1]
    campaign = first.campaign
    for turn in range(49):
        given = {"title": "x", "number": f"HC-{turn}", "fingerprint": str(turn)}
        Finding.objects.create(
            campaign=campaign, check_key="too_fast", found_at=now(), state="proposed", **given
        )
    rows = Response.objects.bulk_create(
        factory(campaign, f"M{turn}") for turn in range(46)
    )  # fmt: skip
    FlaggedResponse.objects.bulk_create(
        FlaggedResponse(finding=first, response=row) for row in rows
    )
    answer, many = statements(client, "get", LIST)
    assert len(answer.context["rows"]) == 50
    assert one == many <= 6
    assert page_one == statements(client, "get", first.get_absolute_url())[1] <= 14


def factory(campaign, number):
    return indexing.form(
        campaign, "5543", external_id=number, received_at=now() - timedelta(days=9)
    )


def test_low_scores_are_proposed_on_screen(company):
    policies.ensure_policy()
    campaign = factories.campaign(company, period=indexing.PERIOD.code)
    Response.objects.bulk_create(indexing.form(campaign, "254 ") for _turn in range(6))
    url = f"/satisfaction/low-scores/{indexing.PERIOD}/"
    client = someone(company, "marketer")
    text = client.get(url).content.decode()
    assert "Propose improvements (1)" in text
    text = client.post(url, follow=True).content.decode()
    assert "Proposed: 1" in text
    assert Case.objects.get().number in text
    assert "Propose improvements" not in text
    assert client.get("/satisfaction/low-scores/").status_code == 200
    assert client.get("/satisfaction/low-scores/nonsense/").status_code == 404
    for name in ("auditor", "head", "agent"):
        assert someone(company, name).get(url).status_code == 404


def test_a_step_that_was_taken_meanwhile_says_by_whom(company):
    finding = suspecting.finding(company)
    url = step(finding, "dismiss")
    integrity_given = sent(finding, reason="一")
    someone(company, "engineer").post(url, integrity_given)
    late = someone(company, "engineer2").post(url, integrity_given)
    assert late.status_code == 409
    assert company.engineer.name in late.content.decode()
    assert integrity.examine(finding.campaign) == []
