"""Inputs as people log them, by the real commands."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from cases.models import Customer
from surveys.domain.inputs import events, figures
from workflows.domain.context import now


def press(c: SimpleNamespace, **changes: Any) -> Any:
    given = {
        "kind": "media",
        "verdict": "critical",
        "publisher": "消费日报",
        "title": "轴承异响引发关注",
        "published_on": date(2026, 3, 5),
        "url": "https://example.com/a?b=1",
        "summary": "多名用户反映异响。",
    }
    return events.log_press(**{"by": c.marketer, **given, **changes})


def returned(c: SimpleNamespace, **changes: Any) -> Any:
    given = {
        "product": c.product,
        "customer": c.customer,
        "quantity": 3,
        "category": c.category,
        "reason": "运行异响",
        "batch_number": "B-1",
        "returned_on": date(2026, 2, 10),
    }
    return events.log_return(**{"by": c.marketer, **given, **changes})


def quality(c: SimpleNamespace, **changes: Any) -> Any:
    given = {
        "product": c.product,
        "month": date(2026, 1, 1),
        "delivered": 1000,
        "inspected": None,
        "defective": 3,
        "unit": "",
    }
    return figures.log_quality(**{"by": c.engineer, **given, **changes})


def sales(c: SimpleNamespace, **changes: Any) -> Any:
    given = {
        "customer": c.customer,
        "product": None,
        "month": date(2026, 1, 1),
        "quantity": None,
        "amount": Decimal("50000.00"),
    }
    return figures.log_sales(**{"by": c.marketer, **given, **changes})


def customer(c: SimpleNamespace, name: str, **changes: Any) -> Customer:
    given = {"name": name, "created_at": now(), "created_by": c.agent}
    return Customer.objects.create(**{**given, **changes})
