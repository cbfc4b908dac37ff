"""The command: all rows or none, once only, through the one door, by whoever may."""

import csv
import io

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.domain.importing.mapping import Mapping
from cases.domain.importing.run import Import
from cases.enums import Kind
from cases.models import Case, Channel, Customer
from tests.cases.importing import DATA, EXAMPLES, HEADING, row, run, sheet
from workflows.domain.numbering import many, next_number
from workflows.models import Series, Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(company):
    for person in (company.lead, company.agent, company.engineer):
        person.language = "en"
        person.save(update_fields=["language"])


def test_our_own_example_imports_in_both_languages(company):
    done = run(EXAMPLES / "cases.csv", "--mapping", EXAMPLES / "cases.toml")
    assert done.last == ["4 read, 4 imported, 0 already there, 0 in error"], done.err
    burnt = Case.objects.get(external_ref="K-1002")
    assert (burnt.kind, burnt.severity) == (Kind.COMPLAINT, "major")
    assert (burnt.product.code, burnt.batch) == ("jsq31-l16", "JSQ31L16-2510-2206")
    assert burnt.channel == company.channel
    assert burnt.remedy_sought.startswith("派员")
    dealer = Case.objects.get(external_ref="K-1001")
    assert (dealer.customer.type, dealer.contact_name) == ("direct", "刘工")
    assert dealer.category == company.category
    assert Case.objects.get(external_ref="K-1003").customer == burnt.customer
    assert Case.objects.get(external_ref="K-1004").channel.name_en == "E-mail"
    kinds = set(Case.objects.values_list("kind", flat=True))
    assert kinds == {Kind.COMPLAINT, Kind.OPINION, Kind.INQUIRY}


def test_a_chinese_ledger_in_gbk_is_read_by_its_mapping(company):
    for code in ("web", "visit"):
        Channel.objects.create(code=code, name=code)
    done = run(DATA / "ledger_gbk.csv", "--mapping", EXAMPLES / "ledger.toml")
    assert done.last == ["4 read, 4 imported, 0 already there, 0 in error"], done.err
    assert "GB18030" in done.out
    assert "Not read: 序号, 受理人" in done.out
    first, second, third, fourth = Case.objects.order_by("pk")
    assert first.customer == company.customer
    assert first.description == "设备运行两周后轴承异响。\n初步判断：滚道剥落"
    assert (second.severity, second.channel.code) == ("major", "visit")
    assert second.description == "保持架断裂，\n水泵停机。\n备注：首次发生"
    assert second.occurred_on is None
    assert (third.severity, fourth.severity) == ("major", "general")
    assert third.customer == fourth.customer
    assert third.customer.phone == "13800138001"
    assert fourth.received_at.isoformat() == "2025-03-08T08:05:10+00:00"


def test_one_bad_row_keeps_everything_out_and_is_named(company, tmp_path):
    rows = [HEADING, row(1), row(2, received="32.1.2026"), row(3)]
    done = run(sheet(tmp_path / "a.csv", rows))
    assert done.code == 1
    assert "Row 3: received at: “32.1.2026” is not a date" in done.err
    assert "3 read, 0 imported, 0 already there, 1 in error" in done.out
    assert "Nothing was imported" in done.out
    assert not Case.objects.exists()
    assert not Series.objects.exists()


def test_the_other_rows_are_imported_when_asked_for(company, tmp_path):
    rows = [HEADING, row(1), row(2, received=""), row(3)]
    done = run(sheet(tmp_path / "a.csv", rows), "--skip-errors")
    assert done.code == 1
    assert "3 read, 2 imported, 0 already there, 1 in error" in done.out
    assert [case.external_ref for case in Case.objects.order_by("pk")] == ["K-1", "K-3"]


def test_rows_in_error_are_written_safely_and_import_again_once_corrected(company, tmp_path):
    rows = [HEADING, row(1), row(2, received="soon", text="=cmd|'/C calc'!A0"), row(3, text="")]
    out = tmp_path / "errors.csv"
    done = run(sheet(tmp_path / "a.csv", rows), "--errors", out, "--skip-errors")
    assert done.code == 1
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert lines[0] == [*HEADING, "row", "reason"]
    assert [line[4] for line in lines[1:]] == ["3", "4"]
    assert lines[1][3].startswith("'=cmd")
    assert "soon" in lines[1][5]
    corrected = out.read_text(encoding="utf-8").replace("soon", "2026-01-05")
    out.write_text(corrected, encoding="utf-8")
    again = run(out, "--skip-errors")
    assert "2 read, 1 imported, 0 already there, 1 in error" in again.out
    assert Case.objects.get(external_ref="K-2").description == "=cmd|'/C calc'!A0"
    assert "Not read" not in again.out


