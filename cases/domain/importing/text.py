"""Text files: which encoding, which delimiter, and the rows."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.importing.errors import Unusable
from cases.domain.importing.source import Cell, Layout, Line, Table

# The longest first: the mark of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DELIMITERS = ("\t", ",", ";", "|")
NAMES = {"\t": "TAB"}
LARGEST = 512 * 2**20
LARGEST_CELL = 16 * 2**20
# What our own exports put before a cell that a spreadsheet would take for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def read(path: Path, layout: Layout) -> Table:
    """The rows of a text file; the encoding is checked over the whole file before the first row."""
    if path.stat().st_size > LARGEST:
        raise Unusable(_("The file is larger than %(most)s MB. Divide it.") % {"most": 512})
    data = path.read_bytes()
    encoding = encoding_of(data, layout.encoding)
    content = decoded(data, encoding)
    delimiter = layout.delimiter or delimiter_of(path, content, layout)
    form = _("%(encoding)s, separated by “%(delimiter)s”") % {
        "encoding": encoding.upper().removesuffix("-SIG"),
        "delimiter": NAMES.get(delimiter, delimiter),
    }
    return Table(form, rows(content, delimiter, layout.quote), delimiter)


def encoding_of(data: bytes, named: str) -> str:
    """A byte order mark wins, then what the mapping names, then UTF-16, UTF-8, GB18030.

    GBK and GB2312 are parts of GB18030.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    if named:
        return named
    sample = data[:2000]
    # ASCII signs in UTF-16 have a zero as every second byte; a comma or line end is always there.
    zeros = sample[1::2].count(0), sample[0::2].count(0)
    if max(zeros) * 25 > len(sample) and min(zeros) * 10 <= max(zeros):
        return "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unusable(
        _(
            "The text is neither UTF-8 nor GB18030, or it is damaged."
            " Name its encoding in the mapping, or save it as UTF-8."
        )
    )


def decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unusable(
            _("Line %(line)s is not %(encoding)s: the bytes %(bytes)s mean nothing in it.")
            % {
                "line": line,
                "encoding": encoding.upper(),
                "bytes": data[error.start : error.end][:4].hex(" "),
            }
        ) from error


def delimiter_of(path: Path, content: str, layout: Layout) -> str:
    """The sign that stands most often in the row of headings, outside quotation marks."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    lines = content.splitlines()[: layout.skip + 20]
    first = next((line for line in lines[layout.skip :] if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda sign: (outside.count(sign), sign == ","))


def rows(content: str, delimiter: str, quote: str | None) -> Iterator[Line]:
    """The rows; a quotation mark that is never closed would swallow the rest, so it is refused."""
    csv.field_size_limit(LARGEST_CELL)
    quoted: dict[str, Any] = {"quotechar": quote or '"'}
    if quote == "":
        quoted = {"quoting": csv.QUOTE_NONE}
    reader = csv.reader(
        io.StringIO(content, newline=""), delimiter=delimiter, strict=True, **quoted
    )
    number = 0
    while True:
        number += 1
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unusable(
                _(
                    "Line %(line)s cannot be divided into cells: a quotation mark stands where"
                    " none may, or is not closed. Correct it, or name other quotation marks"
                    " in the mapping."
                )
                % {"line": begins}
            ) from error
        yield Line(number, [unguarded(cell) for cell in cells])


def unguarded(cell: str) -> Cell:
    """Take off the apostrophe that our own exports put before a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
