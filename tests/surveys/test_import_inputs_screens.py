"""Importing inputs on screen: a trial run first, then the import, rows in error as a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.domain import waiting_files
from surveys.models import DeliveredQuality, InputBatch
from tests.cases.pages import someone, statements
from tests.surveys import inputs
from tests.surveys.inputs import HEADINGS, row, write
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
PAGE = "/satisfaction/inputs/quality/import/"


def upload(tmp_path, *rows, name="quality.csv"):
    path = write(tmp_path, "quality", *rows)
    return SimpleUploadedFile(name, path.read_bytes(), content_type="text/csv")


def test_a_file_is_tried_first_and_imported_on_a_second_word(company, tmp_path):
    client = someone(company, "marketer")
    inputs.quality(company)
    file = upload(tmp_path, row("quality", 不合格数=9), row("quality", 月份="2026-02"))
    answer = client.post(PAGE, {"file": file})
    assert answer.status_code == 200
    assert answer.context["importable"] == 2
    assert "Of these replace a figure" in answer.content.decode()
    assert DeliveredQuality.objects.count() == 1
    key = answer.context["found"].key
    done = client.post(f"{PAGE}take/", {"key": key}, follow=True)
    assert "Imported: 2 rows" in done.content.decode()
    assert DeliveredQuality.objects.standing().count() == 2
    batch = InputBatch.objects.get()
    assert (batch.file_name, batch.taken, batch.by) == ("quality.csv", 2, company.marketer)
    assert not list(waiting_files.folder().iterdir())


def test_rows_in_error_are_shown_downloaded_and_left_out_on_purpose_only(company, tmp_path):
    client = someone(company, "marketer")
    bad = row("quality", 月份="2026-02", 不合格数=5000)
    answer = client.post(PAGE, {"file": upload(tmp_path, row("quality"), bad)})
    page = answer.content.decode()
    assert "More than were delivered" in page
    assert "Import the other rows" in page
    key = answer.context["found"].key
    assert client.post(f"{PAGE}take/", {"key": key}).status_code == 422
    assert not DeliveredQuality.objects.exists()
    rejects = client.get(f"{PAGE}{key}/rejects/")
    text = b"".join(rejects.streaming_content).decode("utf-8-sig")
    assert "5000" in text
    kept = client.post(f"{PAGE}take/", {"key": key, "skip": "1"}, follow=True)
    assert "The rows in error were left out." in kept.content.decode()
    assert DeliveredQuality.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF-", "files of this type are not accepted"),
        ("a.csv", b"x,y\n1,2\n", "Columns are missing"),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"no workbook", "is not an Excel file"),
    ],
)
def test_bad_files_are_refused_at_the_field(company, name, content, says):
    client = someone(company, "marketer")
    answer = client.post(PAGE, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert client.post(PAGE, {}).status_code == 422


def test_a_waiting_file_belongs_to_its_kind_and_to_who_sent_it(company, tmp_path):
    client = someone(company, "marketer")
    key = client.post(PAGE, {"file": upload(tmp_path)}).context["found"].key
    for other, page in ((someone(company, "engineer"), PAGE),
                        (client, PAGE.replace("quality", "sales"))):  # fmt: skip
        lost = other.post(f"{page}take/", {"key": key}, follow=True)
        assert "not there any more" in lost.content.decode()
        assert other.get(f"{page}{key}/rejects/").status_code == 404
    assert not DeliveredQuality.objects.exists()


def test_the_empty_sheet_has_headings_that_are_read_again(company):
    client = someone(company, "marketer")
    for kind in HEADINGS:
        sheet = client.get(f"/satisfaction/inputs/{kind}/import/sheet/")
        text = sheet.content.decode("utf-8-sig")
        again = SimpleUploadedFile("a.csv", (text + "x" + "," * text.count(",")).encode())
        answer = client.post(f"/satisfaction/inputs/{kind}/import/", {"file": again})
        assert answer.status_code == 200
        assert not answer.context["report"].ignored


def test_the_page_takes_the_same_statements_for_many_batches(company):
    client = someone(company, "marketer")

    def batches(count):
        InputBatch.objects.bulk_create(
            InputBatch(kind="quality", file_name="a", sha256="", rows=1, taken=1, refused=0,
                       by=company.marketer, at=now())
            for _turn in range(count)
        )  # fmt: skip
        return statements(client, "get", PAGE)[1]

    assert batches(1) == batches(49)