def test_rows_without_a_reference_are_known_again_by_their_content(company, tmp_path):
    heading = ["收到时间", "客户名称", "问题描述"]
    rows = [heading, *[["2026/1/5", "华东机电有限公司", f"异响 {n}"] for n in (1, 2, 1)]]
    done = run(sheet(tmp_path / "a.csv", rows, encoding="gbk"))
    assert done.last == ["3 read, 2 imported, 1 already there, 0 in error"]
    moved = [[cells[1], "2026-01-05 00:00", cells[2]] for cells in rows[1:]]
    moved.insert(0, ["customer", "received at", "description"])
    again = run(sheet(tmp_path / "b.csv", moved, delimiter=";"))
    assert again.last == ["3 read, 0 imported, 3 already there, 0 in error"]


def test_one_reference_with_two_stories_is_for_a_person_to_decide(company, tmp_path):
    rows = [HEADING, row(1), row(1), row(1, text="something else")]
    done = run(sheet(tmp_path / "a.csv", rows))
    assert done.code == 1
    assert "Row 4: Row 2 has the same external reference “K-1”" in done.err


def test_the_same_reference_of_another_source_is_another_case(company, tmp_path):
    file = sheet(tmp_path / "a.csv", [HEADING, row(1)])
    mapping = tmp_path / "m.toml"
    mapping.write_text('[cases]\nsource = "shop"\n', encoding="utf-8")
    run(file)
    run(file, "--mapping", mapping)
    assert sorted(Case.objects.values_list("source", flat=True)) == ["import", "shop"]


def test_unknown_names_are_errors_unless_the_mapping_creates_them(company, tmp_path):
    heading = [*HEADING, "channel", "product", "category"]
    rows = [heading, [*row(1, customer="新客户"), "飞鸽", "ZX-9", "异味"]]
    file = sheet(tmp_path / "a.csv", rows)
    done = run(file)
    assert done.code == 1
    for name in ("新客户", "飞鸽", "ZX-9", "异味"):
        assert f"“{name}” is not there" in done.err
    assert "1 in error" in done.out
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        '[cases]\ncreate = ["customer", "product", "channel", "category"]', encoding="utf-8"
    )
    done = run(file, "--mapping", mapping)
    assert "Created: categories 1, channels 1, customers 1, products 1" in done.out
    customer = Customer.objects.get(name="新客户")
    assert customer.created_by == company.lead
    assert customer.history.get().history_user == company.lead


def test_customers_are_found_by_reference_then_phone_then_name_and_city(company, tmp_path):
    make = Customer.objects.create
    given = {"created_at": company.policy.made_at, "created_by": company.agent}
    by_ref = make(name="甲", external_ref="C-7", **given)
    by_phone = make(name="乙", phone="0512 6677 8899", phone_digits="051266778899", **given)
    in_suzhou = make(name="丙", city="苏州", **given)
    make(name="丙", city="无锡", **given)
    twins = [make(name="丁", **given) for _turn in range(2)]
    heading = ["received at", "description", "customer no", "phone", "customer", "city"]
    rows = [
        ["2026-01-05", "1", "C-7", "051266778899", "不同", ""],
        ["2026-01-05", "2", "", "（0512）66778899", "王工", ""],
        ["2026-01-05", "3", "", "", "丙", "苏州"],
    ]
    done = run(sheet(tmp_path / "a.csv", [heading, *rows]))
    assert done.code == 0, done.err
    found = list(Case.objects.order_by("pk"))
    assert [case.customer for case in found] == [by_ref, by_phone, in_suzhou]
    assert found[1].contact_name == "王工"
    vague = [heading, ["2026-01-05", "4", "", "", "丁", ""], ["2026-01-05", "5", "", "", "丙", ""]]
    done = run(sheet(tmp_path / "b.csv", vague))
    assert done.err.count("Several customers fit") == len(twins)


