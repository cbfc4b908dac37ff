"""Index, source and ranking: what stands on them, who sees them, how figures open."""

import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from surveys.domain import index, periods, policies, responses
from surveys.domain.waterfall import bars
from surveys.models import Finding, Response, SignedIndex
from tests.surveys import factories
from workflows.domain.context import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client):
    def sign_in(person, language="en"):
        client.force_login(person)
        client.cookies["django_language"] = language
        return client

    return sign_in


@pytest.fixture
def period():
    return periods.half_of(now())


@pytest.fixture
def answered(company, period):
    """A campaign of each source with six forms from two regions."""
    policies.ensure_policy()
    for source in ("sales_survey", "sales_visit", "qc_survey"):
        campaign = factories.campaign(company, source=source, period=period.code)
        for turn in range(6):
            region = "华东" if turn % 2 else "西南"
            _who, token = factories.invite(company, campaign, region=region)
            level = "4" if turn % 2 else "5"
            responses.submit(
                token=token, answers={"function": level, "appearance": level, "timeliness": "4"},
                texts={}, at=now(),
            )  # fmt: skip
    return company


def test_the_page_shows_the_index_its_sources_and_where_it_comes_from(answered, enter, period):
    page = enter(answered.marketer).get("/satisfaction/").content.decode()
    result = index.current(period).result
    assert f">{result['net']}</p>" in page
    for source in result["sources"]:
        assert source["name_en"] in page
        assert f"/satisfaction/index/{period.code}/{source['key']}/" in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "path", ["", "index/{0}/", "index/{0}/sales_survey/", "ranking/", "ranking/{0}/"]
)
def test_every_page_speaks_both_languages(answered, enter, period, path, language):
    page = enter(answered.engineer, language).get(f"/satisfaction/{path.format(period.code)}")
    assert page.status_code == 200
    assert ("满意度" in page.content.decode()) == (language == "zh-hans")


@pytest.mark.parametrize("path", ["", "index/{0}/", "index/{0}/sales_survey/", "ranking/"])
def test_who_may_not_read_the_module_does_not_find_it(answered, enter, period, path):
    for name in ("handler", "agent", "admin"):
        found = enter(getattr(answered, name)).get(f"/satisfaction/{path.format(period.code)}")
        assert found.status_code == 404


@pytest.mark.parametrize(
    "path", ["index/2026-H3/", "index/nonsense/", "index/2026-H1/unknown/", "ranking/0/"]
)
def test_a_period_or_source_that_is_none_is_not_found(answered, enter, path):
    assert enter(answered.marketer).get(f"/satisfaction/{path}").status_code == 404


def test_a_period_before_every_policy_says_so(company, enter):
    page = enter(company.marketer).get("/satisfaction/index/2010-H1/")
    assert page.status_code == 200
    assert "No satisfaction policy holds" in page.content.decode()


def test_the_rows_of_the_waterfall_add_up(answered, period):
    rows = bars(index.current(period).result)
    sources = [bar for bar in rows if bar.kind == "source"]
    assert [bar.low for bar in sources[1:]] == [bar.high for bar in sources[:-1]]
    assert sources[-1].high.quantize(rows[-1].value) == rows[-1].value


def test_regions_are_ranked_with_equal_scores_on_one_place(answered, enter, period):
    page = enter(answered.director).get("/satisfaction/ranking/").content.decode()
    assert "fewer than 5 forms" in page


def test_management_signs_and_nobody_else(answered, enter, period):
    url = f"/satisfaction/index/{period.code}/sign/"
    assert enter(answered.marketer).post(url, {"reason": "x"}).status_code == 404
    assert enter(answered.director).get(url).status_code == 404
    assert enter(answered.director).post(url, {"reason": "本期数据完整"}).status_code == 302
    assert SignedIndex.objects.get().signed_by == answered.director
    again = enter(answered.director).post(url, {"reason": "又一次"})
    assert again.status_code == 409
    assert "又一次" in again.content.decode() or "Nothing has changed" in again.content.decode()


def test_what_later_facts_change_stands_beside_what_was_signed(answered, enter, period):
    enter(answered.director).post(f"/satisfaction/index/{period.code}/sign/", {"reason": "签署"})
    campaign = factories.campaign(answered, source="sales_survey", period=period.code)
    _who, token = factories.invite(answered, campaign)
    responses.submit(token=token, answers={"function": "3", "appearance": "3", "timeliness": "4"},
                     texts={}, at=now())  # fmt: skip
    page = enter(answered.director).get(f"/satisfaction/index/{period.code}/").content.decode()
    assert "Sign the restated version" in page
    before = SignedIndex.objects.get().result["net"]
    enter(answered.director).post(f"/satisfaction/index/{period.code}/sign/", {"reason": "补录"})
    first, second = SignedIndex.objects.order_by("number")
    assert (first.result["net"], second.restates) == (before, first)


