"""Escalation and outbox: once, never lost, never in each other's way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from cases.enums import CaseState
from tests.factories import WEEK, bring, log, task_of
from workflows.domain import context, outbox, scheduler
from workflows.domain.escalation import escalate_overdue
from workflows.models import (
    DeadlinePolicy,
    DeadlineRule,
    Notification,
    Outbox,
    Task,
    Transition,
)

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(timezone.datetime(2026, 11, 23, 9, 0))


def test_a_step_is_due_after_the_hours_of_the_policy_in_force(company):
    monday = timezone.make_aware(timezone.datetime(2026, 11, 23, 9, 0))
    newer = DeadlinePolicy.objects.create(
        holds_from=monday - timedelta(days=3), week=WEEK, default_hours=Decimal(8), made_at=monday
    )
    DeadlineRule.objects.create(policy=newer, flow="complaint", node="acknowledge", hours=2)
    DeadlineRule.objects.create(policy=newer, flow="incident", node="investigate", hours=3)
    DeadlineRule.objects.create(
        policy=newer, flow="incident", node="investigate", hours=1, major_only=True
    )
    with context.at(monday):
        general = task_of(log(company))
        major = task_of(log(company, severity="major"))
    assert general.due == monday + timedelta(hours=2)
    assert major.due == monday + timedelta(hours=1)


def test_an_overdue_step_reaches_the_head_of_the_department_once(company):
    with context.at(MONDAY):
        case = bring(company, CaseState.STATEMENT)
    Task.objects.filter(pk=task_of(case).pk).update(due=MONDAY + timedelta(hours=2))
    late = MONDAY + timedelta(hours=2, minutes=1)
    assert escalate_overdue(late - timedelta(minutes=2)) == 0
    assert escalate_overdue(late) == 1
    assert escalate_overdue(late) == 0
    outbox.drain(1000)
    escalated = Notification.objects.filter(kind="escalated")
    assert [notice.user for notice in escalated] == [company.head]
    assert Transition.objects.filter(act="escalate").count() == 1


def test_a_missed_sweep_changes_nothing_but_the_time_of_the_alert(company):
    for _turn in range(3):
        bring(company, CaseState.STATEMENT)
    assert escalate_overdue(context.now() + timedelta(days=10)) == 3
    assert Task.objects.filter(finished=None, escalated_at=None).count() == 0


def test_an_effect_joins_the_business_transaction(company):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.emit("nothing", "lost-key")
        raise ZeroDivisionError
    assert not Outbox.objects.filter(key="lost-key").exists()


@pytest.mark.django_db(transaction=True)
def test_an_effect_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        outbox.emit("nothing", "key")


def test_a_key_has_one_effect():
    for _turn in range(3):
        outbox.emit("nothing", "same-key")
    assert Outbox.objects.filter(key="same-key").count() == 1


def test_a_failing_effect_waits_longer_each_time_dies_after_eight_and_delays_no_other(
    monkeypatch,
):
    ran = []

    def poison(row):
        raise OSError("smtp is away")

    monkeypatch.setattr(
        outbox, "_handlers", {"poison": [poison], "fine": [lambda row: ran.append(row.key)]}
    )
    outbox.emit("poison", "bad")
    outbox.emit("fine", "good")
    outbox.drain()
    assert ran == ["good"]
    bad = Outbox.objects.get(key="bad")
    for attempt in range(2, outbox.MOST_ATTEMPTS + 1):
        assert bad.sent is None and bad.dead is None
        Outbox.objects.filter(pk=bad.pk).update(due=timezone.now())
        outbox.drain()
        bad.refresh_from_db()
        assert bad.attempts == attempt
    assert bad.dead is not None
    assert "smtp is away" in bad.error


def test_an_effect_that_kills_its_workers_is_given_up_like_one_that_fails():
    """Nobody comes back to say that it failed; the claims tell."""
    outbox.emit("nothing", "deadly")
    moment = timezone.now()
    for _turn in range(outbox.MOST_ATTEMPTS):
        assert outbox.claim(moment).attempts <= outbox.MOST_ATTEMPTS
        moment += timedelta(seconds=61)
    assert not outbox.carry_out(outbox.claim(moment))
    row = Outbox.objects.get(key="deadly")
    assert row.dead is not None and "no worker" in row.error


def test_a_claim_whose_worker_is_gone_runs_out_and_nobody_takes_it_before():
    outbox.emit("nothing", "taken")
    moment = timezone.now()
    assert outbox.claim(moment) is not None
    assert outbox.claim(moment + timedelta(seconds=59)) is None
    assert outbox.claim(moment + timedelta(seconds=61)) is not None


def test_who_comes_back_late_does_not_undo_what_another_has_done(monkeypatch):
    outbox.emit("late", "slow-one")
    first = outbox.claim(timezone.now())
    second = outbox.claim(timezone.now() + timedelta(seconds=61))
    assert outbox.carry_out(second)
    monkeypatch.setattr(outbox, "_handlers", {"late": [lambda row: 1 / 0]})
    assert not outbox.carry_out(first)
    row = Outbox.objects.get(key="slow-one")
    assert row.sent is not None and row.dead is None and not row.error


def test_what_asks_another_server_waits_in_a_lane_of_its_own(monkeypatch):
    ran = []
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_slow", set())
    outbox.handles("mail", slow=True)(lambda row: ran.append(row.key))
    outbox.handles("quick")(lambda row: ran.append(row.key))
    outbox.emit("mail", "slow")
    outbox.emit("quick", "fast")
    outbox.emit("unheard", "nobody")
    scheduler.work_round("effects")
    assert ran == ["fast"]
    assert not Outbox.objects.filter(key="nobody", sent=None).exists()
    scheduler.work_round("mail")
    assert ran == ["fast", "slow"]


def test_poisoned_effects_hold_up_no_other(monkeypatch):
    """None comes later than it would have, and none is tried twice because of them."""
    ran = []

    def poison(row):
        raise OSError("always")

    monkeypatch.setattr(
        outbox, "_handlers", {"poison": [poison], "fine": [lambda row: ran.append(row.key)]}
    )
    for number in range(200):
        outbox.emit("poison" if number % 10 == 0 else "fine", f"effect {number}")
    while scheduler.work_round("effects"):
        pass
    assert ran == [f"effect {number}" for number in range(200) if number % 10]
    assert set(Outbox.objects.filter(topic="fine").values_list("attempts", flat=True)) == {1}
    assert Outbox.objects.filter(topic="poison", sent=None, dead=None).count() == 20


def test_an_idle_round_of_the_effects_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.drain(20, slow=False)


def test_one_round_of_background_work_escalates_and_sends(company):
    bring(company, CaseState.STATEMENT)
    Task.objects.filter(finished=None).update(due=timezone.now() - timedelta(days=5))
    scheduler.tick()
    assert Notification.objects.filter(user=company.head).exists()
    assert not Outbox.objects.filter(sent=None).exists()


def test_who_is_handed_a_step_finds_it_behind_the_bell(company):
    from workflows.domain.assignment import claim, transfer

    task = task_of(bring(company, CaseState.STATEMENT))
    claim(task, by=company.handler)
    transfer(task, to=company.handler2, by=company.handler)
    outbox.drain(1000)
    outbox.drain(1000)
    assert Notification.objects.filter(user=company.handler2, kind="assigned").count() == 1
