"""Whoever is killed, and however often: no effect is lost, and none counts twice.

REDRESS_CHAOS_TRANSITIONS says how many steps are taken meanwhile; a thousand takes minutes,
longer than pytest waits for a test: `-o faulthandler_timeout=0`.
"""

import os
import random
import time
from collections import Counter

import pytest

from cases.models import Case
from tests.chaos.machines import broker, installed
from tests.chaos.visiting import Visitor
from tests.chaos.watching import nothing_is_lost, report, undone, wait_for
from tests.workflows.sinks import listening
from workflows.models import Transition

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres_only,
    pytest.mark.chaos,
    pytest.mark.redis,
    pytest.mark.concurrency,
    pytest.mark.slow,
]
TRANSITIONS = int(os.environ.get("REDRESS_CHAOS_TRANSITIONS", "40"))
LIMIT_SECONDS = 60 + TRANSITIONS * 2
# Claims of the dead run out after five seconds here; a minute is asked for.
SETTLE_SECONDS = 60


def test_web_workers_and_beats_killed_at_random_lose_and_double_nothing(company, tmp_path):
    """Three workers and two beats, which is one too many."""
    with (
        broker("redis", tmp_path) as (url, _server),
        listening() as sink,
        installed(tmp_path, url, sink.url()) as installation,
    ):
        for number in range(3):
            installation.worker(number)
        for number in range(2):
            installation.beat(number)
            installation.person(number)
        installation.web()
        visitor = Visitor(installation.port, company)
        visitor.start()
        wait_for(lambda: sink.got and visitor.logged, 180, installation)
        kills = kill_until(Transition.objects.count() + TRANSITIONS, installation)
        visitor.leaving.set()
        visitor.join()
        for machine in installation.machines:
            if machine.name.startswith("person"):
                machine.stop()
        settled = wait_for(lambda: not undone(), SETTLE_SECONDS, installation)
        promised = installation.promised()
    figures = nothing_is_lost(sink, promised, most_repeats=sum(kills.values()))
    assert Case.objects.filter(customer__name="Chaos").count() in (
        visitor.logged,
        visitor.logged + 1,  # taken, and killed before it could say so
    )
    report(
        f"{figures}; {dict(kills)} killed; web {dict(visitor.statuses)}; settled {settled:.1f} s"
    )


def kill_until(transitions: int, installation) -> Counter[str]:
    """Kill one or the other until there are so many transitions; whom how often."""
    kills: Counter[str] = Counter()
    begun = time.monotonic()
    while Transition.objects.count() < transitions or sum(kills.values()) < 5:
        assert time.monotonic() - begun < LIMIT_SECONDS, installation.logs()
        time.sleep(random.uniform(0.2, 2))
        victim = random.choice(installation.machines)
        victim.kill(whole=random.random() < 0.5)
        kills[victim.name.rstrip("0123456789")] += 1
    return kills
