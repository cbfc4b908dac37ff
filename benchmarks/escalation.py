"""Steps that are due in the same second, fired by several dispatchers at once.

    DATABASE_URL=postgres://… python -m benchmarks.escalation [steps] [dispatchers]

Uses a database of its own with the tests' small company (QUALITY.md R5: 10,000 steps, three
dispatchers, each fires once, within 120 s). The dispatchers are processes. Then all of
them were asleep for a month: every rung that is left fires once and in order. Exits with 1 where a
rung is missing or told twice.
"""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402

CASES = 200
DUE = datetime.fromisoformat("2026-09-28T10:00:00+08:00")


def prepare(steps: int) -> None:
    """So many steps of 200 cases, each already reminded of and due at the same second."""
    from cases.domain.defaults import ensure_defaults
    from tests import factories
    from workflows.domain import context
    from workflows.enums import Rung
    from workflows.models import Task

    company = factories.company()
    ensure_defaults()
    with context.at(DUE - timedelta(days=1)):
        waiting = [factories.task_of(factories.log(company)) for _turn in range(min(CASES, steps))]
    fields = [field.attname for field in Task._meta.concrete_fields if not field.primary_key]
    Task.objects.bulk_create(
        [
            Task(**{name: getattr(waiting[turn % len(waiting)], name) for name in fields})
            for turn in range(steps - len(waiting))
        ],
        batch_size=500,
    )
    Task.objects.filter(finished=None).update(due=DUE, rung=Rung.OWNER, next_at=DUE)


def dispatch(at: str) -> None:
    """What one dispatcher does: sweep until nothing is left, as its rounds would."""
    from workflows.domain import context
    from workflows.domain.escalation import escalate_overdue

    with context.at(datetime.fromisoformat(at)):
        fired, quiet = 0, 0
        while quiet < 3:
            found = escalate_overdue()
            fired, quiet = fired + found, 0 if found else quiet + 1
            time.sleep(0 if found else 0.2)
    print(fired)


def together(dispatchers: int, at: datetime, name: str) -> tuple[float, list[int]]:
    """Let so many processes sweep at once; seconds taken and how many rungs each fired."""
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    begun = time.perf_counter()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.escalation", "--dispatch", at.isoformat()],
            env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.PIPE, text=True,
        )
        for _turn in range(dispatchers)
    ]  # fmt: skip
    found = [int(process.communicate()[0].split()[-1]) for process in running]
    return time.perf_counter() - begun, found


def faults(rungs: list[int]) -> list[str]:
    """What does not hold: each of these rungs once for every step, in order."""
    from workflows.domain.invariants import violations
    from workflows.models import Outbox, Task, Transition

    steps = Task.objects.filter(finished=None).count()
    found: dict[Any, list[int]] = {}
    rows = Transition.objects.filter(act__in=["warn", "escalate"]).order_by("pk")
    for task, data in rows.values_list("task", "data"):
        found.setdefault(task, []).append(data["rung"])
    wrong = [f"step {task}: {told}" for task, told in found.items() if told != rungs]
    if len(found) != steps or Outbox.objects.filter(topic="rung").count() != steps * len(rungs):
        wrong.append(f"{len(found)} of {steps} steps told of")
    return wrong + [str(line) for line in violations() if line[0] in (6, 7, 10, 12)]


def main(steps: int, dispatchers: int) -> int:
    prepare(steps)
    name = str(connection.settings_dict["NAME"])
    took, fired = together(dispatchers, DUE + timedelta(seconds=5), name)
    wrong = faults([2])
    print(
        f"{steps} steps due in one second, {dispatchers} dispatchers: {took:.1f} s, fired {fired}"
    )
    took, fired = together(dispatchers, DUE + timedelta(days=30), name)
    wrong += faults([2, 3, 4])
    print(f"asleep for a month, two rungs each: {took:.1f} s, fired {fired}")
    print("each once and in order" if not wrong else "\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    if "--dispatch" in sys.argv:
        dispatch(sys.argv[-1])
        sys.exit()
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        status = main(
            *(int(text) for text in [*sys.argv[1:], *["10000", "3"][len(sys.argv) - 1 :]])
        )
    finally:
        connection.close()
        runner.teardown_databases(databases)
    sys.exit(status)
