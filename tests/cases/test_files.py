"""Files come in only as what they are, and go out only to who sees the case, as downloads."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.domain import files
from cases.enums import CaseState
from cases.models import Attachment
from tests.cases.pages import page, sent, someone, step_url
from tests.factories import PNG, bring, log, order, picture, walk_action

pytestmark = pytest.mark.django_db
S = CaseState


def jpeg(gps: bool = False, size: tuple[int, int] = (60, 40), kind: str = "JPEG") -> bytes:
    image, content = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    if gps:
        exif[0x010F] = "Spy camera"
        exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    image.save(content, kind, exif=exif)
    return content.getvalue()


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return content.getvalue()


def png(width: int, height: int) -> bytes:
    """The head of a PNG that says how large it is, without its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    packed = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + packed + b"\x00\x00\x00\x00IEND\xaeB`\x82"


HTML = b"<html><script>alert(1)</script></html>"
OFFICE = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
ZOO = {
    "page.html": HTML,
    "page.xhtml": HTML,
    "page.mht": HTML,
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "html.png": HTML,
    "html.jpg": b"\xff\xd8\xff" + HTML,
    "script.gif": b"GIF89a/*" + HTML + b"*/=1;",
    "cut.png": PNG[:30],
    "huge.png": png(40_000, 40_000),
    "report.pdf.exe": b"MZ" + b"\x00" * 100,
    "program.exe": b"MZ",
    "shell.pdf": b"MZ\x90\x00",
    "empty.png": b"",
    "none": b"text",
    ".htaccess": b"Deny from all",
    "text.txt": b"a\x00b",
    "archive.zip": archive(**OFFICE),
    "archive.docx": archive(readme=b"x"),
    "macro.docx": archive(**OFFICE, **{"word/vbaProject.bin": b"x"}),
    "broken.xlsx": b"PK\x03\x04" + b"\x00" * 40,
    "sound.mp4": b"\x00\x00\x00\x18nope",
    "riff.webp": b"RIFF\x00\x00\x00\x00AVI LIST",
    "x" * 300 + ".exe": b"MZ",
    "a." + "b" * 5000: b"x",
}


@pytest.mark.parametrize("name", ZOO)
def test_what_is_not_what_it_says_stays_outside_with_a_message(company, name, settings):
    case = log(company)
    upload = SimpleUploadedFile(name, ZOO[name], content_type="image/png")
    answer = someone(company, "agent").post(f"/cases/{case.number}/files/", {"uploads": [upload]})
    assert answer.status_code == 400
    assert "data-form-errors" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not settings.MEDIA_ROOT.exists() or not any(settings.MEDIA_ROOT.rglob("*"))


def test_a_file_that_is_too_large_stays_outside(company, settings):
    settings.ATTACHMENT_MAX_MB = 1
    case = log(company)
    upload = SimpleUploadedFile("large.txt", b"x" * (1024 * 1024 + 1))
    answer = someone(company, "agent").post(f"/cases/{case.number}/files/", {"uploads": [upload]})
    assert answer.status_code == 400
    assert "larger than 1 MB" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_one_bad_file_keeps_the_good_ones_outside_too(company):
    case = log(company)
    data = {"uploads": [picture("good.png"), SimpleUploadedFile("bad.html", HTML)]}
    answer = someone(company, "agent").post(f"/cases/{case.number}/files/", data)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "bad.html" in html
    assert "Please choose these files again: good.png, bad.html" in html
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(("sent_name", "kept"), [
    ("../../etc/passwd.png", "passwd.png"),
    ("C:\\temp\\x.png", "x.png"),
    ("evil\u202egnp.exe.png", "evilgnp.exe.png"),
    ("nul\x00l.png", "null.png"),
    ("a\u200bb<b>.png", "abb.png"),
    ("照片 1.PNG", "照片 1.PNG"),
    ("n" * 300 + ".png", "n" * 100 + ".png"),
])  # fmt: skip
def test_names_are_cleaned_and_never_used_for_storing(company, sent_name, kept):
    case = log(company)
    upload = picture("x.png")
    upload._name = sent_name
    [row] = files.attach(by=company.agent, case=case, uploads=[upload])
    assert row.name == kept
    assert files.path_of(row).name == row.key
    assert len(row.key) == 40


def test_over_http_a_path_in_the_name_leads_nowhere(company, settings):
    case = log(company)
    upload = picture("../../../evil.png")
    client = someone(company, "agent")
    client.post(f"/cases/{case.number}/files/", {"uploads": [upload]})
    row = Attachment.objects.get()
    assert row.name == "evil.png"
    assert files.path_of(row).is_relative_to(settings.MEDIA_ROOT)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_photo_was_taken_is_removed(company, kind):
    case = log(company)
    raw = jpeg(gps=True, kind=kind)
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825)
    name = f"photo.{kind.lower()}"
    upload = SimpleUploadedFile(name, raw, content_type=f"image/{kind.lower()}")
    [row] = files.attach(by=company.agent, case=case, uploads=[upload])
    kept = Image.open(files.path_of(row))
    assert not kept.getexif().get_ifd(0x8825)
    assert b"Spy camera" not in files.path_of(row).read_bytes()
    assert kept.size == (60, 40)


