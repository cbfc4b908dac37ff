"""The command: answers of a launched campaign, all rows or none, once only."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from cases.models import Customer
from surveys.models import CampaignUnit, ImportBatch, Invitee, Response
from tests.surveys import factories
from tests.surveys.importing import HEADING, form, run, write
from workflows.domain.context import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(company):
    for person in (company.marketer, company.engineer, company.manager):
        person.language = "en"
        person.save(update_fields=["language"])


@pytest.fixture
def campaign(company):
    return factories.campaign(company)


def test_a_file_becomes_responses_and_a_batch(company, campaign, tmp_path):
    file = write(tmp_path, form(1), form(2, function="-", appearance="", timeliness="N/A"))
    done = run(file, campaign)
    assert done.last == ["2 read, 2 imported, 0 already there, 0 in error"], done.err
    first, second = Response.objects.order_by("pk")
    assert (first.levels, second.levels) == ("543 ", "- - ")
    assert (first.external_id, first.seconds, first.interviewer) == ("0001", 121, "刘强")
    assert (first.channel, first.entered_by) == ("import", company.marketer)
    assert first.questionnaire == campaign.questionnaire
    batch = ImportBatch.objects.get()
    assert (batch.rows, batch.taken, batch.refused, batch.by) == (2, 2, 0, company.marketer)
    assert {first.batch, second.batch} == {batch}
    assert len(batch.sha256) == 64


def test_the_same_file_again_imports_nothing(campaign, tmp_path):
    file = write(tmp_path, form(1), form(2))
    run(file, campaign)
    again = run(file, campaign)
    assert again.code == 0
    assert again.last == ["2 read, 0 imported, 2 already there, 0 in error"]
    assert (Response.objects.count(), ImportBatch.objects.count()) == (2, 1)


def test_a_repeated_row_is_passed_over_and_a_contradicting_one_is_an_error(campaign, tmp_path):
    moment = form(1)[1]
    first = form(1, received_at=moment)
    done = run(write(tmp_path, first, first), campaign)
    assert done.last == ["2 read, 1 imported, 1 already there, 0 in error"]
    other = form(1, received_at=moment, function=1)
    done = run(write(tmp_path, other), campaign)
    assert done.code == 1
    assert "is there already and says something else" in done.err
    done = run(write(tmp_path, form(7, function=1), form(7, function=2)), campaign)
    assert "Row 3: Row 2 has the same external id “0007”" in done.err
    assert Response.objects.get().levels == "543 "


def test_levels_may_be_labels_of_both_labelings_in_both_languages(company, tmp_path):
    five = factories.campaign(company)
    rows = [
        form(1, function="很满意", appearance="较满意", timeliness="满意"),
        form(2, function="very satisfied", appearance="Rather satisfied", timeliness="Satisfied"),
        form(3, function="不满意", appearance="很不满意", timeliness="基本满意"),
        form(4, function="５", appearance="不适用", timeliness="Basically satisfied"),
    ]
    assert run(write(tmp_path, *rows), five).code == 0
    said = [response.levels for response in Response.objects.order_by("pk")]
    assert said == ["543 ", "543 ", "213 ", "5-3 "]
    basic = factories.questionnaire(company, document={**factories.DOCUMENT, "labels": "basic"})
    other = factories.campaign(company, questionnaire=basic)
    assert run(write(tmp_path, *rows[:2]), other).code == 0
    assert [one.levels for one in other.responses.order_by("pk")] == ["544 ", "544 "]


def test_bad_rows_are_named_and_keep_everything_out(campaign, tmp_path):
    late = (now() + timedelta(days=40)).strftime("%Y-%m-%d")
    soon = (now() + timedelta(days=2)).strftime("%Y-%m-%d")
    rows = [
        form(1),
        form(2, function=6),
        form(3, received_at=late),
        form(4, received_at=soon),
        form(5, received_at="someday"),
        form(6, seconds="-1"),
        form(7, product="ZX-9"),
        form(8, customer_type="alien"),
        form(9, channel="pigeon"),
        form(10, external_id=""),
        form(11, timeliness=4, notice=2),
        form(12, function="", appearance="", timeliness=""),
        form(13)[:5],
    ]
    out = tmp_path / "errors.csv"
    done = run(write(tmp_path, *rows), campaign, "--errors", out)
    assert done.code == 1
    assert "13 read, 0 imported, 0 already there, 12 in error" in done.out
    assert not Response.objects.exists()
    for row, reason in (
        (3, "function: “6” is not a level"),
        (4, "lies outside the window"),
        (5, "lies in the future"),
        (6, "“someday” is not a date"),
        (7, "seconds: A number from 0"),
        (8, "“ZX-9” is not there"),
        (9, "customer_type: “alien” is none of"),
        (10, "channel: “pigeon” is none of"),
        (11, "external_id: Please fill this in."),
        (12, "notice: This is not asked after the answers above"),
        (13, "The form has no answer."),
        (14, "The row has 5 cells"),
    ):
        assert f"Row {row}: " in done.err
        assert reason in done.err
    lines = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert lines[0] == [*HEADING, "row", "reason"]
    assert [line[-2] for line in lines[1:]] == [str(number) for number in range(3, 15)]
    assert lines[1][10] == "6"


def test_the_other_rows_are_imported_when_asked_for(campaign, tmp_path):
    file = write(tmp_path, form(1), form(2, function=9), form(3))
    done = run(file, campaign, "--skip-errors")
    assert done.code == 1
    assert "3 read, 2 imported, 0 already there, 1 in error" in done.out
    assert ImportBatch.objects.get().refused == 1
    corrected = write(tmp_path, form(2, function=1))
    assert run(corrected, campaign).code == 0
    assert Response.objects.count() == 3


def test_a_dry_run_tells_everything_and_changes_nothing(campaign, tmp_path):
    done = run(write(tmp_path, form(1), form(2, function=9)), campaign, "--dry-run")
    assert done.code == 1
    assert "function: “9” is not a level" in done.err
    done = run(write(tmp_path, form(1), form(2)), campaign, "--dry-run")
    assert done.last == ["2 read, 2 would be imported, 0 already there, 0 in error"]
    assert not Response.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_form_of_the_frame_takes_from_it_what_the_row_leaves_empty(company, campaign, tmp_path):
    invitee, _token = factories.invite(company, campaign, sent_at=None)
    done = run(write(tmp_path, form(1, region="华南")), campaign)
    assert done.code == 0, done.err
    response = Response.objects.get()
    assert response.invitee == invitee
    assert (response.customer, response.product) == (company.customer, company.product)
    assert (response.customer_type, response.region, response.city) == ("direct", "华南", "上海")
    assert response.unit == company.marketing
    invitee.refresh_from_db()
    assert invitee.sent_at == campaign.launched_at


def test_what_is_not_in_the_sample_is_refused_unless_forms_were_sent_beside_it(
    company, campaign, tmp_path
):
    factories.invite(company, campaign)
    left_out = factories.invite(
        company, campaign, sent_at=None, left_out_reason="已停业", left_out_by=company.marketer
    )[0]
    done = run(write(tmp_path, form(1), form(99)), campaign)
    assert "Row 3: “0099” is not in the sample." in done.err
    done = run(write(tmp_path, form(1, external_id=left_out.external_id)), campaign)
    assert "was left out of the sample: 已停业" in done.err
    campaign.declared_sent = 10
    campaign.save(update_fields=["declared_sent"])
    assert run(write(tmp_path, form(1), form(99)), campaign).code == 0
    assert Response.objects.get(external_id="0099").invitee is None


def test_a_form_with_another_customer_than_the_sample_is_refused(company, campaign, tmp_path):
    factories.invite(company, campaign)
    Customer.objects.create(name="别家", created_at=now(), created_by=company.agent)
    done = run(write(tmp_path, form(1, customer="别家")), campaign)
    assert "The sample has another customer under the external id “0001”" in done.err


def test_customers_are_found_by_name_or_reference_where_that_is_clear(company, campaign, tmp_path):
    given = {"created_at": now(), "created_by": company.agent}
    by_ref = Customer.objects.create(name="甲", external_ref="C-7", **given)
    for _turn in range(2):
        Customer.objects.create(name="乙", **given)
    rows = [form(1, customer="C-7"), form(2, customer="甲"), form(3, customer="乙"),
            form(4, customer="谁"), form(5, customer=company.customer.name)]  # fmt: skip
    assert run(write(tmp_path, *rows), campaign).code == 0
    found = [response.customer for response in Response.objects.order_by("pk")]
    assert found == [by_ref, by_ref, None, None, company.customer]


def test_the_unit_follows_from_the_region_where_there_is_no_frame(company, campaign, tmp_path):
    CampaignUnit.objects.create(campaign=campaign, department=company.marketing, regions=["华东"])
    CampaignUnit.objects.create(campaign=campaign, department=company.service, regions=[])
    run(write(tmp_path, form(1, region="华东"), form(2, region="西北")), campaign)
    units = [response.unit for response in Response.objects.order_by("pk")]
    assert units == [company.marketing, company.service]


def test_a_gbk_file_of_an_agency_is_read_by_its_mapping(company, campaign, tmp_path):
    day = now().strftime("%Y年%m月%d日 %H时%M分")
    heading = ["问卷编号", "提交时间", "客户名称", "访员", "用时(秒)", "Q1", "外观", "交付及时性",
               "您还有什么建议？", "function原因"]  # fmt: skip
    row = [
        "A-1",
        day,
        company.customer.name,
        "刘强",
        "95.4",
        "A",
        "满意",
        "无",
        "包装再结实些",
        "太吵",
    ]
    text = "\n".join(";".join(cells) for cells in (heading, row))
    file = tmp_path / "agency.csv"
    file.write_bytes(text.encode("gbk"))
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[columns]\nfunction = "Q1"\nfunction_reason = "function原因"\n'
        '[levels]\n"A" = "5"\n"B" = "4"\n[defaults]\nchannel = "走访"\n',
        encoding="utf-8",
    )
    # The clock of the file has no zone: it is the company's, eight hours before that of UTC.
    campaign.starts_at = now() - timedelta(days=3)
    campaign.save(update_fields=["starts_at"])
    done = run(file, campaign, "--mapping", mapping)
    assert done.code == 0, done.err
    assert "GB18030" in done.out
    response = Response.objects.get()
    assert (response.levels, response.seconds, response.channel) == ("53- ", 95, "visit")
    assert response.texts == {"wishes": "包装再结实些", "function": "太吵"}


def test_an_excel_file_is_read_with_its_kinds_of_cells(campaign, tmp_path):
    book = Workbook()
    page = book.active
    page.append(HEADING)
    moment = (now() - timedelta(hours=12)).replace(tzinfo=None, microsecond=0)
    page.append(form(1, received_at=moment, function=5.0, seconds=77.0))
    page.append(form(2, received_at=moment, external_id=17, function="很满意"))
    book.save(tmp_path / "answers.xlsx")
    done = run(tmp_path / "answers.xlsx", campaign)
    assert done.code == 0, done.err
    first, second = Response.objects.order_by("pk")
    assert (first.seconds, first.levels, second.external_id) == (77, "543 ", "17")


def test_products_that_the_catalogue_does_not_know_can_be_mapped_or_left_out(
    company, campaign, tmp_path
):
    mapping = tmp_path / "map.toml"
    mapping.write_text('[values.product]\n"二百" = "BX-200"\n"*" = ""\n', encoding="utf-8")
    file = write(tmp_path, form(1, product="二百"), form(2, product="ZX-9"))
    done = run(file, campaign, "--mapping", mapping)
    assert done.code == 0, done.err
    assert [one.product for one in Response.objects.order_by("pk")] == [company.product, None]


def test_a_mapping_that_knows_no_such_question_is_refused(campaign, tmp_path):
    mapping = tmp_path / "map.toml"
    for text in ('[columns]\nnothing = "Q1"', "[levels]\nA = 5", '[cases]\nsource = "x"'):
        mapping.write_text(text, encoding="utf-8")
        done = run(write(tmp_path, form(1)), campaign, "--mapping", mapping)
        assert done.code == 2
        assert "Mapping" in done.err


def test_a_file_that_cannot_be_used_is_refused_as_a_whole(company, campaign, tmp_path):
    draft = factories.campaign(company, state="draft", launched_at=None)
    file = write(tmp_path, form(1))
    done = run(file, draft)
    assert done.code == 2
    assert f"Campaign {draft.number} has not been launched." in done.err
    draft.number = "DC-1999-0001"
    assert "There is no campaign “DC-1999-0001”" in run(file, draft).err
    empty = tmp_path / "empty.csv"
    empty.write_text("external_id,received_at\n1,2026-01-01\n", encoding="utf-8")
    done = run(empty, campaign)
    assert done.code == 2
    assert "Columns are missing: function, appearance, timeliness, notice" in done.err
    assert run(tmp_path / "nowhere.csv", campaign).code == 2


def test_who_may_not_run_campaigns_imports_nothing(company, campaign, tmp_path):
    file = write(tmp_path, form(1))
    for name in ("agent", "handler", "auditor", "nobody"):
        assert run(file, campaign, "--as", name).code == 2
    assert run(file, campaign, "--as", "engineer").code == 0
    assert Response.objects.get().entered_by == company.engineer


class Terminal(io.StringIO):
    """A terminal whose person presses Ctrl-C when the storing has begun."""

    def isatty(self):
        return True

    def write(self, text):
        if "Storing" in text:
            raise KeyboardInterrupt
        return super().write(text)


def test_ctrl_c_leaves_nothing_behind(campaign, tmp_path):
    file, screen = write(tmp_path, form(1), form(2)), Terminal()
    with pytest.raises(SystemExit) as ended:
        call_command("import_responses", str(file), "--campaign", campaign.number,
                     stdout=io.StringIO(), stderr=screen)  # fmt: skip
    assert ended.value.code == 130
    assert "nothing was imported" in screen.getvalue()
    assert not Response.objects.exists()


def test_many_rows_take_no_statement_each(company, campaign, tmp_path):
    given = {"campaign": campaign, "name": "顾客", "draft_at": now()}
    Invitee.objects.bulk_create(
        Invitee(external_id=f"{number:04}", **given) for number in range(1, 3001)
    )

    def statements(first, count):
        rows = [form(number, customer=f"顾客 {number}") for number in range(first, first + count)]
        with CaptureQueriesContext(connection) as seen:
            assert run(write(tmp_path, *rows), campaign).code == 0
        return len(seen)

    assert statements(1, 5) == statements(100, 30)
    assert statements(1000, 2000) < 150
    assert not Invitee.objects.filter(response__isnull=False, draft_at__isnull=False).exists()