def test_a_company_has_many_phones_and_a_name_is_shared_by_many_people(company, tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text('[cases]\ncreate = ["customer"]\n')
    heading = ["received at", "description", "customer", "customer type", "phone"]
    rows = [
        ["2026-01-05", "1", "王伟", "消费者", "13800138001"],
        ["2026-01-05", "2", "王伟", "消费者", "13900139002"],
        ["2026-01-05", "3", "海川泵业", "经销商", "13800138003"],
        ["2026-01-05", "4", "海川泵业", "经销商", "13900139004"],
    ]
    file = sheet(tmp_path / "a.csv", [heading, *rows])
    run(file, "--mapping", mapping)
    assert Customer.objects.filter(name="王伟").count() == 2
    dealer = Customer.objects.get(name="海川泵业")
    phones = dealer.cases.order_by("pk").values_list("contact_phone", flat=True)
    assert list(phones) == ["", "13900139004"]


def test_whoever_is_named_logs_and_who_may_not_is_refused(company, tmp_path):
    file = sheet(tmp_path / "a.csv", [HEADING, row(1)])
    for name in ("handler", "auditor", "nobody"):
        assert run(file, "--as", name).code == 2
    assert not Case.objects.exists()
    assert run(file, "--as", "engineer").code == 0
    assert Case.objects.get().logged_by == company.engineer
    assert Case.objects.get().service_department == company.service


def test_without_anybody_in_the_service_centre_a_person_must_be_named(company, tmp_path):
    file = sheet(tmp_path / "a.csv", [HEADING, row(1)])
    company.service.is_active = False
    company.service.save()
    assert run(file).code == 2
    assert not Case.objects.exists()


def test_old_receipts_come_in_and_future_ones_do_not(company, tmp_path):
    rows = [HEADING, row(1, received="1995-01-03"), row(2, received="2095-01-03")]
    done = run(sheet(tmp_path / "a.csv", rows), "--skip-errors")
    assert "Row 3: received at: The date of receipt lies in the future." in done.err
    assert Case.objects.get().received_at.year == 1995


class Terminal(io.StringIO):
    """A terminal whose person presses Ctrl-C when the logging has begun."""

    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def isatty(self):
        return True

    def write(self, text):
        if "Logging" in text:
            self.patience -= 1
            if self.patience < 0:
                self.patience = 99
                raise KeyboardInterrupt
        return super().write(text)


def test_ctrl_c_leaves_nothing_behind(company, tmp_path):
    file = sheet(tmp_path / "a.csv", [HEADING, *[row(n) for n in range(1, 6)]])
    screen = Terminal(patience=0)
    with pytest.raises(SystemExit) as ended:
        call_command("import_cases", str(file), stdout=io.StringIO(), stderr=screen)
    assert ended.value.code == 130
    assert "nothing was imported" in screen.getvalue()
    assert not Case.objects.exists()
    assert not Task.objects.exists()


def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(company, tmp_path):
    file = sheet(tmp_path / "a.csv", [HEADING, row(1)])
    screen = Terminal(patience=99)
    call_command("import_cases", str(file), "--dry-run", stdout=io.StringIO(), stderr=screen)
    assert "100 %" in screen.getvalue()
    assert run(file).err == ""


def test_looking_things_up_takes_the_same_statements_for_many_rows(company, tmp_path):
    def looked_up(count):
        rows = [HEADING, *[row(n, received="never") for n in range(count)], row(999)]
        job = Import(sheet(tmp_path / "a.csv", rows), mapping=Mapping(), by=company.lead)
        with CaptureQueriesContext(connection) as seen:
            job.run()
        return len(seen)

    assert looked_up(1) == looked_up(50)


def test_numbers_taken_by_the_thousand_have_no_gaps_either(company):
    def take():
        return next_number("TS", year=2026, digits=6)

    with transaction.atomic():
        assert take() == "TS-2026-000001"
        with many() as held:
            assert [take(), take()] == ["TS-2026-000002", "TS-2026-000003"]
            before = dict(held)
            with transaction.atomic():
                take()
                transaction.set_rollback(True)
            held.clear()
            held.update(before)
            assert take() == "TS-2026-000004"
        assert take() == "TS-2026-000005"
    assert Series.objects.get(prefix="TS", year=2026).last == 5