def test_a_picture_that_tells_nothing_is_kept_to_the_byte(company):
    raw = jpeg()
    upload = SimpleUploadedFile("photo.jpg", raw, content_type="image/jpeg")
    [row] = files.attach(by=company.agent, case=log(company), uploads=[upload])
    assert files.path_of(row).read_bytes() == raw


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.pdf", "a.docx", "a.txt", "a.csv"])
def test_what_people_really_send_comes_in(company, name):
    content = {
        "a.png": PNG, "a.jpg": jpeg(), "a.pdf": b"%PDF-1.4\n%%EOF", "a.docx": archive(**OFFICE),
        "a.txt": "压装记录".encode("gb18030"), "a.csv": b"a,b\n1,2\n",
    }[name]  # fmt: skip
    case = log(company)
    client = someone(company, "agent")
    upload = SimpleUploadedFile(name, content)
    answer = client.post(f"/cases/{case.number}/files/", {"uploads": [upload]})
    assert answer.status_code == 302
    assert name in page(client, case)


# ---------------------------------------------------------------------------- going out
def one_file(company, name="photo.png", content=PNG):
    case = bring(company, S.STATEMENT)
    upload = SimpleUploadedFile(name, content)
    [row] = files.attach(by=company.agent, case=case, uploads=[upload])
    return row


def test_a_file_goes_out_as_a_download_that_no_browser_runs(company):
    row = one_file(company, "照片.png")
    answer = someone(company, "handler").get(f"/files/{row.key}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["?inline=1", "?thumb=1"])
def test_only_pictures_are_shown_in_a_page(company, query):
    client = someone(company, "agent")
    shown = client.get(f"/files/{one_file(company).key}/{query}")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Type"] in {"image/png", "image/jpeg"}
    other = client.get(f"/files/{one_file(company, 'a.pdf', b'%PDF-1.4').key}/{query}")
    assert other["Content-Disposition"].startswith("attachment")
    assert other["Content-Type"] == "application/octet-stream"


def test_who_does_not_see_the_case_does_not_get_its_files(company):
    row = one_file(company)
    for query in ("", "?inline=1", "?thumb=1"):
        assert someone(company, "buyer").get(f"/files/{row.key}/{query}").status_code == 404
    assert someone(company, "auditor").get(f"/files/{row.key}/").status_code == 200


@pytest.mark.parametrize("key", ["0" * 40, "..", "x%00y", "%2e%2e%2fsettings", "a" * 500])
def test_guessed_keys_are_not_found(company, key):
    assert someone(company, "manager").get(f"/files/{key}/").status_code == 404


def test_a_file_that_was_taken_back_or_lost_is_not_found(company):
    row, lost = one_file(company), one_file(company)
    Attachment.objects.filter(pk=row.pk).update(removed_at=row.at, removed_by=company.agent)
    files.path_of(lost).unlink()
    client = someone(company, "agent")
    assert client.get(f"/files/{row.key}/").status_code == 404
    assert client.get(f"/files/{lost.key}/").status_code == 404


def test_thumbnails_are_small_and_made_once(company, settings):
    row = one_file(company, "large.jpg", jpeg(size=(3000, 2000)))
    client = someone(company, "agent")
    small = b"".join(client.get(f"/files/{row.key}/?thumb=1").streaming_content)
    assert Image.open(io.BytesIO(small)).size == (240, 160)
    [made] = (settings.MEDIA_ROOT.parent / "thumbs").rglob("*.jpg")
    moment = made.stat().st_mtime_ns
    client.get(f"/files/{row.key}/?thumb=1").close()
    assert made.stat().st_mtime_ns == moment


def test_evidence_of_an_action_is_refused_or_kept_whole(company):
    case = order(company, bring(company, S.REVIEW))
    action = walk_action(company, case.actions.get(), "in_progress")
    client, url = someone(company, "handler"), step_url(action, "submit")
    bad = sent(action, result="Done", uploads=[SimpleUploadedFile("x.svg", HTML)])
    answer = client.post(url, bad)
    assert answer.status_code == 400
    assert "Done" in answer.content.decode()
    assert not action.files.exists()
    good = sent(action, result="Done", uploads=[picture("a.png"), picture("b.png")])
    assert client.post(url, good).status_code == 302
    assert action.files.count() == 2


def test_a_file_for_an_action_of_another_case_is_not_found(company):
    case, other = bring(company, S.REVIEW), log(company)
    action = order(company, case).actions.get()
    data = {"uploads": [picture()], "action": action.number}
    client = someone(company, "agent")
    assert client.post(f"/cases/{other.number}/files/", data).status_code == 404
    data = {"uploads": [picture()], "action": action.number}
    answer = client.post(f"/cases/{case.number}/files/", data)
    assert answer["Location"].startswith(action.get_absolute_url())
    assert action.files.count() == 1
