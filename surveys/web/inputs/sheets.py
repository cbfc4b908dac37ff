"""Lists of inputs as Excel files: no cell that somebody typed becomes a formula."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from cases.web.sheets import XLSX
from surveys.web.inputs.columns import Column

MOST_ROWS = 50_000
MOST_TEXT = 32_000
WIDTHS = {"wide": 36, "num": 14, "fit": 16, "": 24}


def answer(columns: Sequence[Column], rows: Iterable[Any], *, title: str, by: str) -> HttpResponse:
    buffer = BytesIO()
    write(buffer, columns, rows, title=title, by=by)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    name = f"redress-{timezone.localdate():%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write(
    buffer: BytesIO, columns: Sequence[Column], rows: Iterable[Any], *, title: str, by: str
) -> None:
    """Numbers are numbers and days are days; everything else is text."""
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31])
    bold = book.add_format({"bold": True})
    formats = {
        False: book.add_format({"num_format": "yyyy-mm-dd"}),
        True: book.add_format({"num_format": "yyyy-mm"}),
    }
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[column.css])
        sheet.write_string(0, place, str(capfirst(column.label)), bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            match column.value(row):
                case None | "":
                    continue
                case date() as day:
                    sheet.write_datetime(last, place, day, formats[column.month])
                case int() | Decimal() as figure:
                    sheet.write_number(last, place, figure)
                case text:
                    sheet.write_string(last, place, str(text)[:MOST_TEXT])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    book.set_properties({"author": by, "title": "Redress"})
    book.close()
