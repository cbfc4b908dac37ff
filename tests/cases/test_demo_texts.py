"""The texts of the demo company, and when it may be loaded: nothing here builds it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from cases.demo import actions, clock, customers, plan
from cases.demo.catalogue import CATEGORIES, CAUSES, LINES
from cases.demo.clock import dice
from cases.demo.company import DEPARTMENTS, PEOPLE
from cases.demo.texts import feedback, incidents, measures, phrases, stories, words_of
from cases.enums import Extent, Harm
from cases.models import Case, Customer
from tests import factories


def words():
    made = words_of(
        dice("test"),
        model="F60-A3",
        batch="F60-2501-0001",
        city="杭州",
        received=date(2026, 1, 5),
        age=300,
    )
    made.update(
        name="王女士", title="漏水", number="TS-2026-000001", reason="原因。", remedy="更换。"
    )
    return made


def test_there_are_more_than_sixty_different_stories():
    assert len({story.key for story in stories()}) == len(stories()) >= 60
    texts = [text for story in stories() for text in story.texts]
    assert len(set(texts)) == len(texts) >= 120


def test_every_gap_of_every_text_can_be_filled():
    filled = words()
    for story in stories():
        parts = (story.titles, story.texts, story.wants, story.facts, story.reasons)
        for template in [text for part in parts for text in part]:
            assert "{" not in filled.fill(template)
        for template in [*story.remedies, *story.grounds, *story.found, story.ruling]:
            assert "{" not in filled.fill(template)
    for pool in phrases().values():
        for template in [pool] if isinstance(pool, str) else pool:
            assert "{" not in filled.fill(template)
    for entry in [entry for pool in feedback().values() for entry in pool]:
        for template in [text for part in entry.values() for text in part]:
            assert "{" not in filled.fill(template)
    for measure in measures().values():
        again = measure.get("again", {})
        plain = [part[name] for part in (measure, again) for name in ("plan", "result") if part]
        for template in [*measure["whys"], *plain, *again.get("escape", [])]:
            assert "{" not in filled.fill(template)


def texts_in(part):
    """Every sentence of a table, however deep it lies."""
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict | list):
            yield from texts_in(inner)


def test_every_heavy_story_has_all_that_its_handling_needs():
    filled, codes = words(), {code for code, *_rest in DEPARTMENTS}
    heavy = {story.key: story for story in stories() if story.major}
    assert set(incidents()) == set(heavy)
    for key, told in incidents().items():
        assert 2 <= len(told["opinions"]) <= 4, key
        assert sum(percent for _code, percent in told["shares"]) == 100, key
        assert {code for code, _percent in told["shares"]} <= codes
        assert set(told["opinions"]) <= codes
        assert told["harm"] in Harm.values
        assert told["extent"] in Extent.values
        assert "on_site" in told or "no_visit" in told, key
        for template in texts_in(told):
            assert "{" not in filled.fill(template)
        removing = [measures()[name] for name in heavy[key].measures[:2]]
        assert all(each["kind"] == "preventive" or each["escape"] for each in removing), key


def test_a_heavy_story_names_models_of_its_own_so_that_no_other_case_is_its_recurrence():
    assert all(len(story.models) >= 2 for story in stories() if story.major)


def test_stories_and_measures_name_what_there_is():
    codes = {code for code, *_rest in DEPARTMENTS}
    lines = {line for line, *_rest in LINES}
    for story in stories():
        assert {story.department, story.truth or "HQ"} <= codes, story.key
        assert story.category in CATEGORIES
        assert story.cause in CAUSES
        assert set(story.lines) <= lines
        assert set(story.measures) <= set(measures())
        assert bool(story.truth) == bool(story.grounds) == bool(story.ruling), story.key
    for name, measure in measures().items():
        assert measure["department"] in codes | {"@"}, name
        assert 1 <= len(measure["whys"]) <= 5


def test_the_full_company_has_forty_people_two_hundred_customers_three_hundred_cases():
    assert len(PEOPLE) == 40
    assert sum(customers.NUMBERS.values()) == 200
    assert 280 <= sum(plot.many for plot in plan.PLOTS) <= 320
    models = [
        model for *_line, families in LINES for *_family, models in families for model in models
    ]
    assert len(LINES) == 4
    assert 28 <= len(set(models)) == len(models) <= 32


def test_every_plot_is_written_in_words_that_exist():
    for plot in plan.PLOTS:
        for token in plot.path.partition("|")[0].split():
            word, _colon, arg = token.partition(":")
            assert word in plan.plots.WORDS, plot
            if word in {"order", "approve"}:
                assert set(arg.split("+")) <= set(actions.PATHS), plot


@pytest.mark.parametrize("days", range(9))
def test_a_position_in_working_time_leads_back_to_its_moment(days):
    start = datetime(2026, 3, 2, 0, 30, tzinfo=UTC) + timedelta(days=days)
    for minutes in (0, 1, 209, 240, 271, 400, 539):
        moment = start + timedelta(minutes=minutes)
        place = clock.position(moment)
        assert clock.position(clock.moment(place)) == place
        if moment.weekday() < 6 and not 210 <= minutes < 270:
            assert clock.moment(place) == moment


@pytest.mark.django_db
def test_the_demo_is_refused_outside_of_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="REDRESS_DEMO=1"):
        call_command("load_demo")
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_database_with_other_data_is_refused_without_reset(settings, company):
    settings.DEMO = True
    case = factories.log(company)
    with pytest.raises(CommandError, match="--reset"):
        call_command("load_demo")
    assert Case.objects.get() == case
    assert Customer.objects.count() == 1
