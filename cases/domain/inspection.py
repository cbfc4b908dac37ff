"""Looking into uploads: is the content what the ending says, and is it harmless to open."""

import struct
import warnings
import zipfile
from typing import Any

from PIL import Image

# A photo of today's cameras has 50 million pixels; a "bomb" unpacks to thousands of millions.
MOST_PIXELS = 80_000_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5_000
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}
# What may stand at the fourth and at the eighth byte, where the first four say too little.
CONTAINERS = {
    ".mp4": (4, (b"ftyp",)),
    ".m4a": (4, (b"ftyp",)),
    ".webp": (8, (b"WEBP",)),
    ".wav": (8, (b"WAVE",)),
}
OFFICE_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}


def is_honest(upload: Any, ending: str, content_type: str) -> bool:
    """Whether a file of a known ending is really one; the upload stands at its beginning after."""
    upload.seek(0)
    head = upload.read(4096)
    try:
        if ending in CONTAINERS:
            place, marks = CONTAINERS[ending]
            if not head[place:].startswith(marks):
                return False
        if content_type in FORMATS:
            return is_picture(upload, FORMATS[content_type])
        if ending in OFFICE_PARTS:
            return is_office(upload, OFFICE_PARTS[ending])
        return True
    finally:
        upload.seek(0)


def is_picture(upload: Any, expected: str) -> bool:
    """A picture that can be read and is not too large to be drawn; nothing is unpacked."""
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(upload, formats=[expected]) as image:
                small = 0 < image.width * image.height <= MOST_PIXELS
                image.verify()
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        return False
    return small


def is_office(upload: Any, part: str) -> bool:
    """A document of its kind without macros, which does not unpack to more than a disk holds."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    names = {entry.filename for entry in parts}
    if not {"[Content_Types].xml", part} <= names or len(parts) > MOST_PARTS:
        return False
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return False
    return sum(entry.file_size for entry in parts) <= MOST_UNPACKED
