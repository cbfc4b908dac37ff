"""Attachments: checked, stored under a random key, written before their row."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.inspection import is_honest
from cases.domain.photos import without_camera_data
from cases.enums import Purpose
from cases.models import Attachment, Case, CorrectiveAction
from cases.validators import Problems
from workflows.domain.context import now

# Type by ending, with the bytes such a file begins with; nothing else comes in.
ALLOWED: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (b"PK\x03\x04",),
    ),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (b"PK\x03\x04",),
    ),
    ".mp4": ("video/mp4", ()),
    ".mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3")),
    ".m4a": ("audio/mp4", ()),
    ".wav": ("audio/wav", (b"RIFF",)),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}
_TEXTUAL = {".txt", ".csv"}


@dataclass(frozen=True)
class Checked:
    """An upload that may come in: where its bytes are, its name as people see it, its type."""

    upload: Any
    name: str
    content_type: str


def check(problems: Problems, uploads: Sequence[Any], *, field: str = "files") -> list[Checked]:
    """Check each upload; what is wrong stands under `field` with the file's name."""
    checked = []
    for upload in uploads:
        try:
            checked.append(check_one(upload))
        except ValidationError as error:
            problems.add(field, error.messages[0])
    return checked


def check_one(upload: Any) -> Checked:
    """One file: a name that is safe to show, an allowed ending, and the bytes it promises."""
    name = clean_name(upload.name or "")
    ending = Path(name).suffix.lower()
    if ending not in ALLOWED:
        raise ValidationError(_("%(name)s: files of this type are not accepted.") % {"name": name})
    if upload.size == 0:
        raise ValidationError(_("%(name)s is empty.") % {"name": name})
    if upload.size > settings.ATTACHMENT_MAX_MB * 1024 * 1024:
        raise ValidationError(
            _("%(name)s is larger than %(most)s MB.")
            % {"name": name, "most": settings.ATTACHMENT_MAX_MB}
        )
    content_type, beginnings = ALLOWED[ending]
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    honest = head.startswith(beginnings) if beginnings else True
    if ending in _TEXTUAL and b"\x00" in head:
        honest = False
    if not honest or not is_honest(upload, ending, content_type):
        raise ValidationError(_("%(name)s is not what its ending says.") % {"name": name})
    return Checked(without_camera_data(upload, name, content_type), name, content_type)


def clean_name(name: str) -> str:
    """The last part of a path without control, direction and reserved characters."""
    last = re.split(r"[\\/]", name)[-1][-1000:]
    last = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*')
    last = last.strip(" .")
    path = Path(last or "file")
    return f"{path.stem[:100]}{path.suffix[:10]}"


def keep(
    checked: Sequence[Checked],
    *,
    case: Case,
    by: User,
    action: CorrectiveAction | None = None,
    purpose: Purpose = Purpose.CASE,
) -> list[Attachment]:
    """Store the bytes, then write the rows; both inside the business transaction.

    A file whose row is rolled back is an orphan that a sweep removes; a row without its file
    cannot come into being. Raises ValidationError past the quota of the case.
    """
    if not checked:
        return []
    if case.files.count() + len(checked) > settings.ATTACHMENTS_PER_CASE:
        raise ValidationError(
            {
                "files": _("A case holds at most %(most)s files.")
                % {"most": settings.ATTACHMENTS_PER_CASE}
            }
        )
    rows = [
        Attachment(
            case=case, action=action, purpose=purpose, name=file.name,
            content_type=file.content_type, by=by, at=now(), **store(file),
        )
        for file in checked
    ]  # fmt: skip
    return Attachment.objects.bulk_create(rows)


def store(file: Checked) -> dict[str, Any]:
    """Write the bytes under a random key, durable before the row: key, size, sha256."""
    key = secrets.token_hex(20)
    folder = settings.MEDIA_ROOT / key[:2]
    folder.mkdir(parents=True, exist_ok=True)
    source = file.upload
    source.seek(0)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        for chunk in iter(lambda: source.read(65536), b""):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    Path(target.name).rename(folder / key)
    return {"key": key, "size": size, "sha256": digest.hexdigest()}


def path_of(attachment: Attachment) -> Path:
    return Path(settings.MEDIA_ROOT) / attachment.key[:2] / attachment.key


def attach(
    *,
    by: User,
    case: Case,
    uploads: Sequence[Any],
    action: CorrectiveAction | None = None,
    purpose: Purpose = Purpose.CASE,
) -> list[Attachment]:
    """Add files to a case or to one of its actions, outside of any step."""
    from django.db import transaction

    from cases.permissions import may_write
    from workflows.errors import Forbidden

    if not may_write(case, by):
        raise Forbidden(_("You may read this case but not change it."))
    problems = Problems()
    if not uploads:
        problems.add("files", _("Choose at least one file."))
    checked = check(problems, uploads)
    problems.check()
    with transaction.atomic():
        return keep(checked, case=case, by=by, action=action, purpose=purpose)
