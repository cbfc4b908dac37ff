"""A broker that is stopped: the web does not notice, and nothing that was to happen is lost.

REDRESS_CHAOS_CUT_SECONDS says for how long; with 60 it is the promise of QUALITY R4.
"""

import os

import pytest

from tests.chaos.machines import broker, installed
from tests.chaos.visiting import Visitor
from tests.chaos.watching import nothing_is_lost, report, undone, wait_for
from tests.workflows.sinks import listening
from workflows.models import Outbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres_only,
    pytest.mark.chaos,
    pytest.mark.concurrency,
    pytest.mark.slow,
]
CUT_SECONDS = float(os.environ.get("REDRESS_CHAOS_CUT_SECONDS", "3"))
# A short run compares few requests, and a busy machine is not what is measured.
SLOWER, SPARE_SECONDS = 1.2, 0.15


@pytest.mark.parametrize(
    "kind",
    [pytest.param("redis", marks=pytest.mark.redis),
     pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)],
)  # fmt: skip
def test_a_broker_that_is_stopped_costs_the_web_nothing_and_loses_nothing(company, tmp_path, kind):
    with (
        broker(kind, tmp_path) as (url, server),
        listening() as sink,
        installed(tmp_path, url, sink.url()) as installation,
    ):
        worker, beat = installation.worker(0), installation.beat(0)
        installation.web()
        person = installation.person(0)
        visitor = Visitor(installation.port, company)
        visitor.start()
        # The first pages of a process take long, whatever the broker does.
        wait_for(lambda: sink.got and visitor.logged > 5, 180, installation)
        before, p95_before = visitor.measure(CUT_SECONDS)
        server.cut()
        during, p95_during = visitor.measure(CUT_SECONDS)
        waited = Outbox.objects.filter(sent=None).count()
        server.restore()
        visitor.leaving.set()
        visitor.join()
        person.stop()
        settled = wait_for(lambda: not undone(), 60, installation)
        promised = installation.promised()
        # While they are at it: who is asked to end does so, without a round half done.
        stopped = worker.dismiss(30), beat.dismiss(15)
    figures = nothing_is_lost(sink, promised, most_repeats=0)
    report(
        f"{kind}: {figures}; away {CUT_SECONDS:.0f} s; web before {dict(before)} p95 "
        f"{p95_before * 1000:.0f} ms, during {dict(during)} p95 {p95_during * 1000:.0f} ms; "
        f"{waited} effects waited, all told {settled:.1f} s after its return; "
        f"worker and beat stopped in {stopped[0]:.1f} and {stopped[1]:.1f} s"
    )
    assert set(before) == set(during) == {200, 302}
    assert waited, "the broker was not away"
    assert p95_during <= p95_before * SLOWER + SPARE_SECONDS
