"""The list of cases as an Excel file."""

from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.domain import queries
from cases.models import Case
from cases.web.list_address import read_filter

MOST_ROWS = 50_000
WIDTHS = (16, 10, 8, 20, 18, 14, 30, 50, 24, 20, 14, 14, 10, 18, 17, 17, 10)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(request: HttpRequest) -> HttpResponse:
    """The filtered list, visible rows only."""
    user: Any = request.user
    found = queries.cases(user, read_filter(request)).select_related(
        "customer", "product", "department", "channel", "category", "logged_by"
    )
    buffer = BytesIO()
    write_sheet(buffer, found[:MOST_ROWS].iterator(chunk_size=1000), by=str(user))
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    day = f"{timezone.localdate():%Y%m%d}"
    response.headers["Content-Disposition"] = f'attachment; filename="cases-{day}.xlsx"'
    return response


def columns(case: Case) -> list[Any]:
    """One row: texts as they are, moments as moments of the company's clock."""
    return [
        case.number,
        case.get_kind_display(),
        case.get_severity_display(),
        case.get_harm_display(),
        case.get_extent_display(),
        case.get_state_display(),
        case.title,
        case.description,
        case.customer.name,
        case.product.label if case.product else "",
        case.batch,
        case.category.label if case.category else "",
        case.channel.label,
        case.department.label if case.department else "",
        timezone.localtime(case.received_at).replace(tzinfo=None),
        timezone.localtime(case.closed_at).replace(tzinfo=None) if case.closed_at else "",
        case.logged_by.name,
    ]


def headings() -> list[str]:
    names = (
        "number", "kind", "severity", "harm", "extent", "state", "title", "description",
        "customer", "product", "batch", "category", "channel", "department", "received_at",
        "closed_at", "logged_by",
    )  # fmt: skip
    return [str(Case._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


def write_sheet(buffer: BytesIO, rows: Any, *, by: str) -> None:
    """Text is written as text: no cell that somebody typed becomes a formula."""
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("Cases")[:31])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    heads = headings()
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    last = 0
    for last, case in enumerate(rows, start=1):
        for column, value in enumerate(columns(case)):
            if isinstance(value, str):
                sheet.write_string(last, column, value[:32000])
            else:
                sheet.write_datetime(last, column, value, day)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)
    book.set_properties({"author": by, "title": "Redress"})
    book.close()
