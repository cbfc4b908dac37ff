"""Inputs as people log them, by the real commands."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.management import CommandError, call_command

from cases.models import Customer
from surveys.domain.inputs import events, figures
from tests.cases.importing import sheet
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


# ---------------------------------------------------------------------------- files
HEADINGS: dict[str, list[str]] = {
    "press": ["编号", "类别", "媒体", "标题", "发布日期", "结论", "产品", "案件"],
    "returns": ["退货单号", "产品", "客户", "数量", "问题类别", "退货原因", "批号", "退货日期"],
    "quality": ["产品", "月份", "交付数", "检验数", "不合格数", "单位"],
    "sales": ["客户", "产品", "月份", "数量", "金额"],
}
ROWS: dict[str, list[Any]] = {
    "press": ["T-1", "通报", "市场监督管理局", "抽查通报", "2026-03-05", "不合格", "BX-200", ""],
    "returns": ["R-1", "BX-200", "华东机电有限公司", 3, "异响", "运行异响", "B-1", "2026-02-10"],
    "quality": ["BX-200", "2026-01", 1000, "", 3, "件"],
    "sales": ["华东机电有限公司", "", "2026年1月", "", "50,000.00"],
}


def row(kind: str, **changes: Any) -> list[Any]:
    """A row of a file; changes by heading."""
    return [*{**dict(zip(HEADINGS[kind], ROWS[kind], strict=True)), **changes}.values()]


def write(path: Path, kind: str, *rows: list[Any], **given: Any) -> Path:
    return sheet(path / f"{kind}.csv", [HEADINGS[kind], *(rows or [row(kind)])], **given)


def run(path: Path, kind: str, *options: Any) -> SimpleNamespace:
    """Call the command; what it said and how it ended."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import_inputs", kind, str(path), *map(str, options), stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
        code = error.returncode
    except SystemExit as error:
        code = int(error.code or 0)
    said = out.getvalue()
    return SimpleNamespace(code=code, out=said, err=err.getvalue(), last=said.splitlines()[-1:])
