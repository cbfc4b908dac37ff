"""Who is told of a step that nobody finishes: each rung once, in order, at working time."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from cases.domain.defaults import ensure_defaults
from cases.enums import CaseState
from tests.factories import bring, log, task_of, without_clocks
from workflows.domain import context, ladders, outbox, worklist
from workflows.domain.assignment import claim, reschedule
from workflows.domain.escalation import escalate_overdue
from workflows.domain.invariants import violations
from workflows.enums import Rung
from workflows.models import EscalationPolicy, Notification, Task, Transition

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
OWNER, HEAD, QUALITY, MANAGEMENT = (r for r in Rung if r)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


# Wednesday, the last working day before National Day; work goes on on Thursday, October 8.
EVE = moment("09-30 16:00")


@pytest.fixture
def c(company):
    ensure_defaults()
    without_clocks()
    return company


def waiting(c, at: datetime, *, major: bool = False, department=None, owner=None) -> Task:
    """A step of eight hours that begins to wait at a moment."""
    with context.at(at):
        task = task_of(log(c))
        changes = {"department": department or c.workshop, "role": "handler", "is_major": major}
        Task.objects.filter(pk=task.pk).update(**changes, owner=owner)
    return fresh(task)


def policy(*ladders, since=EVE - timedelta(days=1)) -> None:
    """A version of the policy that is made last and holds from a moment on."""
    EscalationPolicy.objects.create(
        holds_from=since, made_at=timezone.now(), ladders=[{"name": "x", **one} for one in ladders]
    )


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def fired(task: Task) -> list[Transition]:
    rows = task.transitions.filter(act__in=["warn", "escalate"])
    return list(rows.order_by("pk"))


def rungs(task: Task) -> list[int]:
    return [row.data["rung"] for row in fired(task)]


def told(task: Task) -> list[tuple[str, str]]:
    """Everybody told, as (kind, user name)."""
    outbox.drain(5000)
    lines = Notification.objects.filter(data__task=task.pk).exclude(kind="assigned")
    return sorted(lines.values_list("kind", "user__username"))


def at_each_hour(since: datetime, until: datetime) -> None:
    """Sweep four times an hour between two moments."""
    while since <= until:
        escalate_overdue(since)
        since += timedelta(minutes=15)


def test_eight_hours_before_national_day_are_over_after_it_and_nobody_is_told_on_a_holiday(c):
    task = waiting(c, EVE)
    Task.objects.filter(pk=task.pk).update(due=moment("10-08 16:00"))
    at_each_hour(EVE, moment("10-15 18:00"))
    # 80 % are 6.4 hours; 16 hours after the due moment lies the Saturday that is made up.
    assert [f"{row.at.astimezone(ZONE):%m-%d %H:%M}" for row in fired(task)] == [
        "10-08 14:30", "10-08 16:00", "10-10 16:00", "10-14 16:00",
    ]  # fmt: skip
    assert [row.data["moment"][5:16] for row in fired(task)] == [
        "10-08T14:24", "10-08T16:00", "10-10T16:00", "10-14T16:00",
    ]  # fmt: skip
    assert rungs(task) == [OWNER, HEAD, QUALITY, MANAGEMENT]
    assert told(task) == [
        ("due_soon_pool", "handler"), ("due_soon_pool", "handler2"), ("due_soon_pool", "head"),
        ("escalated", "head"), ("escalated_management", "representative"),
        ("escalated_quality", "manager"),
    ]  # fmt: skip
    assert fresh(task).next_at is None
    assert not list(violations())


@pytest.mark.parametrize("seed", range(3))
def test_through_a_year_rungs_come_at_working_time_alone(c, seed):
    """Spring Festival, National Day and make-up Saturdays: never on a day that is free."""
    dice = random.Random(seed)
    start = moment("01-05 09:00")
    tasks = [waiting(c, start + timedelta(hours=dice.randrange(24 * 350))) for _turn in range(6)]
    now = start
    while now < moment("12-31 23:00") + timedelta(days=20):
        escalate_overdue(now)
        now += timedelta(hours=dice.choice([1, 5, 30, 200]))
    from workflows.domain.calendar_books import current

    calendar = current().calendar("")
    for task in tasks:
        assert rungs(task) == [OWNER, HEAD, QUALITY, MANAGEMENT]
        for row in fired(task):
            planned = datetime.fromisoformat(row.data["moment"])
            assert row.at >= planned
            day = planned.astimezone(ZONE)
            assert any(begins <= planned <= ends for begins, ends in calendar.moments(day.date()))
    free = {"2026-02-17", "2026-10-01", "2026-01-01"}
    assert not free & {row.data["moment"][:10] for task in tasks for row in fired(task)}


def test_who_has_claimed_it_is_warned_and_nobody_else_of_the_pool(c):
    task = waiting(c, EVE)
    claim(task, by=c.handler)
    escalate_overdue(fresh(task).due - timedelta(minutes=5))
    assert told(task) == [("due_soon", "handler")]
    assert fresh(task).escalated_at is None


def test_a_sweep_after_a_day_asleep_fires_every_rung_once_and_in_order(c):
    tasks = [waiting(c, EVE) for _turn in range(3)]
    late = moment("10-30 09:00")
    assert escalate_overdue(late) == 12
    assert escalate_overdue(late) == 0
    for task in tasks:
        assert rungs(task) == [OWNER, HEAD, QUALITY, MANAGEMENT]
        assert ("overdue_pool", "handler") in told(task)
    assert not list(violations())


def test_a_major_case_is_escalated_at_night_and_on_holidays(c):
    task = waiting(c, EVE, major=True)
    Task.objects.filter(pk=task.pk).update(due=moment("09-30 17:00"))
    at_each_hour(EVE, moment("10-02 00:00"))
    assert [f"{row.at.astimezone(ZONE):%m-%d %H:%M}" for row in fired(task)] == [
        "09-30 17:00", "09-30 17:00", "09-30 21:00", "10-01 09:00",
    ]  # fmt: skip
    assert fired(task)[0].data["moment"][11:16] == "16:48"


def test_a_department_without_a_head_is_answered_for_by_the_next_one_above(c):
    task = waiting(c, EVE, department=c.line)
    escalate_overdue(moment("10-09 09:00"))
    assert ("escalated", "head") in told(task)
    assert fresh(task).answering == c.workshop
    assert worklist.tab(c.head, "escalated").filter(pk=task.pk).exists()


def test_where_nobody_leads_quality_is_told_instead(c):
    Membership.objects.filter(role=Role.HEAD).update(until=context.now())
    task = waiting(c, EVE)
    escalate_overdue(moment("10-09 09:00"))
    assert ("escalated", "manager") in told(task)


def test_each_sees_in_the_inbox_what_has_reached_them(c):
    task = waiting(c, EVE)

    def seen() -> list[str]:
        people = ("handler", "head", "buyer_head", "engineer", "manager", "representative")
        return [
            who
            for who in people
            if worklist.tab(getattr(c, who), "escalated").filter(pk=task.pk).exists()
        ]

    assert seen() == []
    escalate_overdue(moment("10-08 15:00"))
    assert seen() == []
    escalate_overdue(moment("10-09 10:00"))
    assert seen() == ["head"]
    escalate_overdue(moment("10-12 10:00"))
    assert seen() == ["head", "manager"]
    escalate_overdue(moment("10-16 10:00"))
    assert seen() == ["head", "manager", "representative"]


def test_after_an_extension_the_ladder_begins_anew(c):
    task = waiting(c, EVE)
    escalate_overdue(moment("10-09 10:00"))
    assert fresh(task).rung == HEAD
    with context.at(moment("10-09 11:00")):
        reschedule(
            subject_kind=task.subject_kind, number=task.subject_number,
            node=task.flow_task.name, due=moment("10-16 17:00"),
        )  # fmt: skip
    task = fresh(task)
    assert (task.rung, task.escalated_at, task.answering) == (Rung.NONE, None, None)
    assert escalate_overdue(moment("10-09 12:00")) == 0
    escalate_overdue(moment("10-30 12:00"))
    assert rungs(task) == [OWNER, HEAD, OWNER, HEAD, QUALITY, MANAGEMENT]
    assert told(task).count(("escalated", "head")) == 2
    assert not list(violations())


def test_what_is_finished_is_told_to_nobody(c):
    with context.at(EVE):
        bring(c, CaseState.CLOSING)
    Task.objects.filter(finished=None).delete()
    assert escalate_overdue(moment("12-31 10:00")) == 0


def test_a_later_version_of_the_policy_changes_nothing_for_what_waits_already(c):
    task = waiting(c, EVE)
    only = {"rungs": [{"rung": "management", "percent": "100"}]}
    policy(only, since=EVE + timedelta(minutes=1))
    other = waiting(c, EVE + timedelta(minutes=2))
    escalate_overdue(moment("10-30 12:00"))
    assert rungs(task) == [OWNER, HEAD, QUALITY, MANAGEMENT]
    assert rungs(other) == [MANAGEMENT]


def test_a_step_that_cannot_be_told_of_delays_no_other(c, caplog):
    bad, good = waiting(c, EVE), waiting(c, EVE)
    Task.objects.filter(pk=bad.pk).update(due=datetime.max.replace(tzinfo=UTC), rung=HEAD)
    escalate_overdue(moment("10-30 12:00"))
    assert rungs(good) == [OWNER, HEAD, QUALITY, MANAGEMENT]
    assert rungs(bad) == []
    assert "the ladders of task failed" in caplog.text


@pytest.mark.parametrize("seed", range(6))
def test_for_random_policies_and_sweeps_each_rung_fires_once_and_in_order(c, seed):
    dice = random.Random(seed)
    wanted = sorted(dice.sample([OWNER, HEAD, QUALITY, MANAGEMENT], dice.randrange(1, 5)))
    steps = [
        {"rung": one.name.lower(), "percent": str(dice.randrange(1 if one == OWNER else 100, 400))}
        if dice.random() < 0.5
        else {"rung": one.name.lower(), "hours": str(dice.randrange(60))}
        for one in wanted
    ]
    policy({"urgent": dice.random() < 0.5, "rungs": steps})
    tasks = [waiting(c, EVE + timedelta(hours=dice.randrange(300))) for _turn in range(4)]
    now = EVE
    while now < EVE + timedelta(days=90):
        escalate_overdue(now)
        now += timedelta(hours=dice.choice([1, 2, 9, 70, 400]))
    for task in tasks:
        assert rungs(task) == wanted
        assert all(row.at >= datetime.fromisoformat(row.data["moment"]) for row in fired(task))
    outbox.drain(5000)
    assert not list(violations())


def test_no_rung_comes_before_its_moment_where_the_clock_of_a_worker_is_fast(c, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock but the machine's")
    task = waiting(c, EVE)
    real = timezone.now()
    policy({"urgent": True, "rungs": [{"rung": "head", "percent": "100"}]})
    Task.objects.filter(pk=task.pk).update(due=real + timedelta(minutes=3))
    monkeypatch.setattr(timezone, "now", lambda: real + timedelta(minutes=5))
    escalate_overdue()
    assert rungs(task) == []
    Task.objects.filter(pk=task.pk).update(due=real - timedelta(seconds=1), next_at=real)
    escalate_overdue()
    assert rungs(task) == [HEAD]


def test_a_batch_takes_as_many_statements_for_fifty_rows_as_for_one(
    c, django_assert_max_num_queries
):
    waiting(c, EVE)
    escalate_overdue(EVE + timedelta(seconds=1))
    # Two more look for clocks.
    with django_assert_max_num_queries(16 + 2):
        escalate_overdue(moment("10-08 15:00"))
    for _turn in range(50):
        waiting(c, EVE)
    escalate_overdue(EVE + timedelta(seconds=1))
    with django_assert_max_num_queries(16 + 2):
        assert escalate_overdue(moment("10-08 15:00")) == 50


def test_the_default_ladders_can_be_read_back():
    from cases.domain.defaults import ladders as given

    read = ladders.read(given())
    assert [ladder.urgent for ladder in read] == [True, False]
    assert [ladders.written(one)["rungs"] for one in read] == [one["rungs"] for one in given()]


def test_rungs_to_come_follow_the_calendar_and_those_told_stay_told(c):
    """The free day is made between the due moment and the rung of quality."""
    from datetime import date

    from workflows.domain import calendar_keeping
    from workflows.domain.calendar_seed import DayDraft
    from workflows.enums import DayKind
    from workflows.models import WorkingCalendar

    monday = moment("11-16 09:00")
    task = waiting(c, monday)
    Task.objects.filter(pk=task.pk).update(due=moment("11-16 15:00"))
    escalate_overdue(moment("11-16 15:00"))
    assert fresh(task).next_at == moment("11-18 15:00")
    draft = DayDraft(date(2026, 11, 18), DayKind.HOLIDAY, "停电")
    with context.at(moment("11-16 16:00")):
        calendar = WorkingCalendar.objects.get(is_default=True)
        calendar_keeping.set_day(by=c.manager, calendar=calendar, draft=draft)
    assert escalate_overdue(moment("11-16 16:30")) == 0
    assert fresh(task).next_at == moment("11-19 15:00")
    assert escalate_overdue(moment("11-18 16:00")) == 0
    escalate_overdue(moment("11-19 15:30"))
    assert rungs(task) == [OWNER, HEAD, QUALITY]
