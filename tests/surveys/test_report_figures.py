"""What the report of a period says of its data, each figure with what to hold against it."""

from datetime import timedelta

import pytest

from cases.enums import Kind
from cases.models import Product
from surveys.domain import index, ledger, policies, proposals
from surveys.domain.reports import build, compare
from surveys.domain.reports.content import Figure, Words
from surveys.enums import Mark
from surveys.models import PeriodIndex
from tests.factories import bring, log
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import GOLDEN, LOOK, PERIOD, invalidate, put, send
from workflows.domain.context import now

pytestmark = pytest.mark.django_db

BEFORE = PERIOD.before


@pytest.fixture
def c(company):
    policies.ensure_policy()
    line = Product.objects.create(code="BX", name="轴承", path="/0/")
    Product.objects.filter(pk=line.pk).update(path=f"/{line.pk}/")
    company.product.path = f"/{line.pk}/{company.product.pk}/"
    company.product.parent = line
    company.product.save()
    company.form = questionnaire(company, document=LOOK)
    return company


def earlier(c, source, levels, **changes):
    """The same in the period before."""
    start = BEFORE.starts_at
    here = put(c, source, levels, period=BEFORE.code, starts_at=start,
               ends_at=start + timedelta(days=90), **changes)  # fmt: skip
    here.responses.update(received_at=start + timedelta(days=30))
    return here


def tables():
    return {table.key: table for one in build.sections(PERIOD) for table in one.tables}


def cell(key):
    """The cell of “table.row.column”; row keys may hold dots, tables and columns do not."""
    found = {name: one for table in tables().values() for name, one in table.figures()}
    return found[key]


def rows(key):
    return [row.cells for row in tables()[key].rows]


def test_the_figures_are_those_of_the_index_to_the_last_place(c):
    for source, levels in GOLDEN.items():
        put(c, source, levels)
    result = index.current(PERIOD).result
    table = tables()["index"]
    shown = {row.key: row.cells for row in table.rows}
    for source in result["sources"]:
        assert shown[source["key"]][table.place("score")].value == source["score"]
        assert shown[source["key"]][table.place("points")].value == source["contribution"]
    assert shown["gross"][table.place("points")].value == result["gross"]
    assert shown["index"][table.place("points")].value == result["net"]
    assert shown["band"][table.place("score")].zh == result["band"]


def test_results_stand_by_source_item_and_sub_item_region_product_and_customer_type(c):
    put(c, "sales_survey", ["5"] * 6, region="华东")
    put(c, "sales_survey", ["3"] * 6, region="华北")
    assert cell("items.sales_survey.score").value == "92.50"
    assert cell("items.sales_survey:quality.score").value == "92.50"
    assert cell("items.sales_survey:quality:look.score").value == "92.50"
    assert cell("region.sales_survey:华北.score").value == "85.00"
    assert cell("product.sales_survey:BX-200.score").value == "92.50"
    assert cell("product_type.sales_survey:BX.score").value == "92.50"
    assert cell("customer_type.sales_survey:direct.score").value == "92.50"


def test_every_score_leads_to_the_answers_behind_it(c, client):
    put(c, "sales_survey", ["5"] * 6)
    client.force_login(c.manager)
    for table in tables().values():
        for _key, one in table.figures():
            if one.link:
                assert client.get(one.link).status_code == 200, one.link


def test_a_score_of_too_few_forms_is_not_shown_and_marked(c):
    put(c, "sales_survey", ["5"] * 4)
    one = cell("items.sales_survey:quality:look.score")
    assert one.value is None
    assert one.marks == (Mark.BELOW_MINIMUM,)


def test_a_source_below_the_rate_is_marked_as_not_representative(c):
    send(put(c, "sales_survey", ["5"] * 6), 10)
    assert Mark.NOT_REPRESENTATIVE in cell("index.sales_survey.score").marks
    assert cell("rates.sales_survey.rate") == Figure(
        "60.00", "%", cell("rates.sales_survey.rate").link, marks=(Mark.NOT_REPRESENTATIVE,)
    )


def test_an_index_without_a_source_is_marked_as_provisional(c):
    put(c, "sales_survey", ["5"] * 6)
    assert cell("index.index.points").marks == (Mark.PROVISIONAL,)


def test_rise_and_fall_against_the_period_before(c):
    earlier(c, "sales_survey", ["5"] * 30 + ["4"] * 30)
    put(c, "sales_survey", ["3"] * 30 + ["2"] * 30)
    [row] = rows("falls")
    assert row[-1] == Figure("-30.00")
    assert row[-2] == Figure("97.50")
    assert rows("rises") == []


def test_a_difference_inside_the_interval_is_marked(c):
    earlier(c, "sales_survey", ["5", "5", "3", "1", "5", "4"])
    put(c, "sales_survey", ["5", "5", "4", "1", "5", "4"])
    one = cell("items.sales_survey:quality:look.change")
    assert (one.value, one.marks) == ("+1.67", (Mark.INSIDE_INTERVAL,))


