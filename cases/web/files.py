"""Attachments going out: only to who sees the case and what the file came with, never as something
a browser would run."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps

from cases.domain import opinion_access
from cases.domain.files import path_of
from cases.models import Attachment, Case

# Twice the size that pages show, for sharp screens.
THUMB = (240, 180)
MOST_PIXELS = 80_000_000
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A file is never changed, but a person may lose the right to see it.
    "Cache-Control": "private, max-age=300",
}


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse | FileResponse:
    """A file to save; `?thumb=1` shows a small picture and `?inline=1` a large one in the page."""
    user: Any = request.user
    attachment = (
        Attachment.objects.filter(key=key, removed_at=None, case__in=Case.objects.visible_to(user))
        .filter(opinion_access.files(user))
        .first()
    )
    if attachment is None or not path_of(attachment).exists():
        raise Http404
    if attachment.is_image and "thumb" in request.GET:
        small = thumbnail(attachment)
        if small is not None:
            return answer(small, "thumbnail.jpg", "image/jpeg", inline=True)
    inline = attachment.is_image and ("inline" in request.GET or "thumb" in request.GET)
    kind = attachment.content_type if inline else "application/octet-stream"
    return answer(path_of(attachment), attachment.name, kind, inline=inline)


def answer(path: Path, name: str, content_type: str, *, inline: bool) -> FileResponse:
    response = FileResponse(
        path.open("rb"), as_attachment=not inline, filename=name, content_type=content_type
    )
    for header, value in SAFE_HEADERS.items():
        response[header] = value
    return response


def thumbnail(attachment: Attachment) -> Path | None:
    """The small picture, made once; None for a picture that cannot be read or is too large."""
    folder = Path(settings.MEDIA_ROOT).parent / "thumbs" / attachment.key[:2]
    target = folder / f"{attachment.key}.jpg"
    if target.exists():
        return target
    try:
        with Image.open(path_of(attachment)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", THUMB)
            small = ImageOps.exif_transpose(image).convert("RGBA")
            small.thumbnail(THUMB)
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small, mask=small)
        folder.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(f".{attachment.pk}.part")
        ground.save(half, "JPEG", quality=82)
        half.replace(target)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return target
