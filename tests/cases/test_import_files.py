"""Files as they come: encodings, delimiters, workbooks, and everything that can be wrong."""

import io
import re
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from cases.domain.importing.errors import Unusable
from cases.domain.importing.source import Layout, open_table
from cases.models import Case
from tests.cases.importing import HEADING, row, run, sheet

TEXT = "收到时间,客户名称,问题描述\n2026-01-05,华东机电有限公司,轴承异响（喆）\n"


def cells(path, **layout):
    table = open_table(path, Layout(**layout))
    return table, [line.cells for line in table.lines]


def written(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
    ],
)
def test_the_encoding_is_found(tmp_path, encoding, said):
    table, rows = cells(written(tmp_path / "a.csv", TEXT.encode(encoding)))
    assert re.match(rf"{said}(?!-)\b", table.form)
    assert table.heading == ["收到时间", "客户名称", "问题描述"]
    assert rows == [["2026-01-05", "华东机电有限公司", "轴承异响（喆）"]]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, sign):
    text = f'a{sign}"b, or; c"{sign}d\n1{sign}2{sign}"x\ny"\n'
    table, rows = cells(written(tmp_path / "a.txt", text.encode()))
    assert (table.delimiter, rows) == (sign, [["1", "2", "x\ny"]])


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("renamed.xlsx", b"a,b\n1,2\n"),
        ("cut.xlsx", b"PK\x03\x04 and no more"),
        ("page.pdf", b"%PDF-1.7"),
        ("none.csv", b""),
        ("blank.csv", b"\n , \n\n"),
        ("latin.csv", "Größe;Straße;\xff\n".encode("latin-1")),
        ("cut.csv", "客户".encode()[:-1] + b"\xff,"),
        ("open.csv", b'a,b\n1,"never closed\n2,3\n'),
        ("big.csv", b"a,b\n1," + b"x" * (17 * 2**20)),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole(tmp_path, name, data):
    with pytest.raises(Unusable):
        list(open_table(written(tmp_path / name, data), Layout()).lines)


@pytest.mark.sqlite_only
def test_a_wrong_encoding_in_the_mapping_names_the_line(tmp_path):
    with pytest.raises(Unusable, match="2"):
        cells(written(tmp_path / "a.csv", "a,b\n客,户\n".encode()), encoding="ascii")


@pytest.mark.sqlite_only
def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Unusable):
        open_table(tmp_path / "nowhere.csv", Layout())


@pytest.fixture
def english(company):
    company.lead.language = "en"
    company.lead.save(update_fields=["language"])
    return company


def workbook(path, rows, *, formula=None, stored=None):
    book = xlsxwriter.Workbook(path)
    days = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet("台账")
    for at, values in enumerate(rows):
        for place, value in enumerate(values):
            if isinstance(value, datetime):
                page.write_datetime(at, place, value, days)
            else:
                page.write(at, place, value)
    if formula:
        page.write_formula(*formula, None, stored)
    book.close()
    return path


def test_a_workbook_keeps_its_dates_numbers_and_formula_results(english, tmp_path):
    rows = [
        [*HEADING, "contact phone"],
        row(1, received=datetime(2026, 1, 5, 9, 30)) + [2155667788],
        row(2, received=46027.5) + [13800138001.0],
        row(3, received="2026年1月7日") + [""],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, formula=(3, 3, '="异"&"响"'), stored="异响")
    done = run(path)
    assert done.last == ["3 read, 3 imported, 0 already there, 0 in error"], done.err
    first, second, third = Case.objects.order_by("pk")
    assert first.received_at.isoformat() == "2026-01-05T01:30:00+00:00"
    assert second.received_at.isoformat() == "2026-01-05T04:00:00+00:00"
    assert second.contact_phone == "13800138001"
    assert third.description == "异响"


