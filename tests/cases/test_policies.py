"""Policies in versions: a change holds from its day on, and nothing before it is touched."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from cases.domain import intake, policies
from cases.models import Case, CasePolicy
from tests.factories import WEEK, bring, log, task_of
from workflows.domain import context, policies as deadlines, versions
from workflows.domain.deadlines import due_moment
from workflows.domain.policies import Key
from workflows.errors import Forbidden, Stale
from workflows.models import DeadlinePolicy, DeadlineRule

pytestmark = pytest.mark.django_db
ROOT = "/administration/policies/"
TRIAGE = Key("complaint", "triage", False)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def today(days: int = 0):
    return timezone.localdate(context.now()) + timedelta(days=days)


def change(company, days: int = 0, **given):
    usual = {"reopen_days": 30, "backdate_days": 10, "reason": "新规定"}
    return policies.new_case_policy(
        by=company.manager, holds_from=today(days), **{**usual, **given}
    )


def deadline(company, days: int = 0, hours=None, **given):
    usual = {"default_hours": Decimal(6), "reason": "新规定"}
    return deadlines.new_deadlines(
        by=company.manager, holds_from=today(days), hours=hours or {}, **{**usual, **given}
    )


def standings(found) -> dict[int, str]:
    return {version.row.pk: version.standing for version in found}


def in_days(days: int):
    return context.at(context.now() + timedelta(days=days))


# ---------------------------------------------------------------------------- the versions
def test_a_version_from_today_holds_at_once_and_nothing_before(company):
    closed = bring(company, "closed")
    before = closed.reopen_until
    policy = change(company)
    assert policy.made_by == company.manager and policy.holds_from == policy.made_at
    assert Case.objects.get(pk=closed.pk).reopen_until == before
    assert intake.backdate_limit() == timedelta(days=10)
    later = bring(company, "closed")
    assert later.reopen_until == later.closed_at + timedelta(days=30)


def test_a_version_from_a_later_day_changes_nothing_before_it(company):
    change(company, days=3)
    assert intake.backdate_limit() == timedelta(days=365)
    with in_days(2):
        assert intake.backdate_limit() == timedelta(days=365)
        closed = bring(company, "closed")
    with in_days(4):
        assert intake.backdate_limit() == timedelta(days=10)
        assert closed.reopen_until == closed.closed_at + timedelta(days=90)


def test_a_planned_version_begins_with_the_first_minute_of_its_day(company):
    policy = change(company, days=1)
    local = timezone.localtime(policy.holds_from, timezone.get_default_timezone())
    assert (local.date(), local.hour, local.minute) == (today(1), 0, 0)


def test_deadlines_of_steps_that_wait_stay_and_new_ones_follow_the_new_version(company):
    waiting = task_of(log(company))
    due = waiting.due
    deadline(company, hours={Key("complaint", "acknowledge", False): Decimal(1)})
    waiting.refresh_from_db()
    assert waiting.due == due
    assert task_of(log(company)).due < due


def test_planned_deadlines_change_no_due_moment_before_their_day(company):
    given = {"flow": "complaint", "node": "triage", "major": False}
    moments = [context.now() + timedelta(days=days) for days in (-30, 0, 6, 30)]
    before = [due_moment(at=at, **given) for at in moments]
    deadline(company, days=10, hours={TRIAGE: Decimal(2)})
    after = [due_moment(at=at, **given) for at in moments]
    assert after[:3] == before[:3] and after[3] < before[3]


def test_what_a_step_is_not_given_it_takes_from_the_general_hours(company):
    major = TRIAGE._replace(major=True)
    deadline(company, hours={major: Decimal(1)})
    monday = timezone.make_aware(timezone.datetime(2030, 1, 7, 8, 30))
    assert due_moment(flow="complaint", node="triage", major=True, at=monday) - monday == (
        timedelta(hours=1)
    )
    assert due_moment(flow="complaint", node="triage", major=False, at=monday) - monday == (
        timedelta(hours=7)  # six and the pause at noon
    )


def test_the_week_and_rules_of_steps_with_a_date_of_their_own_are_taken_over(company):
    hidden = {"flow": "corrective_action", "node": "implement", "major_only": False}
    DeadlineRule.objects.create(policy=company.deadlines, hours=3, **hidden)
    policy = deadline(company, hours={TRIAGE: Decimal("2.5")})
    assert policy.week == WEEK and policy.rules.filter(**hidden).exists()
    shown = [(step.flow, step.node) for step in deadlines.ruled()]
    acknowledge, triage = (shown.index(("complaint", name)) for name in ("acknowledge", "triage"))
    assert acknowledge < triage and ("corrective_action", "implement") not in shown


# ---------------------------------------------------------------------------- what is planned
def test_a_planned_version_that_would_never_hold_goes_only_when_it_is_meant(company):
    plan = change(company, days=5)
    for days in (0, 3, 5):
        with pytest.raises(ValidationError) as error:
            change(company, days=days)
        assert set(error.value.message_dict) == {"supersede"}
        assert f"{today(5):%Y-%m-%d}" in str(error.value)
    change(company, days=6)
    other = change(company, days=5, supersede=True, reopen_days=60)
    found = standings(policies.all_versions())
    assert found[plan.pk] == versions.OVERTAKEN and found[other.pk] == versions.PLANNED
    with in_days(30):
        assert CasePolicy.objects.in_force(context.now()).first() == other


def test_what_was_overtaken_already_asks_for_no_second_word(company):
    change(company, days=10)
    change(company, days=5, supersede=True)
    change(company, days=7)
    assert list(standings(policies.all_versions()).values()) == [
        versions.PLANNED, versions.PLANNED, versions.OVERTAKEN, versions.IN_FORCE
    ]  # fmt: skip


def test_the_story_tells_from_when_until_when_each_held(company):
    first = company.policy
    second = change(company)
    with in_days(3):
        third = change(company)
        plan = change(company, days=4)
        told = {version.row: version for version in policies.all_versions()}
    assert told[first].standing == told[second].standing == versions.ENDED
    assert told[first].until == second.holds_from and told[second].until == third.holds_from
    assert (told[third].standing, told[third].until) == (versions.IN_FORCE, plan.holds_from)
    assert (told[plan].standing, told[plan].before) == (versions.PLANNED, third)
    assert told[first].before is None


def test_changes_name_what_differs(company):
    policy = change(company, backdate_days=365)
    (found,) = policies.changes(company.policy, policy)
    assert (found.before, found.after) == ("90", "30")
    newer = deadline(
        company, hours={TRIAGE: Decimal("2.50"), TRIAGE._replace(major=True): Decimal(1)}
    )
    found = [(one.label, one.before, one.after) for one in deadlines.changes(
        company.deadlines, newer)]  # fmt: skip
    assert found == [
        ("Hours for a step without a rule", "8 h", "6 h"),
        ("Complaint · Triage", "–", "2.5 h"),
        ("Complaint · Triage (major cases)", "–", "1 h"),
    ]


# ---------------------------------------------------------------------------- refusals
@pytest.mark.parametrize("make", [change, deadline])
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"days": -1}, "holds_from"),
        ({"days": 5000}, "holds_from"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "a\x00"}, "reason"),
    ],
)
def test_a_past_day_and_a_missing_reason_are_refused(company, make, given, field):
    with pytest.raises(ValidationError) as error:
        make(company, **given)
    assert set(error.value.message_dict) == {field}
    assert CasePolicy.objects.count() == DeadlinePolicy.objects.count() == 1


def test_figures_out_of_range_are_refused_at_their_fields(company):
    with pytest.raises(ValidationError) as error:
        change(company, reopen_days=-1, backdate_days=9999, reason="")
    assert set(error.value.message_dict) == {"reopen_days", "backdate_days", "reason"}
    for hours in ("0", "0.1", "-1", "1000.01", "2.005", "NaN", "Infinity"):
        with pytest.raises(ValidationError) as error:
            deadline(company, hours={TRIAGE: Decimal(hours)})
        assert set(error.value.message_dict) == {"complaint.triage"}, hours
    with pytest.raises(TypeError):
        deadline(company, hours={Key("complaint", "nothing", False): Decimal(1)})


def test_hours_that_the_working_week_cannot_hold_are_refused(company):
    DeadlinePolicy.objects.update(week={"0": [["08:00", "09:00"]]})
    with pytest.raises(ValidationError) as error:
        deadline(company, hours={TRIAGE: Decimal(1000)})
    assert set(error.value.message_dict) == {"complaint.triage"}


@pytest.mark.parametrize("who", ["agent", "lead", "head", "engineer", "director", "auditor"])
def test_only_quality_managers_and_administrators_make_versions(company, who):
    by = getattr(company, who)
    given = {"by": by, "holds_from": today(), "reason": "x"}
    with pytest.raises(Forbidden):
        policies.new_case_policy(reopen_days=1, backdate_days=1, **given)
    with pytest.raises(Forbidden):
        deadlines.new_deadlines(default_hours=Decimal(1), hours={}, **given)


def test_a_version_made_from_an_old_page_is_told_so(company):
    change(company, seen=company.policy.pk)
    with pytest.raises(Stale, match="李强"):
        change(company, seen=company.policy.pk)
    assert CasePolicy.objects.count() == 2
