"""Department statistics: cases credited by shares of responsibility, on a page and as Excel."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.web.access import only
from cases.domain import responsibility
from cases.domain.responsibility import NOBODY, Line, Table
from cases.enums import Severity
from cases.web.sheets import XLSX
from workflows.domain.context import now

readers = only(responsibility.may_see)
LABELS = {
    "half": _("This half-year"),
    "last": _("Last half-year"),
    "year": _("This year"),
}


@dataclass(frozen=True)
class Span:
    """Days of a period, both included."""

    first: date
    last: date

    @property
    def moments(self) -> dict[str, datetime]:
        """From its first minute to before the first one after it, by the company's clock."""
        return {"since": midnight(self.first), "until": midnight(self.last + timedelta(days=1))}

    @property
    def query(self) -> dict[str, str]:
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def half_year(day: date) -> Span:
    """The half-year that a day lies in."""
    if day.month <= 6:
        return Span(date(day.year, 1, 1), date(day.year, 6, 30))
    return Span(date(day.year, 7, 1), date(day.year, 12, 31))


def spans() -> dict[str, Span]:
    """The periods on offer."""
    today = timezone.localdate(now(), timezone.get_default_timezone())
    this = half_year(today)
    return {
        "half": this,
        "last": half_year(this.first - timedelta(days=1)),
        "year": Span(date(today.year, 1, 1), date(today.year, 12, 31)),
    }


def asked(request: HttpRequest) -> tuple[str, Span]:
    """The period from the address, and its name where it has one; without one, this half-year."""
    known = spans()
    name = request.GET.get("period", "")
    if name in known:
        return name, known[name]
    first, last = day(request.GET.get("from", "")), day(request.GET.get("to", ""))
    if first is None or last is None or first > last:
        return "half", known["half"]
    return next((one for one, span in known.items() if span == Span(first, last)), ""), Span(
        first, last
    )


def day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found is not None and 1900 < found.year < 2200 else None


def chips(active: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?period={name}", "active": name == active, "count": None}
        for name, label in LABELS.items()
    ]


def shown(line: Line, span: Span, most: Decimal) -> dict[str, Any]:
    """A line with its bar and the lists behind its numbers."""
    share = str(line.department.pk) if line.department else NOBODY
    url = f"{reverse('cases:list')}?{urlencode({'share': share, **span.query})}"
    return {
        "line": line,
        "name": line.department.label if line.department else gettext("No department yet"),
        "url": url,
        "general_url": f"{url}&severity={Severity.GENERAL}",
        "major_url": f"{url}&severity={Severity.MAJOR}",
        "general_width": width(line.general, most),
        "major_width": width(line.major, most),
    }


def width(part: Decimal, most: Decimal) -> Decimal:
    """Of a hundred, for the bar."""
    return (part * 100 / most).quantize(Decimal("0.01")) if most else Decimal(0)


@readers
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    name, span = asked(request)
    table = responsibility.by_shares(user, **span.moments)
    most = max((line.total for line in table.lines), default=Decimal(0))
    query = urlencode(span.query)
    context = {
        "rows": [shown(line, span, most) for line in table.lines],
        "table": table,
        "span": span,
        "chips": chips(name),
        "cases_url": f"{reverse('cases:list')}?{query}",
        "export_url": f"{reverse('cases:responsibility_export')}?{query}",
    }
    return render(request, "cases/responsibility.html", context)


@readers
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same figures as an Excel file."""
    user: Any = request.user
    _name, span = asked(request)
    buffer = BytesIO()
    write(buffer, responsibility.by_shares(user, **span.moments), span, by=str(user))
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    name = f"responsibility-{span.first:%Y%m%d}-{span.last:%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write(buffer: BytesIO, table: Table, span: Span, *, by: str) -> None:
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(gettext("By department")[:31])
    bold, part = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    sum_format = book.add_format({"bold": True, "num_format": "0.00"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 4, 14)
    period = f"{span.first:%Y-%m-%d} – {span.last:%Y-%m-%d}"
    sheet.write_string(
        0, 0, gettext("Cases by shares of responsibility, received %s") % period, bold
    )
    heads = (
        gettext("Department"), gettext("Cases by shares"), gettext("General"), gettext("Major"),
        gettext("Cases touched"),
    )  # fmt: skip
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, bold)
    row = 3
    for row, line in enumerate(table.lines, start=3):
        name = line.department.label if line.department else gettext("No department yet")
        sheet.write_string(row, 0, name)
        for column, value in enumerate((line.total, line.general, line.major), start=1):
            sheet.write_number(row, column, value, part)
        sheet.write_number(row, 4, line.touched)
    sheet.write_string(row + 1, 0, gettext("Together"), bold)
    for column, value in enumerate((table.total, table.general, table.major), start=1):
        sheet.write_number(row + 1, column, value, sum_format)
    sheet.freeze_panes(3, 1)
    book.set_properties({"author": by, "title": "Redress"})
    book.close()
