"""Pictures without what the camera wrote into them: where a customer lives is nobody's business."""

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from cases.domain.inspection import MOST_PIXELS

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# Where cameras and programs write place, device and author.
OTHERS = ("xmp", "XML:com.adobe.xmp", "photoshop", "comment", "Raw profile type exif")


def without_camera_data(upload: Any, name: str, content_type: str) -> Any:
    """The upload itself where there is nothing to hide, else a copy without it.

    Evidence is not pressed a second time without need. Raises ValidationError for a picture that
    cannot be read to its end.
    """
    if content_type not in FORMATS:
        return upload
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        upload.seek(0)
        image = Image.open(upload)
        image.load()
        tells = any(image.info.get(key) for key in OTHERS) or bool(image.getexif())
        return copy_of(image, FORMATS[content_type]) if tells else upload
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("%(name)s is not what its ending says.") % {"name": name}
        ) from error


def copy_of(image: Any, file_format: str) -> BytesIO:
    """The pixels alone, turned the way the camera was held."""
    turned = ImageOps.exif_transpose(image)
    for key in ("exif", *OTHERS):
        turned.info.pop(key, None)
    given: dict[str, Any] = {"quality": 92} if file_format != "PNG" else {}
    if file_format == "JPEG":
        turned = turned.convert("RGB")
    clean = BytesIO()
    turned.save(clean, file_format, exif=b"", **given)
    clean.seek(0)
    return clean
