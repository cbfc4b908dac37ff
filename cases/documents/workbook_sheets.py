"""Sheets of a workbook: names Excel takes, looks, cells that stay what they are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.documents.blocks import Cell, Figure, Linked, Table, as_text

# Above the data: name with the way back, note, headings.
HEADS = 3
LONGEST, MOST_NAME, WIDEST, TALLEST = 32_767, 31, 60, 400
_REFUSED = re.compile(r"[\[\]:*?/\\]")
ACCENT, SHADE, RULE, GREY = "#17457A", "#F2F5F9", "#A5A5A5", "#696969"
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 18, "font_color": ACCENT, "valign": "vcenter"},
    "bold": {"bold": True, "font_size": 11, "font_color": ACCENT},
    "grey": {"font_color": GREY, "font_size": 9},
    "note": {"font_color": GREY, "font_size": 9},
    "name": {"bg_color": SHADE, "font_color": GREY, "border": 1, "border_color": RULE},
    "head": {
        "bg_color": SHADE, "bold": True, "border": 1, "border_color": RULE, "text_wrap": True,
        "valign": "vcenter",
    },
    "text": {"border": 1, "border_color": RULE, "text_wrap": True, "valign": "top"},
    "cell": {"border": 1, "border_color": RULE, "valign": "top"},
    "link": {"font_color": ACCENT, "underline": 1},
}  # fmt: skip


@dataclass
class Book:
    """A workbook being written: its formats, each made once, and the sheets cells lead to."""

    book: Any
    company: str
    title: str
    foot: str
    cover: str
    lists: dict[str, str]
    formats: dict[str, Any] = field(default_factory=dict)

    def look(self, name: str, **more: Any) -> Any:
        key = f"{name} {sorted(more.items())}"
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**LOOKS[name], **more})
        return self.formats[key]

    def sheet(self, name: str, *, frozen: int) -> Any:
        """A sheet that prints as our paper does: A4, as wide as the page, numbered."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        left, right = quoted(self.company), quoted(self.title)
        sheet.set_header(f"&L&8 {left}&R&8 {right}")
        sheet.set_footer(f"&L&8 {quoted(self.foot)}&R&8 &P / &N")
        if frozen:
            sheet.freeze_panes(frozen, 1)
            sheet.repeat_rows(frozen - 1)
        return sheet

    def target(self, to: str) -> str:
        """What a cell leads to: a sheet of this book, a page of the system, or nothing."""
        key, _hash, row = to.partition("#")
        if key in self.lists:
            return address(self.lists[key], HEADS + int(row) if row else 1)
        return to if to.startswith(("https://", "http://")) else ""


def quoted(text: str) -> str:
    """For a header: & begins a command there, which a digit would go on; Excel takes 255
    characters in all."""
    return text.replace("&", "&&").replace("\n", " ")[:80]


def address(name: str, row: int = 1) -> str:
    return "internal:'" + name.replace("'", "''") + f"'!A{row}"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Names that Excel takes: at most 31 characters, some refused, each once whatever its case."""
    found: list[str] = []
    taken = {"history"}
    for text in wanted:
        base = " ".join(_REFUSED.sub(" ", text).split()).strip("'") or _("Table")
        name, number = base[:MOST_NAME].strip(), 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = base[: MOST_NAME - len(end)].strip() + end
        taken.add(name.casefold())
        found.append(name)
    return found


# ---------------------------------------------------------------------------- a table
def top(made: Book, sheet: Any, table: Table, name: str) -> None:
    """The name, the way back to the cover, and the note."""
    sheet.write_string(0, 0, name, made.look("bold"))
    sheet.write_url(0, max(1, len(table.headings) - 1), address(made.cover), made.look("link"),
                    f"← {made.cover}")  # fmt: skip
    if table.note:
        sheet.write_string(1, 0, table.note.replace("\n", " ")[:LONGEST], made.look("note"))


def columns(made: Book, sheet: Any, table: Table) -> list[int]:
    """Widths by what stands in them, and the headings."""
    right, widths = table.figures, []
    for column, text in enumerate(table.headings):
        width = max([wide(text), *(wide(as_text(row[column])) for row in table.rows[:500])])
        widths.append(min(max(width + 2, 9), WIDEST))
        sheet.set_column(column, column, widths[-1])
        side = {"align": "right"} if right[column] else {}
        sheet.write_string(HEADS - 1, column, text[:LONGEST], made.look("head", **side))
    return widths


def wide(text: str) -> int:
    """Its longest line; a Chinese character is two wide."""
    return max((sum(1 + (ord(sign) > 0x2E7F) for sign in line) for line in text.split("\n")),
               default=0)  # fmt: skip


def height(*texts: tuple[str, int]) -> float:
    """Of a row with these (text, width of its column): not every program finds it by itself."""
    lines = max(
        sum(max(1, -(-wide(line) // width)) for line in text.split("\n")) for text, width in texts
    )
    return min(15.0 + 13.5 * (lines - 1), TALLEST)


def rows_of(made: Book, sheet: Any, table: Table, widths: Sequence[int]) -> None:
    strong = set(table.strong)
    for place, row in enumerate(table.rows):
        manner = {"bold": True} if place in strong else {}
        sheet.set_row(HEADS + place, height(*zip(map(as_text, row), widths, strict=True)))
        depth = table.depth(place)
        for column, cell in enumerate(row):
            inset = {"indent": 2 * depth} if depth and not column else {}
            write(made, sheet, (HEADS + place, column), cell, {**manner, **inset})
    if table.rows:
        last = len(table.rows) + HEADS - 1
        sheet.autofilter(HEADS - 1, 0, last, len(table.headings) - 1)


def write(made: Book, sheet: Any, at: tuple[int, int], cell: Cell, manner: dict[str, Any]) -> None:
    """A cell as what it is: number, day, moment or text. Where it leads is laid over it."""
    link = made.target(cell.to) if isinstance(cell, Figure | Linked) else ""
    if link:
        manner = {**manner, "font_color": ACCENT, "underline": 1}
        sheet.write_url(*at, link, made.look("cell", **manner), as_text(cell)[:LONGEST])
    match cell:
        case Figure(value=None):
            if not link:
                sheet.write_string(*at, cell.text, made.look("cell", align="right", **manner))
        case Figure():
            assert cell.value is not None
            look = made.look("cell", num_format=number_format(cell), **manner)
            sheet.write_number(*at, float(cell.value), look)
        case datetime():
            local = timezone.localtime(cell).replace(tzinfo=None) if cell.tzinfo else cell
            look = made.look("cell", num_format="yyyy-mm-dd hh:mm", align="left", **manner)
            sheet.write_datetime(*at, local, look)
        case date():
            look = made.look("cell", num_format="yyyy-mm-dd", align="left", **manner)
            sheet.write_datetime(*at, cell, look)
        case str():
            sheet.write_string(*at, cell[:LONGEST], made.look("text", **manner))
        case _ if not link:
            sheet.write_string(*at, as_text(cell)[:LONGEST], made.look("text", **manner))


def number_format(cell: Figure) -> str:
    """As many places as are printed, the sign of a change, and the mark: still a number."""
    value = Decimal(0) if cell.value is None else cell.value
    exponent = value.as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    plain = "#,##0" + ("." + "0" * places if places else "")
    mark = cell.mark.replace('"', "")
    mark = f'" {mark}"' if mark else ""
    if not cell.signed:
        return f"{plain}{mark}"
    return f"+{plain}{mark};-{plain}{mark};{plain}{mark}"
