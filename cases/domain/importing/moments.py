"""Dates as people write them. What could mean two days is refused, not guessed."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.domain.importing.errors import shown
from cases.domain.importing.source import Cell, Unreadable

_YEAR, _MONTH, _DAY_SIGN = "年", "月", "日"  # chinese: the signs of a Chinese date
_HOUR, _MINUTE, _SECOND = "[:时点]", "[:分]", "秒"  # chinese: the signs of a Chinese time
_DAY = re.compile(
    rf"(?P<y>\d{{4}})\s*[-/.{_YEAR}]\s*(?P<m>\d{{1,2}})\s*[-/.{_MONTH}]"
    rf"\s*(?P<d>\d{{1,2}})\s*{_DAY_SIGN}?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_CLOCK = re.compile(
    rf"T?(?P<h>\d{{1,2}}){_HOUR}(?P<min>\d{{1,2}})"
    rf"(?:{_MINUTE}(?P<s>\d{{1,2}})(?:[.,]\d{{1,6}})?)?(?:{_MINUTE}|{_SECOND})?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
# What Excel means by a bare number: days since the end of 1899. 1954 to 2119.
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (a clock time of the sheet, it gets its zone later)
_SERIALS = range(20_000, 80_000)
_EARLIEST = 1900


def moment(cell: Cell, patterns: tuple[str, ...] = ()) -> datetime:
    """An aware moment; a day alone is its beginning, in the time zone of the company."""
    found = clock(cell, patterns)
    return found if timezone.is_aware(found) else placed(found)


def day(cell: Cell, patterns: tuple[str, ...] = ()) -> date:
    found = clock(cell, patterns)
    return timezone.localtime(found).date() if timezone.is_aware(found) else found.date()


def placed(naive: datetime) -> datetime:
    """Put a clock time into the company's zone."""
    return naive.replace(tzinfo=timezone.get_default_timezone())


def clock(cell: Cell, patterns: tuple[str, ...]) -> datetime:
    """The moment as written. Raises ValueError with the reason, in the reader's language."""
    if isinstance(cell, Unreadable):
        raise ValueError(cell.reason)
    try:
        found = read(cell, patterns)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise ValueError(
            _("“%(value)s” is not a date we can read, like 2026-01-31.") % {"value": shown(cell)}
        )
    if found.year < _EARLIEST:
        raise ValueError(_("“%(value)s” lies before 1900.") % {"value": shown(cell)})
    return found


def read(cell: Cell, patterns: tuple[str, ...]) -> datetime | None:
    match cell:
        case datetime():
            return cell
        case date():
            return datetime.combine(cell, time())
        case bool() | time() | None:
            return None
        case int() | float():
            return serial(cell)
    text = unicodedata.normalize("NFKC", str(cell)[:100]).strip()
    for pattern in patterns:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 (placed later)
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}(\.\d{1,12})?", text):
        return serial(float(text))
    return written(text)


def serial(number: float) -> datetime | None:
    """A day of Excel, to the second."""
    if int(number) in _SERIALS:
        return _EPOCH + timedelta(seconds=round(number * 86_400))
    # A day typed without signs into a cell of numbers.
    return written(str(int(number))) if number == int(number) else None


def written(text: str) -> datetime | None:
    """2026-01-31, 2026/1/31, 2026.1.31, 20260131 or the Chinese form, with or without a time."""
    found = _DAY.match(text) or _COMPACT.match(text)
    if found is None:
        return None
    plain_day = datetime(int(found["y"]), int(found["m"]), int(found["d"]))  # noqa: DTZ001
    rest = text[found.end() :]
    if not rest.strip():
        return plain_day
    hours = _CLOCK.fullmatch(rest.strip())
    if hours is None:
        return None
    return plain_day.replace(
        hour=int(hours["h"]),
        minute=int(hours["min"]),
        second=int(hours["s"] or 0),
        tzinfo=zone(hours["zone"]),
    )


def zone(text: str | None) -> tzinfo | None:
    return datetime.strptime(text.replace(":", ""), "%z").tzinfo if text else None
