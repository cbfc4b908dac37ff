"""Clocks on the real road: which begins, stops and waits at which step, and what they say then."""

from datetime import datetime, timedelta

import pytest

from cases.enums import ActionState, CaseState as S, ClockName as N
from cases.models import Case, Channel, CustomerClass
from tests.cases.timing import MONDAY, at, clock, clocks_of, local, timed, told
from tests.factories import PASSWORD, bring, do, log, order, walk_action
from tests.incidents import bring_incident
from workflows.domain.clock_keeping import keep_clocks
from workflows.domain.invariants import violations
from workflows.domain.transitions import intervene
from workflows.models import Clock, Transition

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    return timed(company)


def test_a_complaint_runs_its_clocks_from_step_to_step(c):
    case = log(c)
    assert clocks_of(case) == {
        "acknowledge": "running", "accept": "running", "reply": "running", "total": "running",
    }  # fmt: skip
    bring(c, S.TRIAGE, case)
    assert clocks_of(case)["acknowledge"] == "met"
    case = bring(c, S.STATEMENT, Case.objects.get(pk=case.pk))
    found = clocks_of(case)
    assert (found["accept"], found["investigate"]) == ("met", "running")
    case = bring(c, S.REVIEW, case)
    assert clocks_of(case)["investigate"] == "met"
    case = order(c, case)
    assert clocks_of(case)["action:act"] == "running"
    action = walk_action(c, case.actions.get(), ActionState.ACCEPTED)
    assert clocks_of(case)["action:plan"] == "running"
    action = walk_action(c, action, ActionState.SUBMITTED)
    found = clocks_of(case)
    assert (found["action:plan"], found["action:act"]) == ("met", "met")
    assert found["action:verify"] == "running"
    walk_action(c, action)
    found = clocks_of(case)
    assert (found["action:verify"], found["verify"]) == ("met", "running")
    case = do(Case.objects.get(pk=case.pk), "verify", c.engineer)
    assert clocks_of(case)["verify"] == "met"
    case = bring(c, S.CLOSED, case)
    found = clocks_of(case)
    assert (found["reply"], found["total"]) == ("met", "met")
    assert set(found.values()) == {"met"}
    assert not [row for number, _s, row in violations() if number in {9, 11}]


def test_an_incident_contains_investigates_and_hears_opinions(c):
    case = bring_incident(c, S.INVESTIGATION)
    found = clocks_of(case)
    assert found == {
        "investigate": "running", "reply": "running", "total": "running",
        "response:contain": "running", "response:acknowledge": "running",
    }  # fmt: skip
    case = bring_incident(c, S.MEASURES)
    found = clocks_of(case)
    assert (found["investigate"], found["opinion:opinion"]) == ("met", "met")
    assert found["plan"] == "running"
    case = bring_incident(c, S.ACTION)
    assert clocks_of(case)["plan"] == "met"


def test_what_is_answered_at_once_has_a_clock_for_the_answer_alone(c):
    case = log(c, kind="inquiry")
    assert clocks_of(case) == {"reply": "running", "total": "running"}
    do(case, "answer", c.agent, text="三个工作日内发货。", channel=c.channel)
    assert set(clocks_of(case).values()) == {"met"}


def test_hours_days_and_calendar_days_are_due_as_they_are_counted(c):
    c.channel = Channel.objects.get(code="hotline_12315")
    with at():
        case = log(c)
    assert local(clock(case, N.ACKNOWLEDGE).due) == "06-02 09:00"
    # Two working days after Monday: Wednesday when work is over.
    assert local(clock(case, N.ACCEPT).due) == "06-03 17:30"
    assert local(clock(case, N.LEGAL_ACCEPTANCE).due) == "06-09 17:30"
    with at(1):
        do(case, "acknowledge", c.agent, text="已收到。", channel=c.channel)
        do(case, "accept", c.lead, department=c.workshop)
    assert local(clock(case, N.MEDIATION).due) == "07-17 23:59"


def test_the_law_counts_from_the_receipt(c):
    c.channel = Channel.objects.get(code="hotline_12315")
    with at(3):
        case = log(c, received_at=MONDAY)
    assert clock(case, N.LEGAL_ACCEPTANCE).started == MONDAY
    assert clock(case, N.ACCEPT).started == MONDAY + timedelta(days=3)


def test_a_refusal_is_a_decision_by_law_and_no_acceptance_of_ours(c):
    c.channel = Channel.objects.get(code="hotline_12315")
    case = bring(c, S.REJECTED)
    found = clocks_of(case)
    assert found["legal_acceptance"] == "met"
    assert {found["accept"], found["reply"], found["total"]} == {"cancelled"}


@pytest.mark.parametrize("end", [S.REJECTED, S.MERGED, S.CONVERTED, S.WITHDRAWN])
def test_what_ends_without_a_result_is_neither_kept_nor_missed(c, end):
    case = bring(c, end)
    assert clocks_of(case)["total"] == "cancelled"
    assert clock(case, N.TOTAL).breached_at is None


def test_what_was_missed_before_the_end_stays_missed(c):
    with at():
        case = bring(c, S.TRIAGE)
    with at(5):
        case = do(case, "reject", c.lead, reason="非我司产品")
    assert clocks_of(case)["accept"] == "breached"
    assert clock(case, N.ACCEPT).breached_at == clock(case, N.ACCEPT).original_due
    assert clocks_of(case)["total"] == "cancelled"


