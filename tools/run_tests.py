"""Runs the tests on SQLite and, where one answers, a second time on PostgreSQL; chaos by itself.

What a machine lacks is left out and said; with CI=true everything must be there. Arguments go
to both runs: `make test ARGS="-k close -x"`.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import services

NO_TEST_MATCHED = 5
# How many walks and races there are, and how long the chaos; more than usual to look longer.
HOW_MUCH = (
    "REDRESS_WALKS",
    "REDRESS_RACE_ROUNDS",
    "REDRESS_CHAOS_TRANSITIONS",
    "REDRESS_CHAOS_CUT_SECONDS",
)
LIMIT_SECONDS = 30 * 60


def environment(database: str, data: str) -> dict[str, str]:
    """This process's environment without settings of an installation, for one run."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REDRESS_", "CELERY_"))
        or name.startswith("REDRESS_TEST_")
        or name in HOW_MUCH
    }
    return kept | {
        "DATABASE_URL": database,
        "REDRESS_DATA_DIR": data,
        "REDRESS_TEST_CHROMIUM": services.chromium(),
        "REDRESS_TEST_POSTGRES": services.POSTGRES,
        "REDRESS_TEST_REDIS": services.REDIS,
        "REDRESS_TEST_RABBITMQ": services.RABBITMQ,
    }


def run(
    name: str, database: str, data: str, marks: list[str], arguments: list[str], workers: str = ""
) -> bool:
    """One run of pytest over what has these marks; whether it passed."""
    workers = workers or os.environ.get("REDRESS_TEST_WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "worksteal"]
    command += ["--durations=5", "-m", " and ".join(marks), *arguments]
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    env = environment(database, data)
    code = subprocess.run(command, env=env, check=False, timeout=LIMIT_SECONDS).returncode
    print(f"== {name}: {time.monotonic() - begun:.0f} s", flush=True)
    may_be_none = bool(arguments) or os.environ.get("CI") != "true"
    return code == 0 or (code == NO_TEST_MATCHED and may_be_none)


def main(arguments: list[str]) -> int:
    found = services.found()
    missing = [name for name, answers in found.items() if not answers]
    if missing and os.environ.get("CI") == "true":
        print(f"CI needs these and does not find them: {', '.join(missing)}")
        return 1
    for name in missing:
        print(f"Not found: {name}; its tests are left out")
    absent = [name for name in missing if name != "postgres"]
    # Memory is faster than a disk, and SQLite's promises to the disk are not what is tested.
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (a device, no file)
    with tempfile.TemporaryDirectory(dir=memory, prefix="redress-") as data:
        sqlite = f"sqlite:///{data}/tests.sqlite3"
        lacking = [f"not {mark}" for mark in absent]
        passed = run("SQLite", sqlite, data, ["not postgres_only", *lacking], arguments)
        if found["postgres"]:
            # A name of its own, so that two runs on one server do not remove each other's tables.
            postgres = f"{services.POSTGRES.rpartition('/')[0]}/redress_{os.getpid()}"
            other = ["not sqlite_only", "not browser", *lacking]
            passed = run("PostgreSQL", postgres, data, ["not chaos", *other], arguments) and passed
            # Processes that are killed and brokers that go away are timed: nothing runs beside.
            passed = run("Chaos", postgres, data, ["chaos", *lacking], arguments, "0") and passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
