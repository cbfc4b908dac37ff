"""Photos on their way into a document: small enough to send, in a format every program reads."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from cases.domain.inspection import MOST_PIXELS

# About 200 dots an inch where it is printed.
SIZE = (700, 520)


def shrunk(path: Path) -> bytes | None:
    """A JPEG of the picture on white ground; None for one that cannot be read or is too large."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", SIZE)
            small = ImageOps.exif_transpose(image).convert("RGBA")
        small.thumbnail(SIZE)
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small, mask=small)
        out = BytesIO()
        ground.save(out, "JPEG", quality=85)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return out.getvalue()