def test_a_question_that_was_worded_otherwise_is_marked(c):
    other = {"items": [{**LOOK["items"][0], "subitems": [
        {"key": "look", "name": "外观与包装", "weight": "2"}]}]}  # fmt: skip
    earlier(c, "sales_survey", ["5"] * 30 + ["4"] * 30)
    put(c, "sales_survey", ["3"] * 30 + ["2"] * 30, questionnaire=questionnaire(c, document=other))
    for key in ("look", ""):
        name = f"items.sales_survey:quality{':' if key else ''}{key}.change"
        assert cell(name).marks == (Mark.QUESTIONNAIRE_CHANGED,)


def test_the_same_questions_in_another_revision_are_not_marked(c):
    earlier(c, "sales_survey", ["5"] * 30 + ["4"] * 30)
    again = questionnaire(c, document=LOOK)
    put(c, "sales_survey", ["3"] * 30 + ["2"] * 30, questionnaire=again)
    assert cell("items.sales_survey:quality:look.change").marks == ()


def test_without_any_interval_no_difference_is_relied_on():
    line = {"key": "a", "score": "90.00", "interval": None}
    one = compare.change({**line, "score": "95.00"}, line)
    assert not one.is_certain


def test_lowest_averages_come_lowest_first(c):
    low = {"items": [{"key": "q", "name": "质量", "weight": "1", "subitems": [
        {"key": key, "name": key, "weight": "1"} for key in "abcdefg"]}]}  # fmt: skip
    put(c, "sales_survey", ["5434251"] * 6, questionnaire=questionnaire(c, document=low))
    scores = [row[1].value for row in rows("lowest")]
    assert scores == ["0.00", "50.00", "85.00", "95.00", "95.00"]


def test_cases_that_came_in_are_counted_by_kind_against_the_period_before(c):
    put(c, "sales_survey", ["5"] * 6)
    for _turn in range(3):
        log(c)
    log(c, kind=Kind.OPINION, title="希望延长保修")
    assert [cell(f"kinds.complaint.{key}").value for key in ("now", "before", "change")] == [
        "3", "0", "+3",
    ]  # fmt: skip
    assert cell("kinds.opinion.now").value == "1"
    assert cell("complaints_product.BX-200.now").value == "3"


def test_topics_of_complaints_opinions_and_forms_are_found(c):
    here = put(c, "sales_survey", ["5"] * 6)
    here.responses.update(texts={"wishes": "送货太慢"})
    for _turn in range(3):
        log(c, title="密封圈老化", description="漏油。")
        log(c, kind=Kind.OPINION, title="延长保修", description="延长保修")
    found = tables()
    assert {row.key for row in found["topics_complaints"].rows} == {"密封圈老化", "漏油"}
    assert [row.key for row in found["topics_opinions"].rows] == ["延长保修"]
    assert [row.key for row in found["topics_answers"].rows] == ["送货太慢"]


def test_deductions_name_their_cases_and_those_that_wait(c):
    put(c, "sales_survey", ["5"] * 6)
    numbers = [bring(c, "statement").number for _turn in range(11)]
    ledger.reconcile(PERIOD, at=now())
    found = {row.key: row.cells for row in tables()["deductions"].rows}
    assert found["general"][1].value == "11"
    assert found["general"][2].value == "0.20"
    assert set(found["general:1"][3].zh.split()) == set(numbers[:10])
    assert found["general:waiting"][3].zh == numbers[10]


def test_findings_stand_with_the_forms_they_took_out(c):
    here = put(c, "sales_survey", ["5"] * 6 + ["1"])
    finding = invalidate(c, here, "1")
    [row] = tables()["findings"].rows
    assert (row.key, row.cells[3].value) == (finding.number, "1")


def test_improvements_that_an_earlier_period_called_for_stand_with_their_state(c):
    earlier(c, "sales_survey", ["2"] * 10)
    [case] = proposals.propose_improvements(BEFORE, by=c.manager)
    put(c, "sales_survey", ["2"] * 10)
    proposals.propose_improvements(PERIOD, by=c.manager)
    [row] = tables()["improvements"].rows
    assert row.key == case.number
    assert row.cells[4] == Words("待评审", "In review")


def test_the_number_of_statements_is_the_same_for_few_and_for_many(
    c, django_assert_max_num_queries
):
    put(c, "sales_survey", ["5"] * 2)
    log(c)
    index.current(PERIOD)
    with django_assert_max_num_queries(70) as few:
        build.sections(PERIOD)
    for turn in range(12):
        put(c, "sales_survey", ["5", "3"] * 25, region=f"区域{turn}")
    for _turn in range(12):
        log(c)
    earlier(c, "sales_survey", ["2"] * 10)
    PeriodIndex.objects.all().delete()
    index.current(PERIOD)
    index.current(BEFORE)
    proposals.propose_improvements(BEFORE, by=c.manager)
    with django_assert_max_num_queries(len(few) + 2):
        build.sections(PERIOD)
