"""Clocks that people let wait, and more time that they ask for."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.enums import ActionState, CaseState as S, ClockName as N
from cases.models import Case, Channel
from tests.cases.timing import MONDAY, at, clock, local, timed, told
from tests.factories import bring, do, log, order, step_of, take, walk_action
from workflows.domain import context
from workflows.domain.clock_keeping import keep_clocks
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden
from workflows.models import Clock, ClockPause

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    return timed(company)


# ---------------------------------------------------------------------------- pauses of people
def hold(case, by, **given):
    return intervene(
        Case.objects.get(pk=case.pk), "pause_clocks", by=by,
        **{"why": "parts", "text": "等待客户寄回样件", **given},
    )  # fmt: skip


def test_people_let_clocks_wait_with_a_reason_and_the_next_step_ends_it(c):
    with at():
        case = bring(c, S.STATEMENT)
        due = clock(case, N.INVESTIGATE).due
        case = hold(case, c.handler)
    assert case.on_hold
    waiting = clock(case, N.INVESTIGATE)
    assert (waiting.state, waiting.paused_reason) == ("paused", "等待客户寄回样件")
    assert waiting.paused_by == c.handler
    with at(1), pytest.raises(Conflict):
        hold(case, c.handler)
    with at(2):
        case = do(Case.objects.get(pk=case.pk), "dispute", c.handler, facts="a", grounds="b")
    assert not Case.objects.get(pk=case.pk).on_hold
    found = clock(case, N.INVESTIGATE)
    assert found.state == "met"
    assert found.due > due
    assert found.paused == found.by_people == timedelta(hours=16)
    assert clock(case, N.TOTAL).state == "running"
    assert ("dispute", "total", "resumed") in told(case)


def test_a_pause_ends_by_itself_when_the_policy_allows_no_more(c):
    with at():
        case = hold(bring(c, S.STATEMENT), c.handler)
    until = clock(case, N.TOTAL).paused_until
    # Ten working days of eight hours.
    assert local(until) == "06-12 09:00"
    with context.at(until + timedelta(hours=3)):
        keep_clocks()
    found = clock(case, N.TOTAL)
    assert (found.state, found.paused) == ("running", timedelta(hours=80))
    assert found.pauses.get().until == until
    assert not Case.objects.get(pk=case.pk).on_hold
    with context.at(until + timedelta(days=1)), pytest.raises(Conflict, match="used up"):
        hold(case, c.handler)


def test_people_let_clocks_go_on_themselves(c):
    with at():
        case = hold(bring(c, S.STATEMENT), c.handler)
    with at(1):
        case = intervene(case, "resume_clocks", by=c.agent)
        with pytest.raises(Conflict):
            intervene(case, "resume_clocks", by=c.agent)
    assert clock(case, N.TOTAL).state == "running"
    assert told(case)[-1][0] == "resume_clocks"


def test_what_the_law_sets_never_waits(c):
    c.channel = Channel.objects.get(code="hotline_12315")
    with at():
        case = hold(bring(c, S.STATEMENT), c.handler)
    assert clock(case, N.MEDIATION).state == "running"
    with at(1):
        case = bring(c, S.FEEDBACK, Case.objects.get(pk=case.pk))
    assert clock(case, N.TOTAL).state == "paused"
    assert clock(case, N.MEDIATION).state == "running"
    law = Clock.objects.filter(name=N.MEDIATION)
    with pytest.raises(IntegrityError), transaction.atomic():
        law.update(state="paused", paused_since=MONDAY, paused_why="parts", next_at=None)


def test_an_overdue_clock_is_not_paused_away(c):
    with at():
        case = log(c)
    Clock.objects.exclude(name=N.ACKNOWLEDGE).delete()
    with at(3), pytest.raises(Conflict, match="hide"):
        hold(case, c.agent)
    with at(3), pytest.raises(Forbidden):
        hold(case, c.buyer)


def test_an_action_waits_for_its_parts_beside_its_case(c):
    with at():
        case = order(c, bring(c, S.REVIEW))
        action = case.actions.get()
        intervene(action, "pause_clocks", by=c.handler, why="parts", text="等待轴承到货")
    assert clock(case, N.ACT).state == "paused"
    assert clock(case, N.TOTAL).state == "running"
    due = clock(case, N.ACT).due
    with at(2):
        walk_action(c, action, ActionState.ACCEPTED)
    assert clock(case, N.ACT).state == "running"
    assert clock(case, N.ACT).due > due
    assert ClockPause.objects.get().reason == "等待轴承到货"


# ---------------------------------------------------------------------------- more time
def test_more_time_is_asked_for_and_granted_by_somebody_else(c):
    with at():
        case = bring(c, S.STATEMENT)
        reply = clock(case, N.REPLY)
        later = reply.due + timedelta(days=10)
        intervene(case, "extend_clock", by=c.handler, clock=reply, due=later, grounds="等检测")
        asked = case.clock_extensions.get()
        task = step_of(asked)
        with pytest.raises(Forbidden):
            take(task, "grant", c.handler)
        take(task, "grant", c.engineer)
    found = clock(case, N.REPLY)
    assert (found.due, found.original_due, found.extended) == (later, reply.due, 1)
    assert told(case)[-1] == ("grant", "reply", "extended")


def test_more_time_is_refused_for_what_the_law_sets(c):
    c.channel = Channel.objects.get(code="hotline_12315")
    case = bring(c, S.STATEMENT)
    law = clock(case, N.MEDIATION)
    later = law.due + timedelta(days=10)
    with pytest.raises(Exception, match="law"):
        intervene(case, "extend_clock", by=c.handler, clock=law, due=later, grounds="等检测")


def test_a_request_that_nobody_decided_lapses_with_the_case(c):
    case = bring(c, S.STATEMENT)
    reply = clock(case, N.REPLY)
    later = reply.due + timedelta(days=10)
    intervene(case, "extend_clock", by=c.handler, clock=reply, due=later, grounds="等检测")
    bring(c, S.CLOSED, Case.objects.get(pk=case.pk))
    assert case.clock_extensions.get().state == "lapsed"
