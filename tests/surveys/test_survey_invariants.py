"""The invariants of the satisfaction module hold after real work, and a tampered row is named."""

import pytest
from django.db import connection

from surveys.domain import index, policies, responses, signing
from surveys.models import PeriodIndex, Response
from tests.surveys.factories import campaign, invite, questionnaire
from tests.surveys.indexing import GOLDEN, LOOK, PERIOD, answer, invalidate, put, send
from workflows.domain import invariants

pytestmark = pytest.mark.django_db
OURS = {20, 21, 22}


@pytest.fixture
def c(company):
    """Forms of three sources, one from a link, one taken out; an index kept and signed."""
    policies.ensure_policy()
    company.form = questionnaire(company, document=LOOK)
    for source, levels in GOLDEN.items():
        here = put(company, source, levels)
        send(here, len(levels))
        invalidate(company, here, "1")
    live = campaign(company, period=PERIOD.code)
    _invitee, token = invite(company, live)
    responses.submit(token=token, answers={"function": "5"}, texts={})
    signing.sign(period=PERIOD, by=company.director, reason="走访未达 80 %")
    index.current(PERIOD)
    return company


def broken() -> set[int]:
    return {number for number, _sentence, _row in invariants.violations()} & OURS


def tamper(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_nothing_is_broken_after_real_work(c):
    assert broken() == set()


def test_an_index_that_has_yet_to_be_computed_anew_is_no_violation(c):
    PeriodIndex.objects.update(stamp="old", result={"sources": []})
    assert broken() == set()


def test_a_stored_figure_that_was_changed_is_named(c):
    kept = PeriodIndex.objects.get()
    kept.result["sources"][0]["score"] = "100.00"
    kept.save()
    rows = [row for number, _sentence, row in invariants.violations() if number == 20]
    assert rows == [f"{PERIOD.code}: sources.sales_survey.score 100.00 ≠ 99.82"]


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("UPDATE surveys_signedindex SET result = '{}'", 20),
        ("UPDATE surveys_response SET received_at = '2001-01-01 00:00:00+00:00'", 22),
        ("UPDATE surveys_response SET levels = '55555'", 22),
        ("UPDATE surveys_response SET levels = '9' WHERE levels = '5'", 22),
        ("UPDATE surveys_response SET levels = '' WHERE levels = '5'", 22),
        ("UPDATE surveys_invitee SET sent_at = NULL, left_out_reason = 'x', left_out_by_id = "
         "(SELECT min(id) FROM accounts_user)", 22),
        ("UPDATE surveys_invitee SET campaign_id = (SELECT min(id) FROM surveys_campaign)"
         " WHERE token_hash IS NOT NULL", 22),
    ],
)  # fmt: skip
def test_a_row_changed_behind_the_engine_is_found(c, sql, number):
    PeriodIndex.objects.all().delete()
    tamper(sql)
    assert broken() == {number}


def test_a_form_is_taken_out_by_a_finding_of_its_own_campaign_only(c):
    here = put(c, "sales_survey", ["5"])
    finding = invalidate(c, here, "5")
    other = answer(put(c, "sales_visit", []), "4")
    assert broken() == set()
    Response.objects.filter(pk=other.pk).update(invalidated_by=finding)
    assert broken() == {22}
