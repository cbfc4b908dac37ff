"""One transition against the floor: our door and a raw SQL transaction, interleaved in one run.

    DATABASE_URL=postgres://… python -m benchmarks.transition [rounds]

Uses a database of its own with the tests' small company (SPEED.md, goal G5: ≤ 4 × raw). Prints
medians in milliseconds and the ratio; nothing is asserted, this machine's clock is noisy.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402

RAW = (
    "SELECT id FROM cases_case WHERE id = %(case)s{lock}",
    "UPDATE cases_case SET version = version + 1 WHERE id = %(case)s",
    "INSERT INTO cases_historicalcase SELECT * FROM cases_historicalcase WHERE false",
    "UPDATE workflows_task SET status = 'DONE' WHERE id = %(task)s",
    "INSERT INTO workflows_series (prefix, year, last) VALUES ('raw', %(turn)s, 1)",
    "INSERT INTO workflows_lease (name, holder, until) VALUES (%(name)s, 'raw', %(now)s)",
    "INSERT INTO workflows_outbox (topic, key, payload, created, due, attempts, error)"
    " VALUES ('raw', %(name)s, '{{}}', %(now)s, %(now)s, 0, '')",
)


def raw_transaction(case: int, task: int, turn: int) -> None:
    """Lock, update, three inserts and an outbox row: what a transition cannot do without."""
    from django.utils import timezone

    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    given = {"case": case, "task": task, "turn": turn, "name": f"raw{turn}", "now": timezone.now()}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in RAW:
            cursor.execute(statement.format(lock=lock), given)


def timed(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return (time.perf_counter() - begun) * 1000


def main(rounds: int) -> None:
    from cases.enums import CaseState
    from tests import factories
    from workflows.domain.transitions import perform

    company = factories.company()
    ours, raw = [], []
    for turn in range(rounds):
        case = factories.bring(company, CaseState.REVIEW)
        task = factories.task_of(case)
        ours.append(timed(partial(perform, task, "accept_remedy", by=company.engineer)))
        raw.append(timed(partial(raw_transaction, case.pk, task.pk, turn + 1)))
    door, floor = statistics.median(ours), statistics.median(raw)
    print(f"{connection.vendor}: door {door:.1f} ms, raw {floor:.1f} ms, ratio {door / floor:.1f}")


if __name__ == "__main__":
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    finally:
        runner.teardown_databases(databases)
