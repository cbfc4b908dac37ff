"""The mapping: what it can say, and that what it cannot say is refused."""

import re
import tomllib
from datetime import UTC, date, datetime

import pytest

from cases.domain.importing import moments, words
from cases.domain.importing.cells import Template
from cases.domain.importing.errors import Unusable
from cases.domain.importing.mapping import parsed, read_mapping
from cases.enums import CustomerType, Kind, Severity
from cases.models import Case
from tests.cases.importing import EXAMPLES, ROOT, run

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_the_examples_are_valid(path):
    assert read_mapping(path).source


@pytest.mark.parametrize(
    "data",
    [
        {"colums": {"customer": 1}},
        {"columns": {"costumer": 1}},
        {"columns": {"customer": 0}},
        {"columns": {"customer": True}},
        {"columns": {"customer": "{}"}},
        {"columns": {"customer": "{0} of {name"}},
        {"columns": {"category": {"before": ":"}}},
        {"columns": {"category": {"column": 3, "after": ":"}}},
        {"columns": 3},
        {"file": {"encoding": "klingon"}},
        {"file": {"delimiter": ";;"}},
        {"file": {"skip": -1}},
        {"file": {"skip": True}},
        {"file": {"blank": "x"}},
        {"cases": {"source": " "}},
        {"cases": {"source": "x" * 41}},
        {"cases": {"create": ["department"]}},
        {"values": {"kind": {"x": 1}}},
        {"defaults": {"legal_liability": "yes"}},
        {"rules": [{"set": {"severity": "major"}}]},
        {"rules": [{"any": [{"column": 1, "is": "Y"}]}]},
        {"rules": [{"any": [{"column": 1}], "set": {"severity": "major"}}]},
        {"rules": [{"any": [{"column": 1, "is": "Y", "above": 1}], "set": {"kind": "x"}}]},
    ],
)
def test_a_mapping_that_means_nothing_is_refused(data):
    with pytest.raises(Unusable):
        parsed(data)


def test_a_mapping_that_is_no_toml_or_not_there_is_refused(tmp_path):
    broken = tmp_path / "m.toml"
    broken.write_text("[columns\n")
    for path in (broken, tmp_path / "none.toml"):
        with pytest.raises(Unusable):
            read_mapping(path)


@pytest.mark.parametrize(
    ("text", "row", "result"),
    [
        ("{1}, {2}", {1: "a", 2: "b"}, "a, b"),
        ("{1}, {2}", {1: "", 2: "b"}, "b"),
        ("{1}, {2}, {3}", {1: "a", 2: "", 3: "c"}, "a, c"),
        ("Owner, {1}, {2}", {1: "", 2: ""}, ""),
        ("{1} {2}: {3}", {1: "a", 2: "", 3: "c"}, "a: c"),
        ("{1}\nKilometres: {2}\nend", {1: "a", 2: None}, "a\nend"),
        ("{备 注}", {"备 注": 5.0}, "5"),
    ],
)
def test_a_template_leaves_no_trace_of_empty_columns(text, row, result):
    assert Template.read(text).value(row.get) == result


SHANGHAI = datetime(2026, 1, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-01-05", SHANGHAI),
        ("2026/1/5", SHANGHAI),
        ("2026.1.5", SHANGHAI),
        ("20260105", SHANGHAI),
        (20260105, SHANGHAI),
        ("2026年1月5日", SHANGHAI),
        ("２０２６年１月５日", SHANGHAI),
        ("46027", SHANGHAI),
        (46027, SHANGHAI),
        (46027.0, SHANGHAI),
        (date(2026, 1, 5), SHANGHAI),
        ("2026-01-05 14:30", datetime(2026, 1, 5, 6, 30, tzinfo=UTC)),
        ("2026-01-05T14:30:15", datetime(2026, 1, 5, 6, 30, 15, tzinfo=UTC)),
        ("2026年1月5日 14时30分", datetime(2026, 1, 5, 6, 30, tzinfo=UTC)),
        ("2026-01-05T14:30:00Z", datetime(2026, 1, 5, 14, 30, tzinfo=UTC)),
        ("2026-01-05 14:30:00.123+02:00", datetime(2026, 1, 5, 12, 30, tzinfo=UTC)),
        (46027.604166667, datetime(2026, 1, 5, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_the_time_zone_of_the_company(cell, moment, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    assert moments.moment(cell) == moment


@pytest.mark.parametrize(
    "cell",
    ["5.1.26", "05/01/2026", "2026-13-01", "2026-02-29", "2026-01-05 25:00", "soon", "0", "1e400",
     "2026", "2026-01-05 or so", "²⁰²⁶", "-1", float("nan"), float("inf"), True, 10**30],
)  # fmt: skip
def test_what_could_be_another_day_or_none_is_refused(cell):
    with pytest.raises(ValueError, match="“"):
        moments.moment(cell)


def test_other_forms_of_dates_are_read_when_the_mapping_names_them():
    assert moments.day("01/05/2026", ("%m/%d/%Y",)) == date(2026, 1, 5)


@pytest.mark.parametrize(("column", "choices"), [(*pair,) for pair in words.CHOICES.items()])
def test_fixed_words_have_codes_and_both_languages(column, choices):
    assert set(words.read()[column]) == {code for code, _label in choices}
    for code, label in choices:
        assert words.by_word(column)[words.fold(code)] == code
        assert words.by_word(column)[words.fold(str(label))] == code


def test_no_word_means_two_things():
    assert len(words.by_heading()) == sum(
        len({words.fold(word) for word in (ours, *theirs)})
        for ours, theirs in words.read()["headings"].items()
    )
    assert words.by_word("kind")[words.fold("质量 事故")] == Kind.INCIDENT
    assert words.by_word("severity")["重大"] == Severity.MAJOR
    assert words.by_word("customer_type")["经销商"] == CustomerType.DIRECT


@pytest.mark.parametrize("name", ["files.md", "files.zh-CN.md"])
def test_the_documentation_names_every_column(name):
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for column in words.COLUMNS:
        assert f"`{column}`" in text, column


@pytest.mark.django_db
def test_a_file_without_headings_goes_by_numbers(company, tmp_path):
    file, mapping = tmp_path / "a.csv", tmp_path / "m.toml"
    file.write_text("7;2026-01-05;华东机电有限公司;N/A;异响\n8;2026-01-06;n/a;;异响\n")
    mapping.write_text(
        """
[file]
header = false
blank = ["n/a"]
[columns]
external_ref = "W{1}"
received_at = 2
customer = 3
batch = 4
description = 5
[defaults]
customer = "华东机电有限公司"
channel = "phone"
""",
        encoding="utf-8",
    )
    assert run(file, "--mapping", mapping).code == 0
    found = Case.objects.order_by("pk").values_list("external_ref", "batch", "channel__code")
    assert list(found) == [("W7", "", "phone"), ("W8", "", "phone")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns", ['customer = "Kunde"', "customer = 9", 'description = "{Text}"', "customer = 3.5"]
)
def test_a_column_that_is_not_in_the_file_is_refused(company, tmp_path, columns):
    file, mapping = tmp_path / "a.csv", tmp_path / "m.toml"
    file.write_text("received at,customer,description\n2026-01-05,x,y\n")
    mapping.write_text(f"[columns]\n{columns}\n")
    assert run(file, "--mapping", mapping).code == 2


def test_the_mapping_in_the_documentation_is_valid():
    text = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    # The first one; those behind it are of the satisfaction module.
    block = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    mapping = parsed(tomllib.loads(block))
    assert mapping.join_rows
    assert set(mapping.columns) >= {"external_ref", "batch", "category"}
