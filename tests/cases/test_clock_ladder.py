"""A clock that spans steps climbs the ladder of steps: each rung once, none while it waits."""

from datetime import timedelta

import pytest

from cases.enums import CaseState as S, ClockName as N
from tests.cases.timing import MONDAY, clock, timed
from tests.factories import bring, log
from workflows.domain import context
from workflows.domain.escalation import escalate_overdue
from workflows.enums import Rung
from workflows.models import Outbox, Transition

pytestmark = pytest.mark.django_db


@pytest.fixture
def c(company):
    return timed(company)


def rungs(case) -> list[int]:
    rows = Transition.objects.filter(root_id=case.pk, task=None, data__has_key="rung")
    told = [(row.data["rung"], row.data["clocks"][0]["clock"]) for row in rows.order_by("pk")]
    return [rung for rung, name in told if name == N.ACCEPT]


def test_it_warns_and_escalates_rung_by_rung_each_once(c):
    with context.at(MONDAY):
        case = log(c)
    due = clock(case, N.ACCEPT).due
    for moment in (due - timedelta(hours=1), due + timedelta(minutes=1), due + timedelta(days=30)):
        with context.at(moment):
            for _turn in range(4):
                escalate_overdue(moment)
    assert rungs(case) == [Rung.OWNER, Rung.HEAD, Rung.QUALITY, Rung.MANAGEMENT]
    effects = Outbox.objects.filter(topic="rung", payload__of="clock", payload__row=clock(
        case, N.ACCEPT).pk)  # fmt: skip
    assert effects.count() == len(set(effects.values_list("key", flat=True))) == 4


def test_what_one_step_covers_and_what_waits_climbs_no_ladder(c):
    with context.at(MONDAY):
        assert clock(log(c), N.ACKNOWLEDGE).next_at is None
        assert clock(bring(c, S.FEEDBACK), N.TOTAL).next_at is None
