"""Two people who keep catalogues and policies at the same instant, on PostgreSQL."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from cases.domain import catalogues, policies
from cases.models import CasePolicy, Category, Product
from tests import factories
from workflows.errors import EngineError, Stale

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def company(transactional_db):
    return factories.company()


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at the same instant, each on its own connection; results or refusals."""
    results: list[object] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(position: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            results[position] = jobs[position]()
        except (EngineError, ValidationError) as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_one_code_is_given_out_once(company):
    for turn in range(10):
        given = {"model": Category, "code": f"new{turn}", "name": "新"}
        makers = (company.manager, company.admin, company.manager)
        results = at_once(*(partial(catalogues.add_entry, by=by, **given) for by in makers))
        refused = [each for each in results if isinstance(each, ValidationError)]
        assert len(refused) == 2 and all(set(one.message_dict) == {"code"} for one in refused)
        assert Category.objects.filter(code=given["code"]).count() == 1


def test_two_products_moved_below_each_other_close_no_ring(company):
    def add(code):
        return catalogues.add_entry(by=company.manager, model=Product, code=code, name=code)

    def move(by, product, parent):
        entry, above = (Product.objects.get(pk=each.pk) for each in (product, parent))
        catalogues.change_entry(by=by, entry=entry, parent=above)

    for turn in range(10):
        pair = add(f"A{turn}"), add(f"B{turn}")
        results = at_once(
            partial(move, company.manager, *pair), partial(move, company.admin, *reversed(pair))
        )
        assert sum(isinstance(each, ValidationError) for each in results) == 1
        for product in Product.objects.filter(pk__in=[each.pk for each in pair]):
            above = product.parent.path if product.parent else "/"
            assert product.path == f"{above}{product.pk}/"


def test_of_two_versions_made_from_one_page_the_second_is_told(company):
    figures = {"reason": "x", "reopen_days": 1, "backdate_days": 1}
    for _turn in range(10):
        seen = CasePolicy.objects.order_by("-made_at", "-pk").first().pk
        given = {"holds_from": timezone.localdate(), "seen": seen, **figures}
        makers = (company.manager, company.admin)
        results = at_once(*(partial(policies.new_case_policy, by=by, **given) for by in makers))
        assert sum(isinstance(each, Stale) for each in results) == 1
    assert CasePolicy.objects.count() == 11
