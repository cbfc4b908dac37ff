"""From a check to a decision: proposals once, two people, forms taken out, a case opened."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.enums import CaseState, Kind
from cases.models import Case
from surveys.domain import index, integrity, periods, policies
from surveys.enums import FindingState
from surveys.models import Examination, Finding, ImportBatch, Response
from tests.factories import do, task_of
from tests.surveys import factories, suspecting
from workflows.domain.context import at, now
from workflows.errors import Conflict, Forbidden
from workflows.models import Task, Transition

pytestmark = pytest.mark.django_db


def test_examining_proposes_what_the_checks_find(company):
    campaign = suspecting.campaign(company)
    [finding] = integrity.examine(campaign, by=company.engineer)
    assert finding.number == f"HC-{now():%Y}-0001"
    assert (finding.check_key, finding.state) == ("too_fast", FindingState.PROPOSED)
    assert finding.evidence["forms"] == suspecting.FAST
    assert sum(mine for _name, mine, _others in finding.evidence["bars"]) == suspecting.FAST
    flagged = finding.flagged.order_by("response").values_list("response__external_id", "note")
    assert list(flagged) == [(f"{turn:04}", "3 s") for turn in range(31, 35)]
    task = task_of(finding)
    assert (task.department, task.role) == (company.quality, "quality_engineer")
    row = Transition.objects.get(subject_kind="finding")
    assert (row.act, row.by, row.to_state) == ("propose", company.engineer, "proposed")


def test_examining_again_proposes_nothing_twice_and_new_forms_anew(company):
    campaign = suspecting.campaign(company)
    integrity.examine(campaign)
    assert integrity.examine(campaign) == []
    last = campaign.responses.latest("pk")
    last.pk, last.external_id = None, "9999"
    last.save(force_insert=True)
    [second] = integrity.examine(campaign)
    assert [one.response.external_id for one in second.flagged.all()] == ["9999"]
    seen = Examination.objects.order_by("pk").values_list("forms", "proposed")
    assert list(seen) == [(34, 1), (34, 0), (35, 1)]


def test_a_dismissed_suspicion_is_not_raised_again(company):
    finding = suspecting.finding(company, "dismissed")
    assert finding.decided_by == company.engineer
    assert integrity.examine(finding.campaign) == []
    assert not Task.objects.filter(subject_kind="finding", finished=None).exists()


def test_who_may_not_examine_is_refused_and_so_is_a_draft(company):
    campaign = suspecting.campaign(company)
    for name in ("marketer", "representative", "auditor", "handler"):
        with pytest.raises(Forbidden):
            integrity.examine(campaign, by=getattr(company, name))
    draft = factories.campaign(company, state="draft", launched_at=None)
    with pytest.raises(Conflict):
        integrity.examine(draft, by=company.engineer)


def test_the_second_person_is_another_one(company):
    finding = suspecting.finding(company, "pursued")
    assert (finding.decided_by, finding.decision) == (company.engineer, "电话回访四位顾客")
    with pytest.raises(Conflict, match="."):
        do(finding, "confirm", company.engineer, field_work="均未填写")
    assert not Response.objects.exclude(invalidated_by=None).exists()
    finding = do(finding, "confirm", company.manager, field_work="均未填写")
    assert (finding.state, finding.confirmed_by) == (FindingState.CONFIRMED, company.manager)


def test_the_database_refuses_one_person_for_both(company):
    finding = suspecting.finding(company, "confirmed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=finding.pk).update(confirmed_by=finding.decided_by)


def test_a_confirmed_finding_takes_the_forms_out_and_opens_a_case(company):
    finding = suspecting.finding(company, "confirmed")
    out = Response.objects.filter(invalidated_by=finding)
    assert sorted(out.values_list("external_id", flat=True)) == ["0031", "0032", "0033", "0034"]
    assert Response.objects.count() == suspecting.HONEST + suspecting.FAST
    case = finding.case
    assert (case.kind, case.state) == (Kind.INTEGRITY, CaseState.REVIEW)
    assert (case.source, case.external_ref) == ("integrity", finding.number)
    for text in (finding.number, finding.campaign.number, "四位顾客均未填写"):
        assert text in case.description
    assert integrity.examine(finding.campaign) == []


def test_forms_found_genuine_stay_in_the_score(company):
    finding = suspecting.finding(company, "pursued")
    everything = set(finding.flagged.values_list("response_id", flat=True))
    with pytest.raises(ValidationError) as wrong:
        do(finding, "confirm", company.manager, field_work="已核实", spared=everything)
    assert set(wrong.value.message_dict) == {"spared"}
    spared = finding.flagged.first().response_id
    do(finding, "confirm", company.manager, field_work="已核实", spared={spared})
    assert Response.objects.filter(invalidated_by=finding).count() == suspecting.FAST - 1
    assert Response.objects.get(pk=spared).invalidated_by is None


def test_field_work_and_its_question_are_needed(company):
    finding = suspecting.finding(company)
    with pytest.raises(ValidationError):
        do(finding, "pursue", company.engineer, decision=" ")
    finding = do(finding, "pursue", company.engineer, decision="回访")
    with pytest.raises(ValidationError):
        do(finding, "confirm", company.manager, field_work="")
    with pytest.raises(ValidationError):
        do(finding, "dismiss", company.manager)
    assert do(finding, "dismiss", company.manager, reason="顾客确认").state == "dismissed"


def test_the_index_counts_forms_no_more_once_they_are_out(company):
    policies.ensure_policy()
    finding = suspecting.finding(company, "pursued")
    period = periods.read(finding.campaign.period)
    source = index.current(period).result["sources"][0]
    assert (source["n"], source["invalidated"]) == (34, 0)
    do(finding, "confirm", company.manager, field_work="均未填写")
    source = index.current(period).result["sources"][0]
    assert (source["n"], source["invalidated"], source["received"]) == (30, 4, 34)


def test_campaigns_are_examined_when_they_have_ended(company):
    campaign = suspecting.campaign(company)
    running = suspecting.campaign(company, ends_at=now() + timedelta(days=3))
    assert integrity.examine_ended() == 1
    assert integrity.examine_ended() == 0
    assert not running.examinations.exists()
    batch = {"file_name": "a.csv", "sha256": "x", "by": company.marketer}
    ImportBatch.objects.create(campaign=campaign, at=now(), **batch)
    assert integrity.examine_ended() == 0
    assert campaign.examinations.count() == 2
    with at(now() + timedelta(days=4)):
        assert integrity.examine_ended() == 1


def test_proposing_takes_the_same_statements_for_many_forms(company):
    def statements(campaign):
        with CaptureQueriesContext(connection) as seen:
            assert integrity.examine(campaign)
        return len(seen)

    small = suspecting.campaign(company)
    large = suspecting.campaign(company)
    rows = list(large.responses.all())
    for row in rows:
        row.pk, row.external_id = None, f"B{row.external_id}"
    Response.objects.bulk_create(rows)
    assert Response.objects.filter(campaign=large).count() == 68
    assert Case.objects.count() == 0
    assert statements(small) == statements(large)