def test_a_figure_opens_the_answers_it_is_made_of(answered, enter, period):
    browser, url = enter(answered.engineer), "/satisfaction/answers/"
    given = {"period": period.code, "source": "sales_survey"}
    every = browser.get(url, given).context["rows"]
    assert len(every) == 6
    fours = browser.get(url, {**given, "sub": "function", "level": "4"}).context["rows"]
    assert [row["label"] for row in fours] == ["4"] * 3
    assert len(browser.get(url, {**given, "region": "西南"}).context["rows"]) == 3
    assert len(browser.get(url, {**given, "region": ""}).context["rows"]) == 0
    page = browser.get(f"{url}{fours[0]['response'].pk}/").content.decode()
    assert "4 Rather satisfied" in page
    assert enter(answered.agent).get(url).status_code == 404
    assert enter(answered.agent).get(f"{url}{fours[0]['response'].pk}/").status_code == 404


def test_the_list_behind_a_figure_holds_the_forms_that_count_and_no_other(answered, enter, period):
    """A form taken out, and a questionnaire that asks the same in another place."""
    other = copy.deepcopy(factories.DOCUMENT)
    other["items"].reverse()
    for item in other["items"]:
        for sub in item["subitems"]:
            sub.pop("show_if", None)
    second = factories.campaign(
        answered, source="sales_survey", period=period.code,
        questionnaire=factories.questionnaire(answered, document=other),
    )  # fmt: skip
    _who, token = factories.invite(answered, second)
    responses.submit(token=token, answers={"function": "4", "timeliness": "5"}, texts={}, at=now())
    out = Response.objects.filter(campaign__source="sales_survey").order_by("pk").first()
    finding = Finding.objects.create(
        number="HC-2026-0001", campaign=out.campaign, check_key="too_fast", title="x",
        fingerprint="x", found_at=now(), state="proposed",
    )  # fmt: skip
    Response.objects.filter(pk=out.pk).update(invalidated_by=finding)
    browser = enter(answered.engineer)
    source = index.current(period).result["sources"][0]
    page = browser.get(f"/satisfaction/index/{period.code}/sales_survey/")
    assert len(browser.get(page.context["answers_url"]).context["rows"]) == source["n"] == 6
    [line] = [row for row in page.context["items"] if row["line"]["key"] == "function"]
    assert len(browser.get(line["url"]).context["rows"]) == line["line"]["n"]
    for one in line["levels"]:
        rows = browser.get(one["url"]).context["rows"]
        assert [row["label"] for row in rows] == [one["level"]] * one["count"]


@pytest.mark.parametrize(
    "query",
    ["period=x", "level=9", "sub=%00", "after=1-2-3", "product=" + "x" * 500, "customer_type=1"],
)
def test_a_nonsense_address_of_answers_is_answered_calmly(answered, enter, query):
    assert enter(answered.engineer).get(f"/satisfaction/answers/?{query}").status_code == 200
    assert enter(answered.engineer).get(f"/satisfaction/answers/{10**25}/").status_code == 404


@pytest.mark.parametrize("forms", [1, 50])
def test_pages_take_as_few_statements_with_many_forms(
    company, enter, period, forms, django_assert_max_num_queries
):
    policies.ensure_policy()
    campaign = factories.campaign(company, period=period.code)
    for turn in range(forms):
        _who, token = factories.invite(company, campaign, region=f"区域{turn}")
        responses.submit(token=token, answers={"function": "5", "appearance": "5",
                         "timeliness": "5"}, texts={}, at=now())  # fmt: skip
    browser = enter(company.marketer)
    browser.get("/satisfaction/")
    for path in ("", f"index/{period.code}/sales_survey/", "ranking/", "answers/?sub=function"):
        with django_assert_max_num_queries(24):
            assert browser.get(f"/satisfaction/{path}").status_code == 200


def test_the_half_year_turns_at_midnight_of_the_company():
    shanghai = ZoneInfo("Asia/Shanghai")
    last = datetime(2026, 6, 30, 23, 59, 59, tzinfo=shanghai)
    assert periods.half_of(last).code == "2026-H1"
    assert periods.half_of(last + timedelta(seconds=1)).code == "2026-H2"
    assert periods.half_of(last).ends_at == last + timedelta(seconds=1)
