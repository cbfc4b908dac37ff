"""Importing answers on screen: a trial run first, then the import, rows in error as a file."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.domain import waiting_files
from surveys.models import Finding, ImportBatch, Response
from tests.cases.importing import sheet
from tests.cases.pages import someone, statements
from tests.surveys import factories, suspecting
from tests.surveys.importing import HEADING, form

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(company):
    return factories.campaign(company)


def upload(tmp_path, *rows, name="answers.csv"):
    path = sheet(tmp_path / name, [HEADING, *rows])
    return SimpleUploadedFile(name, path.read_bytes(), content_type="text/csv")


def address(campaign, more=""):
    return f"/satisfaction/campaigns/{campaign.number}/import/{more}"


def key_in(answer):
    return answer.context["found"].key


def test_a_file_is_tried_first_and_imported_on_a_second_word(company, campaign, tmp_path):
    client = someone(company, "marketer")
    assert client.get(address(campaign)).status_code == 200
    answer = client.post(address(campaign), {"file": upload(tmp_path, form(1), form(2))})
    assert answer.status_code == 200
    assert answer.context["importable"] == 2
    assert not Response.objects.exists()
    done = client.post(address(campaign, "take/"), {"key": key_in(answer)}, follow=True)
    assert "Imported: 2 forms" in done.content.decode()
    assert Response.objects.count() == 2
    batch = ImportBatch.objects.get()
    assert (batch.file_name, batch.by) == ("answers.csv", company.marketer)
    assert "answers.csv" in client.get(address(campaign)).content.decode()
    assert not list(waiting_files.folder().iterdir())


def test_rows_in_error_are_shown_downloaded_and_left_out_on_purpose_only(
    company, campaign, tmp_path
):
    client = someone(company, "marketer")
    file = upload(tmp_path, form(1), form(2, function=9), form(3))
    answer = client.post(address(campaign), {"file": file})
    page = answer.content.decode()
    assert "“9” is not a level" in page
    assert "Import the other rows" in page
    key = key_in(answer)
    refused = client.post(address(campaign, "take/"), {"key": key})
    assert refused.status_code == 422
    assert not Response.objects.exists()
    rejects = client.get(address(campaign, f"{key}/rejects/"))
    text = b"".join(rejects.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].endswith(",row,reason")
    assert "0002" in text
    client.post(address(campaign, "take/"), {"key": key, "skip": "1"})
    assert sorted(Response.objects.values_list("external_id", flat=True)) == ["0001", "0003"]


def test_a_mapping_comes_along(company, campaign, tmp_path):
    client = someone(company, "marketer")
    heading = [*HEADING]
    heading[10] = "Q1"
    path = sheet(tmp_path / "a.csv", [heading, form(1)])
    given = {
        "file": SimpleUploadedFile("a.csv", path.read_bytes()),
        "mapping": SimpleUploadedFile("m.toml", b'[columns]\nfunction = "Q1"\n'),
    }
    answer = client.post(address(campaign), given)
    assert answer.context["importable"] == 1
    client.post(address(campaign, "take/"), {"key": key_in(answer)})
    assert Response.objects.get().levels == "543 "


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF-", "files of this type are not accepted"),
        ("a.csv", b"x,y\n1,2\n", "Columns are missing"),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"no workbook", "is not an Excel file"),
        ("a.csv", b'external_id,received_at,function\n"1,2,3\n', "quotation mark"),
    ],
)
def test_bad_files_are_refused_at_the_field(company, campaign, name, content, says):
    client = someone(company, "marketer")
    answer = client.post(address(campaign), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert client.post(address(campaign), {}).status_code == 422


def test_a_bad_mapping_is_refused_and_so_is_a_file_with_too_many_rows(
    company, campaign, tmp_path, monkeypatch
):
    client = someone(company, "marketer")
    bad = SimpleUploadedFile("m.toml", b"[nothing]\n")
    answer = client.post(address(campaign), {"file": upload(tmp_path, form(1)), "mapping": bad})
    assert answer.status_code == 422
    monkeypatch.setattr("surveys.web.importing.MOST_ROWS", 2)
    many = upload(tmp_path, form(1), form(2), form(3))
    answer = client.post(address(campaign), {"file": many})
    assert answer.status_code == 422
    assert "imported by the command" in answer.content.decode()


def test_a_file_belongs_to_who_sent_it_and_goes_after_a_day(company, campaign, tmp_path):
    client = someone(company, "marketer")
    key = key_in(client.post(address(campaign), {"file": upload(tmp_path, form(1))}))
    other = someone(company, "engineer")
    lost = other.post(address(campaign, "take/"), {"key": key}, follow=True)
    assert "not there any more" in lost.content.decode()
    assert other.get(address(campaign, f"{key}/rejects/")).status_code == 404
    for bad in ("", "..", "a" * 64, "x/../../y"):
        client.post(address(campaign, "take/"), {"key": bad})
    assert not Response.objects.exists()
    here: Path = waiting_files.folder() / key
    old = time.time() - 2 * waiting_files.KEPT_SECONDS
    os.utime(here, (old, old))
    waiting_files.sweep()
    assert not here.exists()


def test_who_does_not_run_campaigns_finds_no_import(company, campaign):
    for name in ("agent", "handler", "head", "representative", "auditor", "admin"):
        client = someone(company, name)
        assert client.get(address(campaign)).status_code == 404
        assert client.post(address(campaign, "take/"), {"key": "x"}).status_code == 404
        assert client.post(f"/satisfaction/campaigns/{campaign.number}/examine/").status_code == 404
    assert someone(company, "marketer").get(address(campaign, "sheet/")).status_code == 200
    assert someone(company, "marketer").get("/satisfaction/campaigns/X/import/").status_code == 404


def test_a_draft_says_why_nothing_can_be_imported(company, tmp_path):
    draft = factories.campaign(company, state="draft", launched_at=None)
    client = someone(company, "marketer")
    page = client.get(address(draft))
    assert page.status_code == 200
    assert "has not been launched" in page.content.decode()
    assert client.post(address(draft), {"file": upload(tmp_path, form(1))}).status_code == 422
    assert client.get(address(draft, "sheet/")).status_code == 404


def test_the_empty_sheet_has_the_columns_of_the_questionnaire(company, campaign):
    sheet_of = someone(company, "marketer").get(address(campaign, "sheet/"))
    assert sheet_of.content.decode("utf-8-sig").strip() == ",".join([*HEADING, "wishes", "repair"])


def test_quality_examines_on_the_same_page(company):
    campaign = suspecting.campaign(company)
    client = someone(company, "engineer")
    assert "Examine now" in client.get(address(campaign)).content.decode()
    url = f"/satisfaction/campaigns/{campaign.number}/examine/"
    page = client.post(url, follow=True).content.decode()
    assert "New findings: 1" in page
    assert Finding.objects.get().number in page
    assert "Examine now" not in someone(company, "marketer").get(address(campaign)).content.decode()


def test_the_page_takes_the_same_statements_for_many_batches(company, campaign):
    client = someone(company, "marketer")

    def batches(count):
        ImportBatch.objects.bulk_create(
            ImportBatch(campaign=campaign, file_name="a", sha256="", by=company.marketer,
                        at=campaign.launched_at)
            for _turn in range(count)
        )  # fmt: skip
        return statements(client, "get", address(campaign))[1]

    assert batches(1) == batches(49)
