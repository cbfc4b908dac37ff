"""Regional ranking and yearly assessment: places, what they rest on, screen and documents alike."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from surveys.domain import index, policies, ranking
from surveys.domain.assessment import policy, reading
from surveys.domain.assessment.points import assess
from surveys.domain.assessment.reading import Charged, Facts, Found, Planned
from surveys.domain.periods import Period
from surveys.domain.ranking import Ranked, placed
from surveys.models import AssessmentPolicy, DeductionEntry
from tests.cases.papers import missing_in_pdf
from tests.factories import bring
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import LOOK, PERIOD, answer, invalidate, put, send
from workflows.domain.context import now
from workflows.errors import Forbidden

pytestmark = pytest.mark.django_db
YEAR = Period(PERIOD.year)


def line(key, score, **changes):
    return Ranked(key, key, "", score, 10, 10, 10, "100.00", "100.00", True, **changes)


@pytest.fixture
def enter(client):
    def sign_in(person, language="en"):
        client.force_login(person)
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def c(company):
    """Two sources: in the first 华东 is better, in the second only 西南 has answered."""
    policies.ensure_policy()
    company.form = questionnaire(company, document=LOOK)
    company.survey = put(company, "sales_survey", ["5"] * 6, region="华东")
    for _turn in range(6):
        answer(company.survey, "3", region="西南", product=company.product)
    company.visit = put(company, "sales_visit", ["4"] * 5, region="西南")
    for region in ("华东", "西南"):
        send(company.survey, 6, region=region)
    send(company.visit, 10, region="西南")
    return company


# ---------------------------------------------------------------------------- ranking
def test_equal_scores_share_a_place_and_hidden_ones_have_none():
    found = placed(
        [line("a", "80.00"), line("b", "90.00"), line("c", "80.00"), line("d", None)], []
    )
    assert [(one.key, one.place) for one in found] == [("b", 1), ("a", 2), ("c", 2), ("d", None)]


def test_a_place_is_compared_with_that_of_the_period_before():
    before = placed([line("a", "90.00"), line("b", "80.00")], [])
    found = placed([line("a", "85.00"), line("b", "95.50"), line("new", "70.00")], before)
    told = [(one.key, one.moved, one.change) for one in found]
    assert told == [("b", 1, Decimal("15.50")), ("a", -1, Decimal("-5.00")), ("new", None, None)]


def test_units_are_ranked_together_by_the_weights_of_the_sources_they_have(c):
    first, second = ranking.together(index.current(PERIOD).result)
    # 华东: 100 in the survey alone. 西南: (60 × 85 + 20 × 95) / 80.
    assert (first.key, first.score, first.place) == ("华东", "100.00", 1)
    assert (second.key, second.score) == ("西南", "87.50")
    assert first.missing == ("sales_visit", "qc_survey") and second.missing == ("qc_survey",)
    assert (second.n, second.sent, second.valid_rate) == (11, 16, "68.75")
    assert not second.representative


def test_the_page_and_its_documents_say_the_same(c, enter):
    browser = enter(c.marketer)
    page = browser.get(f"/satisfaction/ranking/{PERIOD.code}/").content.decode()
    assert "87.50" in page and "All sources together" in page
    excel = browser.get(f"/satisfaction/ranking/{PERIOD.code}/xlsx/?lang=en")
    assert "ranking-" in excel["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(excel.content))["All sources together"]
    rows = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=4)]
    assert rows == [[1, "华东", 100], [2, "西南", 87.5]]
    pdf = browser.get(f"/satisfaction/ranking/{PERIOD.code}/pdf/?lang=zh-hans")
    assert missing_in_pdf(pdf.content, ["87.50"]) == []


@pytest.mark.parametrize(
    "path", ["ranking/{0}/xlsx/", "ranking/assessment/{1}/", "ranking/assessment/{1}/pdf/"]
)
def test_who_may_not_read_the_module_finds_no_document(c, enter, path):
    address = f"/satisfaction/{path.format(PERIOD.code, YEAR.code)}"
    assert enter(c.handler).get(address).status_code == 404
    assert enter(c.marketer).get(address.replace("pdf", "exe")).status_code in (200, 404)


# ---------------------------------------------------------------------------- assessment
RULES = AssessmentPolicy(
    result=Decimal(60), rate=Decimal(20), campaigns=Decimal(10), integrity=Decimal(10),
    finding_points=Decimal(5), most_deducted=Decimal(20),
)  # fmt: skip


def unit(key="华东", **changes):
    given = {
        "halves": (line(key, "90.00"), line(key, "80.00", )),
        "campaigns": [Planned("C1", "", True, 5), Planned("C2", "", False, 0)],
        "findings": [Found("F1", "", 2)],
        "charged": [Charged("K1", "", "general", Decimal("0.02"))],
    }  # fmt: skip
    return Facts(key, **{**given, **changes})


def test_points_are_earned_by_the_parts_of_the_policy():
    (found,) = assess([unit()], RULES, threshold=Decimal(80))
    told = found.points
    assert found.score == Decimal("85.00")
    assert (told.result, told.rate, told.campaigns) == (Decimal(51), Decimal(20), Decimal(5))
    assert (told.integrity, told.deducted) == (Decimal(5), Decimal("-0.02"))
    assert found.total == Decimal("80.98") and found.place == 1


def test_what_is_not_known_earns_nothing_and_findings_and_cases_take_no_more_than_there_is():
    bare = unit(
        halves=(None, None), campaigns=[], findings=[Found("F", "", 1)] * 5,
        charged=[Charged("K", "", "flagged", Decimal(50))],
    )  # fmt: skip
    (found,) = assess([bare], RULES, threshold=Decimal(80))
    told = found.points
    assert (told.result, told.rate, told.campaigns) == (None, None, None)
    assert (told.integrity, told.deducted, found.total) == (0, -20, 0)
    assert found.place is None


def test_a_rate_below_the_limit_earns_its_part():
    few = [replace(one, n=4, sent=10) for one in unit().halves]
    (found,) = assess([unit(halves=tuple(few))], RULES, threshold=Decimal(80))
    assert (found.valid_rate, found.points.rate) == (Decimal("40.00"), Decimal(10))


def test_the_sheet_is_read_from_what_happened(c):
    for _turn in range(10):
        bring(c, "statement")
    c.customer.__class__.objects.update(region="西南")
    finding = invalidate(c, c.visit, "4")
    index.current(YEAR)
    from surveys.domain import ledger

    ledger.reconcile(YEAR, at=now())
    found = {one.key: one for one in reading.gather(YEAR)}
    assert set(found) == {"华东", "西南"}
    assert [one.number for one in found["西南"].findings] == [finding.number]
    assert found["西南"].findings[0].forms == 5
    assert (
        sum(one.points for one in found["西南"].charged)
        == DeductionEntry.objects.get(period=YEAR.code).points
    )
    done = {one.number: one.done for one in found["西南"].campaigns}
    # All its visits were made up: the campaign was not carried out there.
    assert done == {c.survey.number: True, c.visit.number: False}
    assert [one.number for one in found["华东"].campaigns] == [c.survey.number]


def test_the_sheet_opens_every_number_and_goes_out_as_documents(c, enter):
    browser = enter(c.director)
    page = browser.get("/satisfaction/ranking/assessment/").content.decode()
    assert f"/satisfaction/answers/?period={PERIOD.code}&amp;region=" in page
    alone = browser.get("/satisfaction/ranking/assessment/", {"unit": "西南"}).content.decode()
    assert c.visit.number in alone
    assert browser.get("/satisfaction/ranking/assessment/", {"unit": "nowhere"}).status_code == 404
    assert browser.get(f"/satisfaction/ranking/assessment/{PERIOD.code}/").status_code == 404
    for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("docx", b"PK")):
        for query in ({"lang": "en"}, {"lang": "zh-hans", "unit": "西南"}):
            made = browser.get(f"/satisfaction/ranking/assessment/{YEAR.code}/{kind}/", query)
            assert made.status_code == 200 and made.content.startswith(begins)
    book = openpyxl.load_workbook(BytesIO(browser.get(
        f"/satisfaction/ranking/assessment/{YEAR.code}/xlsx/?lang=en").content))  # fmt: skip
    rows = list(book["What the points rest on"].iter_rows(min_row=4))
    for row in rows:
        to = row[6].hyperlink.location
        sheet, cell = to.rpartition("!")[0].strip("'"), to.rpartition("!")[2]
        assert book[sheet][cell].value == row[0].value


@pytest.mark.parametrize("units", [1, 50])
def test_the_sheet_takes_as_few_statements_with_many_units(
    c, enter, units, django_assert_max_num_queries
):
    for turn in range(units):
        answer(c.survey, "5", region=f"区域{turn}", product=c.product)
    browser = enter(c.marketer)
    browser.get("/satisfaction/ranking/assessment/")
    with django_assert_max_num_queries(34):
        browser.get("/satisfaction/ranking/assessment/")


# ---------------------------------------------------------------------------- policy
def test_a_new_version_is_a_hundred_points_and_holds_from_its_day(c):
    figures = {name: getattr(RULES, name) for name in policy.FIGURES}
    given = {"by": c.manager, "holds_from": timezone.localdate(), "reason": "更看重回收率"}
    with pytest.raises(ValidationError) as refused:
        policy.new_assessment_policy(**{**given, **figures, "rate": Decimal(30)})
    assert "result" in refused.value.message_dict
    changed = {**figures, "result": Decimal(50), "rate": Decimal(30)}
    made = policy.new_assessment_policy(**given, **changed)
    assert policy.judging(YEAR) == made
    last = Period(YEAR.year - 1)
    assert policy.judging(last).rate == Decimal(20)
    with pytest.raises(Forbidden):
        policy.new_assessment_policy(**{**given, "by": c.marketer, **changed})


def test_the_policy_is_kept_with_the_others(c, enter):
    page = enter(c.manager).get("/administration/policies/assessment/")
    assert page.status_code == 200 and "Yearly assessment" in page.content.decode()
