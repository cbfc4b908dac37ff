"""Two people at once on incidents, rulings and flags, on PostgreSQL: one winner, the other told
why; no case is stuck and none is broken. Where a step returns, one case serves many rounds.

Each round is checked as the steps of the random walks are (tests/stateful/watching.py), the whole
database at the end.
"""

import os
from contextvars import copy_context
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.utils import translation

from cases.domain.measures import MeasureDraft
from cases.enums import CaseState as S
from cases.models import Case, CorrectiveAction
from tests import factories
from tests.factories import bring, do, flag, step_of, take, task_of
from tests.incidents import bring_incident, incident, respond
from tests.stateful.watching import Watcher
from tests.workflows.test_concurrency import at_once
from workflows.domain import invariants
from workflows.domain.context import at, now
from workflows.domain.signatures import already_identified
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ROUNDS = int(os.environ.get("REDRESS_RACE_ROUNDS", "200"))
# The three races that the product is judged by run all rounds, their relatives fewer.
FEWER = max(1, ROUNDS // 4)
# The relay does not run here, so effects wait.
RELAY = 13
SAID = {"cause": "压装。", "responsibility": "车间。", "measure": "监控。"}


@pytest.fixture
def company(transactional_db):
    """Everybody is identified: two hundred rounds of hashing would show nothing."""
    c = factories.company()
    c.watcher = Watcher()
    with already_identified():
        yield c
    assert [one for one in invariants.violations() if one[0] != RELAY] == []


def race(c, *jobs):
    """The results of the jobs at the same instant; what was done is whole, the rest refused."""
    results = at_once(*[partial(copy_context().run, job) for job in jobs])
    c.watcher.look()
    refused = [result for result in results if isinstance(result, Exception)]
    assert {type(one) for one in refused} <= {Conflict}, refused
    return refused


def one_winner(c, *jobs):
    """Exactly one of the jobs is done; what the other was told."""
    refused = race(c, *jobs)
    assert len(refused) == len(jobs) - 1
    return str(refused[0])


def fresh(case):
    return Case.objects.get(pk=case.pk)


# ---------------------------------------------------------------------------- closing
def test_closing_against_an_action_that_is_to_serve_the_case(company):
    """Either it is closed, or it waits for the action; never closed with open work."""
    c = company
    host = bring(c, S.REVIEW)
    case = bring(c, S.CLOSING)
    for _turn in range(ROUNDS):
        action = proposed(c, host)
        task = task_of(case)
        told = one_winner(
            c,
            partial(perform, task, "close", by=c.manager),
            partial(intervene, case, "serve", by=c.engineer, action=action),
        )
        case = fresh(case)
        if case.state == S.CLOSED:
            # A thread of its own speaks the language of the installation.
            with translation.override(settings.LANGUAGE_CODE):
                assert case.get_state_display() in told
            case = intervene(case, "reopen", by=c.lead, reason="复发")
            case = bring(c, S.CLOSING, case)
        else:
            assert action.number in told
        intervene(fresh_action(action), "cancel", by=c.engineer, reason="重复")
        c.watcher.look()


def proposed(c, host):
    intervene(host, "propose_action", by=c.engineer, kind="preventive", title="横向展开")
    return host.actions.order_by("-pk")[0]


def fresh_action(action):
    return CorrectiveAction.objects.get(pk=action.pk)


def test_closing_an_incident_against_an_order_that_is_still_to_be_carried_out(company):
    """With a flag the closing waits for its countersignature, from where it returns."""
    c = company
    case = bring_incident(c, S.ACTION, flag(c, incident(c)))
    for action in case.actions.all():
        intervene(action, "cancel", by=c.engineer, reason="已由供应商完成")
    case = bring_incident(c, S.CLOSING, fresh(case))
    respond(c, case)
    learned = {"lessons": "监控。", "similar": "无。", "documents": "更新。"}
    order = {"kind": "containment", "department": c.workshop, "instruction": "封存"}
    for _turn in range(FEWER):
        task = task_of(case)
        race(
            c,
            partial(perform, task, "close", by=c.engineer2, **learned),
            partial(intervene, case, "order_response", by=c.engineer, **order),
        )
        case = fresh(case)
        if case.state == S.COUNTERSIGNATURE and case.open_beside:
            with pytest.raises(Conflict):
                do(case, "countersign", c.representative)
        for response in case.responses.filter(state="open"):
            take(step_of(response), "decline", c.handler, reason="已处理")
        if case.state == S.COUNTERSIGNATURE:
            case = do(case, "return_to_closing", c.representative, reason="补充")


def test_countersigning_against_a_second_flag_leaves_no_closing_with_an_open_motion(company):
    """Of a closed case a flag may be moved; while it is moved no case is closed."""
    c = company
    case = do(flag(c, bring(c, S.CLOSING)), "close", c.manager)
    for _turn in range(FEWER):
        task = task_of(case)
        moved = {"flag": "legal_liability", "evidence": "律师函。"}
        refused = race(
            c,
            partial(perform, task, "countersign", by=c.representative),
            partial(intervene, case, "propose_flag", by=c.agent, **moved),
        )
        case = fresh(case)
        assert case.flag_motions.filter(state="proposed").count() == 1
        assert bool(refused) == (case.state == S.COUNTERSIGNATURE)
        motion = case.flag_motions.order_by("-pk")[0]
        take(step_of(motion), "dismiss", c.engineer, reason="不成立")
        if case.state == S.CLOSED:
            case = intervene(case, "reopen", by=c.lead, reason="复发")
            case = do(bring(c, S.CLOSING, case), "close", c.manager)


# ---------------------------------------------------------------------------- the last two
def test_the_last_two_opinions_at_once_and_the_arbitration_opens_once(company):
    c = company
    case = bring_incident(c, S.JOINT_REVIEW)
    for _turn in range(ROUNDS):
        refused = race(
            c,
            partial(perform, opinion_of(case, c.workshop), "file", by=c.handler, **SAID),
            partial(perform, opinion_of(case, c.purchasing), "file", by=c.buyer, **SAID),
        )
        assert refused == []
        case = fresh(case)
        assert case.state == S.ARBITRATION
        assert case.arbitrations.filter(ended_at=None).count() == 1
        assert not case.joint_reviews.filter(concluded_at=None).exists()
        case = do(case, "return_to_review_board", c.engineer, reason="再议")
        asked = {"departments": [c.workshop, c.purchasing], "due": now() + timedelta(days=3)}
        case = do(case, "convene", c.engineer, **asked)


def test_the_last_opinion_against_the_end_of_the_review_and_the_arbitration_opens_once(company):
    """With one of two opinions the quorum is not met, so the manager ends it after its deadline."""
    c = company
    case = bring_incident(c, S.CONVENING)
    both, begun = [c.workshop, c.purchasing], now()
    for turn in range(FEWER):
        due = begun + timedelta(days=turn, hours=1)
        with at(begun + timedelta(days=turn)):
            do(case, "convene", c.engineer, departments=both, due=due)
            take(opinion_of(case, c.workshop), "file", c.handler, **SAID)
        with at(due + timedelta(minutes=1)):
            told = one_winner(
                c,
                partial(perform, opinion_of(case, c.purchasing), "file", by=c.buyer, **SAID),
                partial(intervene, case, "conclude", by=c.manager, reason="逾期"),
            )
            assert told
            case = fresh(case)
            assert case.state == S.ARBITRATION
            assert case.arbitrations.filter(ended_at=None).count() == 1
            case = do(case, "return_to_review_board", c.engineer, reason="再议")


def opinion_of(case, department):
    return step_of(case.opinions.get(state="requested", department=department))


def test_the_last_two_measures_end_at_once_and_the_incident_goes_on(company):
    c = company
    case = bring_incident(c, S.MEASURES)
    for _turn in range(FEWER):
        due = now() + timedelta(days=20)
        plan = [MeasureDraft("containment", f"封存 {n}", c.workshop, due) for n in (1, 2)]
        do(case, "draft_measures", c.handler, measures=plan)
        do(case, "pass_measures", c.engineer, confirmed=True)
        do(case, "approve_measures", c.manager)
        first, second = case.actions.filter(state="assigned")
        refused = race(
            c,
            partial(intervene, first, "cancel", by=c.engineer, reason="重复"),
            partial(intervene, second, "cancel", by=c.engineer2, reason="重复"),
        )
        assert refused == []
        case = fresh(case)
        assert case.state == S.VERIFICATION
        case = do(case, "return_to_measures", c.engineer, reason="不充分")


# ---------------------------------------------------------------------------- rulings
def disputed(c):
    return factories.dispute(c, bring(c, S.STATEMENT))


def shared(c, text):
    return {text: "装配为主，来料为次。", "shares": [(c.workshop, 70), (c.purchasing, 30)]}


def test_two_rulings_at_once_and_one_holds(company):
    c = company
    for _turn in range(ROUNDS):
        case = disputed(c)
        first, second = task_of(case), task_of(case)
        told = one_winner(
            c,
            partial(perform, first, "rule", by=c.engineer, **shared(c, "ruling")),
            partial(perform, second, "rule", by=c.engineer2, **shared(c, "ruling")),
        )
        ruling = case.arbitrations.get(at__isnull=False)
        assert ruling.by.name in told
        assert ruling.shares.count() == 2
        intervene(fresh(case), "withdraw", by=c.agent, reason="顾客撤回")


def test_two_appeals_at_once_are_one_and_two_decisions_on_it_too(company):
    c = company
    for _turn in range(FEWER):
        case = do(disputed(c), "rule", c.engineer, **shared(c, "ruling"))
        one_winner(
            c,
            partial(intervene, case, "appeal", by=c.handler, grounds="来料问题。"),
            partial(intervene, case, "appeal", by=c.buyer, grounds="来料合格。"),
        )
        step, again = step_of(case.appeals.get()), step_of(case.appeals.get())
        told = one_winner(
            c,
            partial(perform, step, "uphold", by=c.manager, decision="维持。"),
            partial(perform, again, "revise", by=c.manager, **shared(c, "decision")),
        )
        assert c.manager.name in told
        intervene(fresh(case), "withdraw", by=c.agent, reason="顾客撤回")


# ---------------------------------------------------------------------------- flags
def test_one_person_at_two_screens_is_no_two_people_and_of_two_one_carries_the_flag(company):
    c = company
    case = bring(c, S.REVIEW)
    for turn in range(FEWER):
        act = "propose_revocation" if turn % 2 else "propose_flag"
        intervene(case, act, by=c.agent, flag="media_exposed", evidence="省台报道。")
        motion = case.flag_motions.order_by("-pk")[0]
        take(step_of(motion), "confirm_first", c.engineer)
        task, again = step_of(motion), step_of(motion)
        refused = race(
            c,
            partial(perform, task, "confirm_second", by=c.engineer),
            partial(perform, again, "confirm_second", by=c.engineer),
        )
        assert len(refused) == 2
        assert fresh(case).media_exposed == bool(turn % 2)
        task, again = step_of(motion), step_of(motion)
        told = one_winner(
            c,
            partial(perform, task, "confirm_second", by=c.engineer2),
            partial(perform, again, "confirm_second", by=c.representative),
        )
        motion.refresh_from_db()
        assert motion.second_by.name in told
        assert fresh(case).media_exposed != bool(turn % 2)
