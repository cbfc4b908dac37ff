"""What text may come in (QUALITY.md 2, rows 15, 18 to 20)."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LINE_CONTROLS = {"\t", "\n"}


def clean_text(value: str, *, lines: bool = True, most: int | None = None) -> str:
    """Normalise to NFC, one kind of line end, no control characters; refuse NUL and surrogates.

    `lines=False` folds line breaks to a blank, as titles and names go into mail headers.
    """
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValidationError(
            _("The text contains characters that cannot be stored."), "characters"
        )
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        char for char in text if char in _LINE_CONTROLS or unicodedata.category(char) != "Cc"
    )
    if not lines:
        text = " ".join(text.split())
    text = text.strip()
    if most is not None and len(text) > most:
        raise ValidationError(
            _("At most %(most)s characters, these are %(count)s."),
            "too_long",
            {"most": most, "count": len(text)},
        )
    return text
