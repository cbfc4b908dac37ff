"""The satisfaction index of 1,000,000 forms × 12 sub-items, from raw rows and as shown.

    DATABASE_URL=postgres://… python -m benchmarks.index [forms]

Uses a database of its own: three sources of two campaigns each, 30 regions, 50 products, four
customer types, a frame of 1.2 invitees a form, 2 % of the forms taken out. Each time is printed
beside a plain `SELECT count(*)` over the same answers and a read of all of them (this machine's
clock is noisy, ratios are not). Goals: computed in 10 s, shown in 0.2 s (issue 3). What was
measured stands in benchmarks/RESULTS.md.
"""

import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test.utils import get_runner, setup_test_environment  # noqa: E402

SUBITEMS, ITEMS, SIGNS = 12, 4, "555555444433321- "
SOURCES = ("sales_survey", "sales_visit", "qc_survey")
TYPES = ("direct", "end", "potential", "internal")


def document() -> dict[str, Any]:
    """Four items of three sub-items each."""
    per = SUBITEMS // ITEMS
    return {
        "items": [
            {
                "key": f"item{n}", "name": f"项目 {n}", "weight": str(10 + n),
                "subitems": [
                    {"key": f"q{n}_{m}", "name": f"问题 {m}", "weight": str(1 + m)}
                    for m in range(per)
                ],
            }
            for n in range(ITEMS)
        ]
    }  # fmt: skip


def insert(model: type[models.Model], given: dict[str, str], rows: int) -> None:
    """`rows` rows with an SQL expression for each column; g numbers them from 1."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        empty = "NULL" if field.null else "'{}'" if isinstance(field, models.JSONField) else "''"
        if isinstance(field, models.IntegerField):
            empty = "0" if not field.null else "NULL"
        columns.append(field.column)
        values.append(given.get(field.column, empty))
    table = model._meta.db_table
    series = f"WITH RECURSIVE n(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM n WHERE g < {rows})"
    source = "n"
    if connection.vendor == "postgresql":
        series, source = "", f"generate_series(1, {rows}::bigint) AS g"
    run(
        f"INSERT INTO {table} ({', '.join(columns)}) {series}"
        f" SELECT {', '.join(values)} FROM {source}"
    )


def fill(forms: int) -> Any:
    """A period with as many forms; returns it."""
    from surveys.domain import policies
    from surveys.models import Invitee, Response
    from tests import factories
    from tests.surveys import factories as survey_factories, indexing
    from workflows.domain.context import now

    company = factories.company()
    policies.ensure_policy()
    asked = survey_factories.questionnaire(company, document=document())
    products = [add_product(number) for number in range(50)]
    moment, rng = now(), random.Random(7)
    taken = None
    for turn, source in enumerate(SOURCES * 2):
        here = survey_factories.campaign(
            company, source=source, period=indexing.PERIOD.code, questionnaire=asked,
            starts_at=moment - timedelta(days=1), ends_at=moment + timedelta(days=1),
        )  # fmt: skip
        described = {
            "campaign_id": str(here.pk),
            "customer_type": one_of(TYPES, 7),
            "region": one_of([f"片区 {number}" for number in range(30)], 11),
            "product_id": f"{products[0]} + (g / 3) % {len(products)}",
        }
        number = forms // len(SOURCES) // 2
        insert(
            Invitee,
            {**described, "external_id": "'i' || g", "name": "'x'", "sent_at": f"'{moment}'",
             "reminders": "0", "token_hash": "NULL"},
            number * 6 // 5,
        )  # fmt: skip
        chars = " || ".join(one_sign(rng) for _turn in range(SUBITEMS))
        taken = taken or indexing.invalidate(company, here, "none")
        insert(
            Response,
            {**described, "questionnaire_id": str(asked.pk), "external_id": f"'r{turn}-' || g",
             "received_at": f"'{moment}'", "entered_at": f"'{moment}'", "channel": "'import'",
             "levels": chars,
             "invalidated_by_id": f"CASE WHEN g % 50 = 0 THEN {taken.pk} END"},
            number,
        )  # fmt: skip
    run("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return indexing.PERIOD


def add_product(number: int) -> int:
    from cases.models import Product

    return Product.objects.create(code=f"P{number}", name=f"产品 {number}", path=f"/{number}/").pk


def one_of(words: Any, step: int) -> str:
    """An SQL expression that goes round the words."""
    cases = " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(words))
    return f"CASE (g / {step}) % {len(words)} {cases} END"


def one_sign(rng: random.Random) -> str:
    """An SQL expression for an answer that looks drawn by lot, and is the same at every run."""
    lot = (
        f"(g * {rng.randrange(1001, 9999)} + {rng.randrange(997)}) % 99991 * {rng.randrange(3, 99)}"
    )
    return f"substr('{SIGNS}', CAST(1 + {lot} % {len(SIGNS)} AS integer), 1)"


def timed(job: Callable[[], object], times: int) -> float:
    """The median in seconds."""
    found = []
    for _turn in range(times):
        begun = time.perf_counter()
        job()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main(forms: int) -> None:
    from surveys.domain import evidence, index, policies, policy as rules_of
    from surveys.models import Response

    begun = time.perf_counter()
    period = fill(forms)
    print(f"{connection.vendor}: {Response.objects.count():,} forms × {SUBITEMS}, filled in"
          f" {time.perf_counter() - begun:.0f} s")  # fmt: skip
    rules = rules_of.read(policies.in_force(period).document)
    keys = [source.key for source in rules.sources]
    plain = timed(lambda: run("SELECT count(*) FROM surveys_response"), 5)
    read = timed(lambda: evidence.gather(period, keys), 3)
    whole = timed(lambda: index.compute(period, rules), 3)
    index.current(period)
    shown = timed(lambda: index.current(period), 9)
    print(f"SELECT count(*)        {plain * 1000:9.1f} ms")
    for name, took in (("read as long strings", read), ("computed", whole), ("shown", shown)):
        print(f"{name:22} {took * 1000:9.1f} ms   {took / plain:6.1f} × count(*)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {peak:.0f} MB")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        if cursor.description:
            cursor.fetchall()


if __name__ == "__main__":
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    finally:
        runner.teardown_databases(databases)
