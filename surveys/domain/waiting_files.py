"""Uploaded files of answers that wait, between the trial run and the import, for a person's word.

They lie beside the attachments, under the hash of their content, and go after a day.
"""

import hashlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.domain.files import clean_name
from cases.domain.importing.source import TEXT, WORKBOOK

LARGEST = 50 * 2**20
LARGEST_MAPPING = 2**20
KEPT_SECONDS = 86_400
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Waiting:
    """A file with what it is called, and its mapping where one came along."""

    key: str
    path: Path
    name: str
    mapping: Path | None


def folder() -> Path:
    return Path(settings.MEDIA_ROOT).parent / "imports"


def keep(upload: Any, mapping: Any | None, *, owner: str) -> Waiting:
    """Store an upload for its owner (person and campaign). Raises ValidationError by field."""
    name = clean_name(upload.name or "")
    ending = Path(name).suffix.lower()
    if ending not in (*TEXT, *WORKBOOK):
        raise ValidationError(
            {"file": _("%(name)s: files of this type are not accepted.") % {"name": name}}
        )
    for field, given, most in (("file", upload, LARGEST), ("mapping", mapping, LARGEST_MAPPING)):
        if given is not None and given.size > most:
            told = {"name": clean_name(given.name or ""), "most": most // 2**20}
            raise ValidationError({field: _("%(name)s is larger than %(most)s MB.") % told})
    rules = mapping.read() if mapping is not None else b""
    key = key_of(upload.chunks(), owner, name, rules)
    here = folder() / key
    here.mkdir(parents=True, exist_ok=True)
    with (here / f"answers{ending}").open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    (here / "name").write_text(name, encoding="utf-8")
    (here / "owner").write_text(owner, encoding="utf-8")
    if rules:
        (here / "mapping.toml").write_bytes(rules)
    sweep()
    return waiting(here)


def key_of(chunks: Iterable[bytes], owner: str, name: str, rules: bytes) -> str:
    digest = hashlib.sha256("\x1f".join((owner, name)).encode() + b"\x1f" + rules + b"\x1f")
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def waiting(here: Path) -> Waiting:
    mapping = here / "mapping.toml"
    return Waiting(
        key=here.name,
        path=next(here.glob("answers.*")),
        name=(here / "name").read_text(encoding="utf-8"),
        mapping=mapping if mapping.exists() else None,
    )


def find(key: str, *, owner: str) -> Waiting | None:
    """The file of this key, if it is this owner's and still there."""
    here = folder() / key if _KEY.fullmatch(key) else None
    try:
        if here is None or (here / "owner").read_text(encoding="utf-8") != owner:
            return None
        return waiting(here)
    except (OSError, StopIteration):
        return None


def drop(found: Waiting) -> None:
    clear(found.path.parent)


def sweep() -> None:
    """Remove what nobody came back for."""
    oldest = time.time() - KEPT_SECONDS
    for here in folder().iterdir():
        try:
            if here.stat().st_mtime < oldest:
                clear(here)
        except OSError:
            # Somebody else is sweeping too.
            continue


def clear(here: Path) -> None:
    for file in here.iterdir():
        file.unlink(missing_ok=True)
    here.rmdir()
