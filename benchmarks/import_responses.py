"""Importing answers: how long 100,000 forms of 12 sub-items take.

    [DATABASE_URL=postgres://…] python -m benchmarks.import_responses [rows]

Uses a database of its own. `manage.py import_responses` is called as a person calls it, on a CSV
file with a frame of as many invitees; nothing is asserted. The goal is 100,000 rows in 60 s on two
cores on SQLite.

Measured on two cores shared with other work, SQLite, 100,000 rows × 12 with a frame of 100,000:
dry run 14 s, import 28 s, the same file again 20 s.
"""

import csv
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402

SUBITEMS = 12
FIXED = ("external_id", "received_at", "customer", "customer_type", "product", "region", "city",
         "channel", "interviewer", "seconds")  # fmt: skip
CITIES = [("华东", "上海"), ("华东", "苏州"), ("华南", "广州"), ("华北", "天津"), ("西南", "成都")]
LABELS = ["5", "4", "很满意", "较满意", "满意", "5", "4", "3", "2", "N/A", ""]


def document() -> dict[str, object]:
    """Three items of four sub-items each."""
    subitems = [{"key": f"q{n}", "name": f"问题 {n}"} for n in range(1, SUBITEMS + 1)]
    items = [
        {"key": f"item{n}", "name": f"项目 {n}", "subitems": subitems[n * 4 : n * 4 + 4]}
        for n in range(3)
    ]
    return {"items": items}


def write(path: Path, rows: int, moment: str) -> None:
    luck = random.Random(3)
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow([*FIXED, *(f"q{n}" for n in range(1, SUBITEMS + 1))])
        for number in range(rows):
            region, city = luck.choice(CITIES)
            answers = luck.choices(LABELS, k=SUBITEMS)
            out.writerow(
                [f"A{number:06}", moment, f"顾客 {number % 5000}", "终端客户", "BX-200", region,
                 city, "电话", f"访员 {number % 80}", luck.randint(40, 600), *answers]
            )  # fmt: skip


def main(rows: int) -> None:
    from surveys.models import Invitee, Response
    from tests import factories
    from tests.surveys import factories as ours

    company = factories.company()
    asked = ours.questionnaire(company, document=document())
    campaign = ours.campaign(company, questionnaire=asked)
    moment = campaign.launched_at.strftime("%Y-%m-%d %H:%M:%S+00:00")
    Invitee.objects.bulk_create(
        Invitee(campaign=campaign, external_id=f"A{n:06}", name="顾客", customer_type="end")
        for n in range(rows)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write(path, rows, moment)
        for what, options in (("dry run", ["--dry-run"]), ("import", []), ("again", [])):
            begun = time.perf_counter()
            call_command("import_responses", path, "--campaign", campaign.number, *options)
            took = time.perf_counter() - begun
            print(f"{connection.vendor}: {what} {rows} rows: {took:.1f} s, {rows / took:.0f}/s")
    print(f"{Response.objects.count()} responses")


if __name__ == "__main__":
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    finally:
        runner.teardown_databases(databases)
