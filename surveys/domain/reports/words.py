"""Texts of the report in both languages, and the addresses its figures lead to."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import override

from surveys.domain.periods import Period
from surveys.domain.reports.content import Words

CHINESE, ENGLISH = settings.LANGUAGE_CODE, "en"


def both(message: Any, *, link: str = "", **given: Any) -> Words:
    """A lazy text with its values filled in; a value may be Words or Period itself."""
    return Words(spoken(message, CHINESE, given), spoken(message, ENGLISH, given), link)


def spoken(message: Any, language: str, given: dict[str, Any]) -> str:
    with override(language):
        text = str(message)
        if not given:
            return text
        values = {
            name: value.label if isinstance(value, Words | Period) else value
            for name, value in given.items()
        }
        return text % values


def period_words(period: Period) -> Words:
    with override(CHINESE):
        chinese = period.label
    with override(ENGLISH):
        return Words(chinese, period.label)


def named(line: dict[str, Any], *, link: str = "") -> Words:
    """The names of a line of the index."""
    return Words(line["name"], line.get("name_en") or line["name"], link)


def same(text: str, *, link: str = "") -> Words:
    """What somebody typed, or a number: no language."""
    return Words(text, text, link)


def answers(period: Period, **given: str) -> str:
    """The forms behind a score: those that count. A region that nobody stated is a part of its
    own; every other empty value narrows nothing."""
    chosen = {name: value for name, value in given.items() if value or name == "region"}
    return f"/satisfaction/answers/?{urlencode({'period': period.code, **chosen, 'counted': '1'})}"


def cases(period: Period, **given: Any) -> str:
    """The cases received in a period that fit."""
    last = period.day_after - timedelta(days=1)
    chosen = {name: str(value) for name, value in given.items() if value}
    dates = {"from": period.first_day.isoformat(), "to": last.isoformat()}
    return f"/cases/?{urlencode({**dates, **chosen})}"
