"""Importing other inputs: all or nothing, never twice, whatever the file is written in."""

import time
from datetime import date
from decimal import Decimal as D

import pytest
from openpyxl import Workbook

from cases.models import Customer, Product
from surveys.domain.inputs import run as running
from surveys.domain.inputs.files import read_mapping
from surveys.domain.inputs.kinds import KINDS
from surveys.models import DeliveredQuality, InputBatch, PressItem, ReturnedGoods, SalesVolume
from tests import factories
from tests.cases.importing import sheet
from tests.surveys import inputs
from tests.surveys.inputs import HEADINGS, row, run, write
from workflows.errors import Conflict

pytestmark = pytest.mark.django_db
EVERY = [*KINDS]


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_file_comes_in_once_whatever_its_encoding(company, tmp_path, kind, encoding):
    first = run(write(tmp_path, kind, encoding=encoding), kind)
    assert (first.code, first.err) == (0, "")
    model = KINDS[kind].model
    assert model.objects.standing().count() == 1
    assert model.objects.get().logged_by == company.marketer
    again = run(write(tmp_path, kind, delimiter=";"), kind)
    assert again.code == 0
    assert model.objects.count() == 1
    assert InputBatch.objects.count() == 1


def test_every_column_arrives(company, tmp_path):
    case = factories.log(company)
    linked = write(tmp_path, "press", row("press", 案件=case.number.lower()))
    # Marketing sees no cases, and therefore links none.
    assert run(linked, "press").code == 1
    run(linked, "press", "--as", "engineer")
    item = PressItem.objects.get()
    assert (item.kind, item.verdict, item.published_on) == (
        "bulletin", "nonconforming", date(2026, 3, 5),
    )  # fmt: skip
    assert ([*item.cases.all()], [*item.products.all()]) == ([case], [company.product])
    run(write(tmp_path, "returns"), "returns")
    goods = ReturnedGoods.objects.get()
    assert (goods.customer, goods.category, goods.batch_number) == (
        company.customer, company.category, "B-1",
    )  # fmt: skip
    run(write(tmp_path, "quality"), "quality")
    figure = DeliveredQuality.objects.get()
    assert (figure.delivered, figure.inspected, figure.defective) == (1000, None, 3)
    run(write(tmp_path, "sales"), "sales")
    assert (SalesVolume.objects.get().amount, SalesVolume.objects.get().month) == (
        D("50000.00"), date(2026, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("press", {"发布日期": "05/03/2026"}, "无法识别日期"),
        ("press", {"结论": "正面"}, "请从以下各项中选择"),
        ("press", {"结论": "还行"}, "还行"),
        ("press", {"标题": ""}, "标题: 请填写"),
        ("press", {"产品": "ZZ-9"}, "ZZ-9"),
        ("press", {"案件": "TS-2026-999999"}, "TS-2026-999999"),
        ("returns", {"数量": "1.5"}, "不是整数"),
        ("returns", {"数量": "三"}, "三"),
        ("returns", {"数量": 0}, "应在 1 至"),
        ("returns", {"客户": "无此客户"}, "无此客户"),
        ("quality", {"不合格数": 2000}, "超过了交付数"),
        ("quality", {"月份": "2026-13"}, "无法识别月份"),
        ("quality", {"月份": "2999-01"}, "不能晚于今天"),
        ("quality", {"产品": ""}, "产品: 请填写"),
        ("sales", {"金额": "-1"}, "应在 0 至"),
        ("sales", {"金额": ""}, "至少填写一项"),
        ("sales", {"金额": "1.005"}, "小数"),
        ("sales", {"客户": ""}, "客户: 请填写"),
    ],
)
def test_a_row_in_error_keeps_everything_out_and_says_why(company, tmp_path, kind, changes, says):
    rows = [row(kind), row(kind, **{HEADINGS[kind][0]: "其他", **changes})]
    if HEADINGS[kind][0] not in changes and kind in ("quality", "sales"):
        rows[1] = row(kind, **{"月份": "2026-02", **changes})
    ended = run(write(tmp_path, kind, *rows), kind)
    assert ended.code == 1
    assert says in ended.err
    assert not KINDS[kind].model.objects.exists()
    out = tmp_path / "rejects.csv"
    left = run(tmp_path / f"{kind}.csv", kind, "--skip-errors", "--errors", out)
    assert left.code == 1
    assert KINDS[kind].model.objects.count() == 1
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 2


def test_a_new_figure_of_the_same_month_replaces_the_old_one_which_is_kept(company, tmp_path):
    run(write(tmp_path, "quality"), "quality")
    ended = run(write(tmp_path, "quality", row("quality", 不合格数=5)), "quality")
    assert ended.code == 0
    assert "1" in ended.last[0]
    rows = DeliveredQuality.objects.order_by("revision")
    assert [(one.revision, one.is_current, one.defective) for one in rows] == [
        (1, False, 3), (2, True, 5),
    ]  # fmt: skip
    # The first file again is another correction, not a repetition of what was.
    run(write(tmp_path, "quality"), "quality")
    assert DeliveredQuality.objects.standing().get().revision == 3


def test_two_rows_of_one_month_must_say_the_same(company, tmp_path):
    twice = run(write(tmp_path, "sales", row("sales"), row("sales")), "sales")
    assert (twice.code, SalesVolume.objects.count()) == (0, 1)
    other = row("sales", 月份="2026-02"), row("sales", 月份="2026-02", 金额="7")
    ended = run(write(tmp_path, "sales", *other), "sales")
    assert ended.code == 1
    assert "第 2 行" in ended.err
    assert SalesVolume.objects.count() == 1


