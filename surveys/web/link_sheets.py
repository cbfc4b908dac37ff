"""Personal links as a file, for print and mail merge. It can be had this once."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _, gettext_lazy

from surveys.domain.sending import Link
from surveys.models import Campaign

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = [("xlsx", gettext_lazy("Excel")), ("csv", gettext_lazy("CSV"))]
# A cell that begins so is a formula to a spreadsheet.
RISKY = ("=", "+", "-", "@", "\t", "\r")


def answer(campaign: Campaign, links: Sequence[Link], form: str) -> HttpResponse:
    """The download. It is kept by nobody on its way."""
    write, kind = (as_csv, "text/csv; charset=utf-8") if form == "csv" else (as_xlsx, XLSX)
    response = HttpResponse(write(links), content_type=kind)
    name = f"{campaign.number}-links.{'csv' if form == 'csv' else 'xlsx'}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def headings() -> list[str]:
    return [
        _("External id"), _("Name"), _("Customer type"), _("Region"), _("City"), _("E-mail"),
        _("Responsible unit"), _("Link"),
    ]  # fmt: skip


def cells(links: Iterable[Link]) -> Iterable[list[str]]:
    for one, link in links:
        yield [
            one.external_id, one.name, one.get_customer_type_display(), one.region, one.city,
            one.email, str(one.unit or ""), link,
        ]  # fmt: skip


def as_csv(links: Iterable[Link]) -> bytes:
    """With a mark of UTF-8, so that a spreadsheet reads Chinese."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(headings())
    for row in cells(links):
        writer.writerow([f"'{cell}" if cell.startswith(RISKY) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(links: Iterable[Link]) -> bytes:
    """Text is written as text: no cell that somebody typed becomes a formula or a link."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Links")[:31])
    bold = book.add_format({"bold": True})
    for column, width in enumerate([12, 30, 18, 14, 14, 26, 20, 60]):
        sheet.set_column(column, column, width)
    for column, head in enumerate(headings()):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(cells(links), start=1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