def test_the_first_rule_whose_conditions_hold_is_taken(c):
    c.customer.customer_class = CustomerClass.objects.get(code="A")
    c.customer.save()
    assert clock(log(c), N.REPLY).amount == 10
    c.customer.customer_class = None
    c.customer.save()
    assert clock(log(c), N.REPLY).amount == 15
    assert clock(bring_incident(c, S.INVESTIGATION), N.REPLY).amount == 40


def test_a_clock_says_how_long_it_ran_waited_and_took(c):
    with at():
        case = bring(c, S.FEEDBACK)
    assert clock(case, N.TOTAL).state == "paused"
    with at(2):
        case = do(case, "satisfied", c.agent)
    total = clock(case, N.TOTAL)
    assert total.state == "running"
    assert total.paused == timedelta(hours=16)
    # Two whole days of waiting move a clock of days by as many.
    assert total.due - total.original_due >= timedelta(days=1)
    with at(3):
        do(case, "close", c.manager)
    total = clock(case, N.TOTAL)
    assert (total.elapsed, total.paused) == (timedelta(hours=8), timedelta(hours=16))
    assert total.actual == total.elapsed + total.paused
    assert total.wall == timedelta(days=3)
    assert total.pauses.get().why == "state"


def test_an_unsatisfied_customer_starts_the_clock_of_the_reply_again(c):
    case = bring(c, S.FEEDBACK)
    first = clock(case, N.REPLY)
    do(case, "unsatisfied", c.agent, answer_text="还是响")
    second = clock(case, N.REPLY)
    assert (first.state, second.state, second.round) == ("met", "running", 1)


def test_reopening_starts_what_the_policy_lets_run_again_and_keeps_the_old_figures(c):
    with at():
        case = bring(c, S.CLOSED)
    before = list(Clock.objects.filter(root_id=case.pk).order_by("pk").values())
    with at(5):
        case = intervene(case, "reopen", by=c.lead, reason="再次异响")
    known = [row["id"] for row in before]
    assert list(Clock.objects.filter(pk__in=known).order_by("pk").values()) == before
    fresh = Clock.objects.filter(root_id=case.pk).exclude(pk__in=known)
    assert {(one.name, one.round, one.state) for one in fresh} == {
        ("accept", 2, "running"), ("reply", 2, "running"), ("total", 2, "running"),
    }  # fmt: skip


def test_the_record_tells_every_turn_of_a_clock(c):
    case = bring(c, S.CLOSED)
    lines = told(case)
    assert ("log", "acknowledge", "started") in lines
    assert ("acknowledge", "acknowledge", "met") in lines
    assert ("reply", "total", "paused") in lines
    assert ("satisfied", "total", "resumed") in lines
    assert lines[-1] == ("close", "total", "met")


# ---------------------------------------------------------------------------- what is missed
def test_a_missed_clock_is_written_down_once_and_ends_as_missed(c):
    with at():
        case = log(c)
    with at(2):
        assert keep_clocks() == 1
        assert keep_clocks() == 0
    assert told(case)[-1] == ("breach", "acknowledge", "breached")
    with at(2):
        do(case, "acknowledge", c.agent, text="已收到。", channel=c.channel)
    found = clock(case, N.ACKNOWLEDGE)
    assert found.state == "breached"
    assert found.breached_at == found.original_due


def test_lowering_the_severity_near_the_due_moment_hides_nothing(c):
    with at():
        case = bring_incident(c, S.INVESTIGATION)
    was = clock(case, N.REPLY)
    with at(60):
        case = intervene(case, "lower_severity", by=c.manager, reason="单件", password=PASSWORD)
    found = clock(case, N.REPLY)
    assert found.breached_at == was.due
    assert found.original_due == was.due
    assert found.amount == 15
    assert ("lower_severity", "reply", "breached") in told(case)
    assert ("lower_severity", "reply", "matched") in told(case)


def test_raising_the_severity_counts_running_clocks_again_from_their_start(c):
    with at():
        case = bring(c, S.STATEMENT)
    was = clock(case, N.TOTAL)
    with at(1):
        intervene(case, "raise_severity", by=c.lead, reason="批量", password=PASSWORD)
    found = clock(case, N.TOTAL)
    assert (found.pk, found.started, found.original_due) == (was.pk, was.started, was.original_due)
    assert found.amount == 90
    line = next(
        line for row in Transition.objects.filter(root_id=case.pk, act="raise_severity")
        for line in row.data["clocks"] if line["clock"] == "total"
    )  # fmt: skip
    assert datetime.fromisoformat(line["before"]) == was.due


def test_a_channel_corrected_to_12315_starts_the_clock_of_the_law_from_the_receipt(c):
    with at():
        case = log(c)
    law = Channel.objects.get(code="hotline_12315")
    with at(1):
        intervene(case, "edit", by=c.agent, channel=law)
    assert clock(case, N.LEGAL_ACCEPTANCE).started == case.received_at
    with at(2):
        intervene(Case.objects.get(pk=case.pk), "edit", by=c.agent, channel=c.channel)
    assert clock(case, N.LEGAL_ACCEPTANCE).state == "running"