def test_an_event_that_is_there_is_never_changed_by_an_import(company, tmp_path):
    run(write(tmp_path, "press"), "press")
    run(write(tmp_path, "press", row("press", 标题="另一个标题")), "press")
    assert PressItem.objects.get().title == "抽查通报"
    # Without references the content is what tells rows apart.
    rows = [row("press", 编号=""), row("press", 编号=""), row("press", 编号="", 标题="乙")]
    run(write(tmp_path, "press", *rows), "press")
    run(write(tmp_path, "press", *rows), "press")
    assert PressItem.objects.count() == 3


def test_a_dry_run_keeps_nothing(company, tmp_path):
    ended = run(write(tmp_path, "sales"), "sales", "--dry-run")
    assert ended.code == 0
    assert not SalesVolume.objects.exists()
    assert not InputBatch.objects.exists()


def test_a_mapping_names_columns_words_and_what_may_be_created(company, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[inputs]\nsource = "erp"\ncreate = ["customer", "product"]\n'
        '[columns]\ncustomer = "KUNNR"\nmonth = "{Jahr}-{Monat}"\namount = 4\n'
        '[values.customer]\n"X" = "新客户"\n[defaults]\nproduct = "BX-900"\n',
        encoding="utf-8",
    )
    path = sheet(tmp_path / "a.csv", [["KUNNR", "Jahr", "Monat", "?"], ["X", 2026, 1, 12]])
    ended = run(path, "sales", "--mapping", mapping)
    assert (ended.code, ended.err) == (0, "")
    figure = SalesVolume.objects.get()
    assert (figure.customer.name, figure.product.code, figure.source) == ("新客户", "bx-900", "erp")
    assert figure.customer.type == "direct"
    run(path, "sales", "--mapping", mapping)
    assert (SalesVolume.objects.count(), Customer.objects.count()) == (1, 2)
    for wrong in ('[nothing]\n', '[inputs]\ncreate = ["case"]\n', '[inputs]\nsource = "screen"\n',
                  '[columns]\nphone = 1\n', '[defaults]\nmonth = 1\n'):  # fmt: skip
        mapping.write_text(wrong, encoding="utf-8")
        assert run(path, "sales", "--mapping", mapping).code == 2


def test_formulas_ragged_rows_and_files_that_are_none_are_told(company, tmp_path):
    book = Workbook()
    book.active.append(HEADINGS["quality"])
    book.active.append(["BX-200", date(2026, 1, 15), 1000, None, "=1+2", "件"])
    book.save(tmp_path / "a.xlsx")
    ended = run(tmp_path / "a.xlsx", "quality")
    assert ended.code == 1
    assert not DeliveredQuality.objects.exists()
    ragged = write(tmp_path, "quality", [*row("quality"), "x"], row("quality")[:3])
    assert run(ragged, "quality").code == 1
    assert run(write(tmp_path, "press"), "quality").code == 2
    for name, content in [("a.pdf", b"%PDF"), ("b.csv", b""), ("c.xlsx", b"none")]:
        (tmp_path / name).write_bytes(content)
        assert run(tmp_path / name, "sales").code == 2
    assert run(tmp_path / "absent.csv", "sales").code == 2


def test_numbers_of_a_workbook_are_read_as_it_shows_them(company, tmp_path):
    book = Workbook()
    book.active.append(HEADINGS["sales"])
    book.active.append(["华东机电有限公司", None, 202601, 12.0, 0.1 + 0.2])
    book.active.append(["华东机电有限公司", None, date(2026, 2, 9), None, 1234.5600000000001])
    book.save(tmp_path / "a.xlsx")
    ended = run(tmp_path / "a.xlsx", "sales")
    assert (ended.code, ended.err) == (0, "")
    rows = SalesVolume.objects.order_by("month")
    assert [(one.amount, one.quantity) for one in rows] == [
        (D("0.30"), D(12)), (D("1234.56"), None),
    ]  # fmt: skip


def test_who_may_not_keep_inputs_imports_none(company, tmp_path):
    ended = run(write(tmp_path, "sales"), "sales", "--as", "auditor")
    assert ended.code == 2
    assert not SalesVolume.objects.exists()


def test_of_two_imports_at_once_the_second_is_told(company, tmp_path, monkeypatch):
    """The other one stores its figure after this one has looked."""
    path, kind = write(tmp_path, "quality"), KINDS["quality"]
    mapping = read_mapping(None, kind)
    job = running.Import(path, kind=kind, mapping=mapping, by=company.marketer)
    checked = job.checked

    def late(drafts):
        found = checked(drafts)
        inputs.quality(company, delivered=5)
        return found

    monkeypatch.setattr(job, "checked", late)
    with pytest.raises(Conflict):
        job.run()


def test_many_rows_are_quick_and_take_few_statements(
    company, tmp_path, django_assert_max_num_queries
):
    products = Product.objects.bulk_create(
        Product(code=f"P{turn}", name=f"产品{turn}", path=f"/{turn}/") for turn in range(200)
    )
    rows = [
        row("quality", 产品=product.code, 月份=f"{2020 + turn // 12}-{turn % 12 + 1:02}")
        for product in products
        for turn in range(25)
    ]
    path = write(tmp_path, "quality", *rows)
    began = time.monotonic()
    with django_assert_max_num_queries(150):
        assert run(path, "quality").code == 0
    assert time.monotonic() - began < 10
    assert DeliveredQuality.objects.count() == 5000
    with django_assert_max_num_queries(150):
        run(path, "quality")
    assert DeliveredQuality.objects.count() == 5000