def test_a_formula_without_a_result_and_an_excel_error_are_errors_of_their_rows(english, tmp_path):
    rows = [HEADING, row(1), row(2)]
    path = workbook(tmp_path / "a.xlsx", rows, formula=(1, 3, "=A1"), stored="x")
    # What another program would leave: a formula that was never computed.
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = data.replace(b"<v>x</v>", b"")
                assert b"<f>" in data
            new.writestr(part.filename, data)
    path.write_bytes(packed.getvalue())
    done = run(path)
    assert done.code == 1
    assert "Row 2: description: A formula without a stored result" in done.err
    broken = workbook(tmp_path / "b.xlsx", rows, formula=(1, 2, "=1/0"), stored="#DIV/0!")
    assert "Row 2: customer: Excel shows the error #DIV/0!" in run(broken).err


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": "a\x00b"}, "description: The text contains characters that cannot be stored"),
        ({"text": "长" * 10**5}, "description: At most 20000 characters, these are 100000"),
        ({"customer": "x" * 121}, "customer: At most 120 characters"),
        ({"received": "9" * 10**6}, "received at: “" + "9" * 40 + "…” is not a date"),
        ({"received": "2026-02-30"}, "received at: “2026-02-30” is not a date"),
        ({"received": "01/05/2026"}, "received at: “01/05/2026” is not a date"),
        ({"received": "1826-01-05"}, "before 1900"),
        ({"received": "2199-01-05"}, "lies in the future"),
        ({"received": " "}, "received at: Please fill this in."),
        ({"customer": "", "text": ""}, "description: Please fill this in."),
        ({"customer": "\x1b[31mRed"}, "customer: “[31mRed” is not there"),
        ({"ref": "r" * 101}, "external reference: At most 100 characters"),
    ],
)
def test_nonsense_in_a_cell_is_an_error_of_its_row(english, tmp_path, changes, says):
    done = run(sheet(tmp_path / "a.csv", [HEADING, row(1), row(2, **changes)]))
    assert done.code == 1
    assert "Row 3: " in done.err
    assert says in done.err
    assert "\x1b" not in done.err
    assert not Case.objects.exists()


def test_ragged_rows_are_errors_and_blank_ones_nothing(english, tmp_path):
    lines = [HEADING, row(1), [], row(2)[:3], [*row(3), "more"], [*row(4), ""]]
    done = run(sheet(tmp_path / "a.csv", lines), "--skip-errors")
    assert "Row 4: The row has 3 cells, 4 are expected." in done.err
    assert "Row 5: The row has 5 cells, 4 are expected." in done.err
    assert "4 read, 2 imported, 0 already there, 2 in error" in done.out


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        (["external reference", "customer", "description"], "Columns are missing: received at"),
        (["received at", "phone", "batch"], "Columns are missing: description"),
        ([*HEADING, "收到日期"], "Two headings mean the same: “received at” and “收到日期”"),
        ([*HEADING, "Customer "], "Two headings mean the same"),
    ],
)
def test_headings_that_are_missing_or_double_refuse_the_file(english, tmp_path, heading, says):
    done = run(sheet(tmp_path / "a.csv", [heading, row(1)]))
    assert done.code == 2
    assert says in done.err


def test_a_person_is_told_in_their_language(company, tmp_path):
    done = run(sheet(tmp_path / "a.csv", [["客户名称", "问题描述"], ["甲", "乙"]]))
    assert "收到时间" in done.err


def test_headings_may_be_written_any_way(english, tmp_path):
    heading = ["External_Ref", " ＲＥＣＥＩＶＥＤ　ＡＴ ", "客户名称（必填）", "Description*"]
    done = run(sheet(tmp_path / "a.csv", [heading, row(1)]))
    assert done.last == ["1 read, 1 imported, 0 already there, 0 in error"], done.err


def test_a_file_with_headings_only_imports_nothing(english, tmp_path):
    done = run(sheet(tmp_path / "a.csv", [HEADING]))
    assert (done.code, done.last) == (0, ["0 read, 0 imported, 0 already there, 0 in error"])


def test_many_errors_are_counted_and_the_first_are_shown(english, tmp_path):
    rows = [HEADING, *[row(n, received="?") for n in range(120)]]
    done = run(sheet(tmp_path / "a.csv", rows))
    assert done.err.count("Row ") == 50
    assert "… and 70 more" in done.err
