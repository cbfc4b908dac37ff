"""A campaign with its frame as a file: out of one system, into another."""

import tomllib
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from surveys.domain import campaign_file, sending
from surveys.domain.campaigns import UnitDraft
from surveys.models import Campaign, Invitee
from tests.surveys.campaigning import customers, drafted, drawn, launched, units
from workflows.errors import Forbidden

pytestmark = pytest.mark.django_db

SHORT = """
[campaign]
title = "小调查"
starts_at = 2026-11-01
ends_at = 2026-12-31T18:00:00
department = "MK"
"""


def full(company):
    east, others = units(company, 2)
    customers(company, 3, external_ref="", phone="021-1", email="a@example.com")
    customers(company, 1, region="华北")
    campaign = drafted(
        company, margin=Decimal("5.0"),
        population={"customer_types": ["direct"], "cities": ["上海"]},
        units=[UnitDraft(east, ("华东",), 3), UnitDraft(others)], declared_sent=7,
    )  # fmt: skip
    return drawn(campaign, company, seed=5, size=3)


def described(campaign):
    """What a file is to carry."""
    return (
        campaign.title, campaign.source, campaign.period, campaign.kind, campaign.questionnaire,
        campaign.starts_at, campaign.ends_at, campaign.mode, campaign.agency, campaign.department,
        campaign.population, campaign.margin, campaign.declared_sent,
        list(campaign.units.order_by("pk").values_list("department", "regions", "target")),
        list(
            campaign.invitees.order_by("pk").values_list(
                "external_id", "name", "customer_type", "product", "region", "city", "phone",
                "email", "unit", "left_out_reason",
            )
        ),
    )  # fmt: skip


def test_a_file_brings_the_whole_set_up_back_as_a_draft(company):
    campaign = Campaign.objects.get(pk=full(company).pk)
    sending.leave_out(invitee=campaign.invitees.first(), by=company.engineer, reason="合同已终止")
    text = campaign_file.dumps(campaign, by=company.engineer)
    again = campaign_file.load(text.encode(), by=company.engineer)
    again = Campaign.objects.get(pk=again.pk)
    assert again.state == "draft"
    assert described(again) == described(campaign)
    assert campaign_file.dumps(again, by=company.engineer).split("\n")[1:] == text.split("\n")[1:]


def test_what_was_sent_and_answered_stays_where_it_was(company):
    campaign = launched(company, 2)
    sending.send(campaign=campaign, by=company.marketer, mail=False)
    text = campaign_file.dumps(campaign, by=company.marketer)
    assert "token" not in text
    again = campaign_file.load(text.encode(), by=company.marketer)
    assert not Invitee.objects.filter(campaign=again, sent_at__isnull=False).exists()


def test_phones_leave_with_those_who_see_them_only(company):
    campaign = full(company)
    assert "021-1" in campaign_file.dumps(campaign, by=company.engineer)
    assert "021-1" not in campaign_file.dumps(campaign, by=company.marketer)


def test_a_customer_is_found_by_the_external_reference(company):
    company.customer.external_ref = "K-1"
    company.customer.save()
    text = SHORT + '[[invitees]]\nexternal_id = "1"\nname = "华东"\ncustomer = "K-1"\n'
    campaign = campaign_file.load(text.encode(), by=company.marketer)
    assert campaign.invitees.get().customer == company.customer
    other = '[[invitees]]\nexternal_id = "1"\nname = "某"\ncustomer = "K-2"\n'
    campaign = campaign_file.load((SHORT + other).encode(), by=company.marketer)
    assert campaign.invitees.get().customer is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("not toml", "file"),
        ("\xff", "file"),
        ("", "campaign"),
        ("campaign = 3", "campaign"),
        ("[campaign]\ntitel = 'x'", "campaign.titel"),
        ("[campaign]\npopulation = 3", "campaign.population"),
        (SHORT.replace("2026-11-01", '"soon"'), "campaign.starts_at"),
        (SHORT.replace("2026-12-31T18:00:00", "2026-10-01"), "campaign.ends_at"),
        (SHORT.replace('"MK"', '"NO"'), "campaign.department"),
        (SHORT.replace('"MK"', "[1]"), "campaign.department"),
        (SHORT.replace('"MK"', '"M\\u0000K"'), "campaign.department"),
        (SHORT + 'margin = "many"', "campaign.margin"),
        (SHORT + "declared_sent = true", "campaign.declared_sent"),
        (SHORT + 'questionnaire = "gone"', "campaign.questionnaire"),
        (SHORT + 'source = "nowhere"', "campaign.source"),
        (SHORT + '[campaign.population]\ncities = "上海"', "campaign.population.cities"),
        (SHORT + '[campaign.population]\ncolour = ["x"]', "campaign.population.colour"),
        (SHORT + "units = 3", "campaign.units"),
        (SHORT + '[[units]]\ndepartment = "NO"', "units.0.department"),
        (SHORT + '[[units]]\ndepartment = "WS"\nregions = "x"', "units.0.regions"),
        (SHORT + '[[units]]\ndepartment = "WS"\nregions = ["\\u0000"]', "units"),
        (SHORT + '[[invitees]]\nname = "x"', "invitees.0.external_id"),
        (SHORT + '[[invitees]]\nexternal_id = 7\nname = "x"', "invitees.0.external_id"),
        (SHORT + '[[invitees]]\nexternal_id = "1"\nname = "x"\nage = "3"', "invitees.0.age"),
        (SHORT + '[[invitees]]\nexternal_id = "1"\nname = "x"\nunit = "N"', "invitees.0.unit"),
        (
            SHORT + '[[invitees]]\nexternal_id = "1"\nname = "x"\nemail = "nobody"',
            "invitees.0.email",
        ),
        (
            SHORT + '[[invitees]]\nexternal_id = "1"\nname = "x"\n' * 2,
            "invitees.1.external_id",
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_place_and_nothing_is_kept(company, text, place):
    with pytest.raises(ValidationError) as refused:
        campaign_file.load(text.encode(), by=company.marketer)
    assert place in refused.value.message_dict
    assert not Campaign.objects.exists()


def test_a_sentence_names_the_line(company):
    text = SHORT + '[[invitees]]\nexternal_id = "1"\nname = "x"\nproduct = "NO"\n'
    with pytest.raises(ValidationError) as refused:
        campaign_file.load(text.encode(), by=company.marketer)
    [sentence] = refused.value.message_dict["invitees.0.product"]
    assert "10" in sentence


def test_only_who_runs_campaigns_imports_one(company):
    with pytest.raises(Forbidden):
        campaign_file.load(SHORT.encode(), by=company.agent)


def test_the_command_draws_up_the_file(company, tmp_path):
    path, out = tmp_path / "campaign.toml", StringIO()
    path.write_text(SHORT, encoding="utf-8")
    call_command("import_campaign", str(path), stdout=out)
    call_command("import_campaign", str(path), "--by", "engineer", stdout=out)
    assert Campaign.objects.count() == 2
    assert Campaign.objects.filter(created_by=company.engineer).count() == 1
    assert tomllib.loads(SHORT)["campaign"]["title"] == Campaign.objects.first().title
    path.write_text("[campaign]", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_campaign", str(path))
    with pytest.raises(CommandError):
        call_command("import_campaign", str(tmp_path / "none.toml"))
    with pytest.raises(CommandError):
        call_command("import_campaign", str(path), "--by", "nobody")
