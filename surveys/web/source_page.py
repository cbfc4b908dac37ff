"""One source of a period: items and sub-items against the period before, breakdowns, levels."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cases.enums import CustomerType
from surveys.domain import index
from surveys.domain.index import Result
from surveys.domain.periods import Period
from surveys.domain.reports.compare import change
from surveys.enums import LEVELS
from surveys.web.index_page import (
    answers_url,
    guard,
    period_of,
    signed_figure,
    stored,
)
from surveys.web.tabs import tabs
from surveys.web.words import label_of
from workflows.errors import NotFound


def result_of(period: Period) -> Result:
    try:
        return index.current(period).result
    except NotFound as error:
        raise Http404 from error


def source_in(result: Result | None, key: str) -> Result | None:
    sources = result["sources"] if result else []
    return next((one for one in sources if one["key"] == key), None)


def page(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A source down to its answers."""
    guard(request)
    period = period_of(code)
    result = result_of(period)
    source = source_in(result, key)
    if source is None:
        raise Http404
    before = source_in(stored(period.before), key)
    context = {
        "tabs": tabs(request),
        "period": period,
        "before": period.before,
        "source": source,
        "label": label_of(source),
        "minimum": result["minimum_n"],
        "threshold": result["threshold"],
        "items": item_rows(period, source, before),
        "breakdowns": breakdowns(period, source),
        "answers_url": answers_url(period, source=key),
    }
    return render(request, "surveys/source.html", context)


def item_rows(period: Period, source: Result, before: Result | None) -> list[dict[str, Any]]:
    """Items and sub-items as lines of one table."""
    earlier = lines_of(before)
    rows = []
    for item in source["items"]:
        rows.append(row(item, earlier, is_item=True))
        for sub in item["subitems"]:
            line = row(sub, earlier, is_item=False)
            line["levels"] = levels(period, source["key"], sub)
            line["url"] = answers_url(period, source=source["key"], sub=sub["key"])
            rows.append(line)
    return rows


def lines_of(source: Result | None) -> dict[str, Result]:
    """Items and sub-items by key; hidden ones are not compared with."""
    items = source["items"] if source else []
    lines = [line for item in items for line in (item, *item["subitems"])]
    return {line["key"]: line for line in lines if line["score"]}


def row(line: Result, earlier: dict[str, Result], *, is_item: bool) -> dict[str, Any]:
    before = earlier.get(line["key"])
    old = before["score"] if before else None
    return {
        "line": line,
        "label": label_of(line),
        "is_item": is_item,
        "old": old,
        "change": signed_figure(line["score"], old) if line["score"] and old else "",
        # A difference inside the interval may be chance.
        "certain": change(line, before).is_certain,
    }


def levels(period: Period, source: str, sub: Result) -> list[dict[str, Any]]:
    """How often each level was chosen, each count with its answers."""
    total = sum(sub["counts"][level] for level in LEVELS)
    at, found = Decimal(0), []
    for level in LEVELS:
        count = sub["counts"][level]
        width = Decimal(count * 100) / total if total else Decimal(0)
        found.append(
            {
                "level": level,
                "count": count,
                "x": f"{at:.3f}",
                "width": f"{width:.3f}",
                "url": answers_url(period, source=source, sub=sub["key"], level=level),
            }
        )
        at += width
    return found


def breakdowns(period: Period, source: Result) -> list[dict[str, Any]]:
    """The source cut by region, product, customer type and campaign."""
    titles = {
        "region": _("By region"),
        "product": _("By product"),
        "customer_type": _("By customer type"),
        "campaign": _("By campaign"),
    }
    types = dict(CustomerType.choices)
    return [
        {
            "title": title,
            "rows": [
                {
                    "part": part,
                    "label": types.get(part["key"]) or label_of(part) or _("Not stated"),
                    "url": answers_url(period, source=source["key"], **{name: part["key"]}),
                }
                for part in source["by"][name]
            ],
        }
        for name, title in titles.items()
        if len(source["by"][name]) > 1 or name == "region"
    ]
