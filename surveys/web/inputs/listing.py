"""Lists of inputs: chips, a search, pages by key, and the same list as an Excel file."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.web.own import me
from cases.domain.queries import page as page_of
from cases.models import Category, Customer, Product
from cases.web.list_address import address, filters_of, whole, words
from surveys.domain import periods
from surveys.domain.inputs import lists, readings
from surveys.domain.inputs.lists import NONE, InputFilter
from surveys.enums import InputKind, PressKind, Verdict
from surveys.web.inputs import sheets
from surveys.web.inputs.columns import COLUMNS, TONES, Column
from surveys.web.inputs.frame import frame, kind_of, readers
from workflows.domain.context import now

Mark = tuple[Any, int] | None
HALVES = 3


@readers
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("surveys:inputs", InputKind.PRESS)


def read_filter(request: HttpRequest) -> InputFilter:
    """The filter from the address; what is not known is ignored."""
    given = request.GET
    try:
        period = periods.read(given["period"]) if given.get("period") else None
    except ValidationError:
        period = None
    category = given.get("category", "")
    return InputFilter(
        period=period,
        text=words(given, most=60),
        kind=given.get("kind", "") if given.get("kind") in PressKind.values else "",
        product=whole(given.get("product", "")),
        customer=whole(given.get("customer", "")),
        category=category if category == NONE or whole(category) else "",
        withdrawn=given.get("withdrawn") == "1",
    )


@readers
@require_safe
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest first."""
    chosen = kind_of(kind)
    wanted = read_filter(request)
    page = page_of(
        lists.found(chosen, wanted),
        order=lists.order(chosen),
        after=read_mark(request.GET.get("after", "")),
        before=read_mark(request.GET.get("before", "")),
    )
    know_links(chosen, page.rows, me(request))
    columns = COLUMNS[chosen]
    context = {
        **frame(request, chosen),
        "title": chosen.label,
        "columns": columns[1:],
        "first": columns[0],
        "rows": [line(row, columns) for row in page.rows],
        "chips": chips(request, chosen, wanted),
        "q": wanted.text,
        "filters": {name: text for name, text in filters_of(request.GET).items() if name != "q"},
        "export": f"export/{address(request)}",
        "page": {
            "next_url": address(request, after=mark_text(page.after)) if page.after else "",
            "prev_url": address(request, before=mark_text(page.before)) if page.before else "",
        },
    }
    return render(request, "surveys/inputs_list.html", context)


@readers
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """What the list shows, all pages of it."""
    chosen = kind_of(kind)
    order = lists.order(chosen)
    rows = list(order.sort(lists.found(chosen, read_filter(request)))[: sheets.MOST_ROWS])
    know_links(chosen, rows, me(request))
    return sheets.answer(COLUMNS[chosen], rows, title=str(chosen.label), by=str(request.user))


def know_links(kind: str, rows: list[Any], by: User) -> None:
    """Products, and the cases that the reader may open: three statements for a page."""
    numbers: dict[int, list[str]] = {}
    if kind == InputKind.PRESS:
        cases, products = readings.links(rows)
        numbers = {key: [one.number for one in found] for key, found in cases.items()}
        for row in rows:
            row.named_products = products.get(row.pk, [])
    elif kind == InputKind.RETURNS:
        numbers = {row.pk: [row.case.number] for row in rows if row.case is not None}
    seen = lists.visible((one for found in numbers.values() for one in found), by)
    for row in rows:
        row.named_cases = [one for one in numbers.get(row.pk, ()) if one in seen]


def line(row: Any, columns: tuple[Column, ...]) -> dict[str, Any]:
    """A row of the list: its first column is the link, a verdict stands as a badge."""
    cells = []
    for column in columns[1:]:
        badge = None
        if row.KIND == InputKind.PRESS and column is columns[3]:
            tone, icon = TONES[Verdict(row.verdict)]
            badge = {"tone": tone, "icon": icon}
        cells.append({"column": column, "text": column.text(row), "badge": badge})
    return {"row": row, "first": columns[0].text(row), "cells": cells}


# ---------------------------------------------------------------------------- chips
def chips(request: HttpRequest, kind: InputKind, wanted: InputFilter) -> list[dict[str, Any]]:
    """Periods and, for the press, what it is; whatever else narrows the list, to be taken out."""
    half = periods.half_of(now())
    offered = [half]
    for _turn in range(HALVES - 1):
        offered.append(offered[-1].before)
    if wanted.period is not None and wanted.period not in offered:
        offered.append(wanted.period)
    found = [
        chip(request, one.label, "period", one.code, wanted.period == one) for one in offered
    ]  # fmt: skip
    if kind == InputKind.PRESS:
        found += [
            chip(request, one.label, "kind", one.value, wanted.kind == one) for one in PressKind
        ]
    for name, label in named(wanted):
        found.append(chip(request, label, name, "", True))
    if wanted.text:
        found.append(chip(request, f"“{wanted.text}”", "q", "", True))
    found.append(chip(request, pgettext("input", "Withdrawn"), "withdrawn", "1", wanted.withdrawn))
    return found


def chip(request: HttpRequest, label: Any, name: str, value: str, active: bool) -> dict[str, Any]:
    url = address(request, **{name: "" if active else value})
    return {"label": label, "url": url, "active": active, "count": None}


def named(wanted: InputFilter) -> list[tuple[str, str]]:
    """The rows of other tables that the list is narrowed to, in words."""
    found = []
    if wanted.product:
        product = Product.objects.filter(pk=wanted.product).first()
        found.append(("product", product.label if product else "–"))
    if wanted.customer:
        customer = Customer.objects.filter(pk=wanted.customer).first()
        found.append(("customer", customer.name if customer else "–"))
    if wanted.category == NONE:
        found.append(("category", _("Without a category")))
    elif wanted.category:
        category = Category.objects.filter(pk=int(wanted.category)).first()
        found.append(("category", category.label if category else "–"))
    return found


# ---------------------------------------------------------------------------- pages
def mark_text(mark: Mark) -> str:
    """A mark as it stands in the address: the day and the key."""
    return "" if mark is None else f"{mark[0]:%Y%m%d}-{mark[1]}"


def read_mark(text: str) -> Mark:
    """The mark that `mark_text` wrote; None for anything else."""
    day, _dash, key = text.partition("-")
    if not (whole(key) and len(day) == 8 and day.isascii() and day.isdigit()):
        return None
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])), whole(key)
    except ValueError:
        return None
