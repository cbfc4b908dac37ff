"""How long the documents of a period of 100,000 forms take, in both languages.

    DATABASE_URL=postgres://… python -m benchmarks.documents [forms]

Uses a database of its own, filled as benchmarks/index.py fills it. Goal: each document in 10 s
(issue 6), the figures computed from the raw rows included. What was measured stands in
benchmarks/RESULTS.md.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402
from django.utils.translation import override  # noqa: E402


def timed(name: str, job: Callable[[], Any]) -> Any:
    begun, worked = time.perf_counter(), time.process_time()
    made = job()
    took, cpu = time.perf_counter() - begun, time.process_time() - worked
    size = f"{len(made) / 1024:8.0f} KB" if isinstance(made, bytes) else ""
    print(f"{name:32} {took:7.2f} s  ({cpu:.2f} s of one core)  {size}", flush=True)
    return made


def whole_report(period: Any) -> Any:
    from surveys.domain.reports import build
    from surveys.domain.reports.content import Report, Words
    from workflows.domain.context import now

    sections = timed("sections from the rows", lambda: build.sections(period))
    name = Words(period.code, period.code)
    return Report(
        "FX-1", 1, period.code, name, name, Words("公司", "Company"), "甲",
        now().isoformat(timespec="seconds"), 1, sections, sealed="0" * 64,
    )  # fmt: skip


def main(forms: int, folder: Path | None) -> None:
    from decimal import Decimal

    from benchmarks.index import fill
    from cases.documents.printed import printed
    from cases.documents.workbook import workbook
    from surveys.documents import assessment as sheet, ranking as paper
    from surveys.domain import index, ranking
    from surveys.domain.assessment import points, policy, reading
    from surveys.domain.periods import Period
    from surveys.domain.reports import files
    from surveys.models import Response

    begun = time.perf_counter()
    period = fill(forms)
    print(f"{connection.vendor}: {Response.objects.count():,} forms, filled in"
          f" {time.perf_counter() - begun:.0f} s")  # fmt: skip
    whole = whole_report(period)
    figures = sum(len(row.cells) for table in whole.tables() for row in table.rows)
    print(f"{figures:,} cells in {len(list(whole.tables()))} tables")
    for language in ("zh-hans", "en"):
        for one in files.RENDERERS.values():
            with override(language):
                made = timed(f"report, {one.name}, {language}", lambda one=one: one.make(whole))
            if folder:
                (folder / f"report-{language}.{one.extension}").write_bytes(made)
    common = {"company": "公司", "printed": "", "author": "甲"}
    boards = [("合计", ranking.together(index.current(period).result))]
    ranks = paper.document(period, boards, threshold="80", minimum=5, **common)
    year = Period(period.year)

    def assessed() -> Any:
        return points.assess(reading.gather(year), policy.judging(year), threshold=Decimal(80))

    units = timed("yearly assessment, read", assessed)
    made = sheet.document(year, units, policy=policy.judging(year), threshold=Decimal(80), **common)
    for name, document in (("ranking", ranks), ("yearly assessment", made)):
        timed(f"{name}, pdf", lambda document=document: printed(document))
        timed(f"{name}, excel", lambda document=document: workbook(document))
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, kept)
    finally:
        runner.teardown_databases(databases)
