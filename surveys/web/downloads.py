"""Documents as a page offers them: each kind in both languages, the reader's first."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, get_language_info


def name_of(code: str) -> str:
    """A language in its own words."""
    return str(get_language_info(code)["name_local"])


def downloads(name: str, place: Iterable[str], *kinds: tuple[str, str]) -> list[dict[str, str]]:
    """`kinds` are (ending, what it is called); the address `name` takes `place` and the ending."""
    mine = get_language() or "en"
    return [
        {
            "label": f"{label} {name_of(code)}",
            "url": f"{reverse(name, args=[*place, ending])}?lang={code}",
            "code": code,
        }
        for code in sorted(dict(settings.LANGUAGES), key=lambda code: code != mine)
        for ending, label in kinds
    ]
