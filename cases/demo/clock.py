"""Working time as one straight line, so that a story is a row of distances.

A position counts working seconds (Monday to Saturday, 08:30–12:00 and 13:00–17:30). The stories
are laid out in positions before the load moment: their order is the same on every run, whatever
day it is.
"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

HOUR = 3600
DAY = 8 * HOUR
_MORNING, _NOON, _AFTERNOON = time(8, 30), time(12, 0), time(13, 0)
_FIRST_HALF = 3 * HOUR + 1800


def dice(*name: object) -> random.Random:
    """A source of chance that is the same on every run for the same name."""
    return random.Random("redress:" + ":".join(map(str, name)))  # noqa: S311 (no secret)


def base_of(moment: datetime) -> datetime:
    """The moment all distances are counted back from: the full hour, so an hour's loads are alike.

    Midnight would be simpler, but by the evening everything due today would be overdue.
    """
    return timezone.localtime(moment).replace(minute=0, second=0, microsecond=0)


def position(moment: datetime) -> int:
    """Working seconds up to an aware moment."""
    local = timezone.localtime(moment)
    weeks, weekday = divmod(local.date().toordinal() - 1, 7)
    days = weeks * 6 + min(weekday, 6)
    if weekday == 6:
        return days * DAY
    return days * DAY + _into_day(local.time())


def _into_day(clock: time) -> int:
    def seconds(since: time) -> int:
        return (clock.hour - since.hour) * HOUR + (clock.minute - since.minute) * 60 + clock.second

    if clock < _AFTERNOON:
        return max(0, min(seconds(_MORNING), _FIRST_HALF))
    return min(_FIRST_HALF + seconds(_AFTERNOON), DAY)


def moment(at: int) -> datetime:
    """The aware moment of a position."""
    days, seconds = divmod(at, DAY)
    weeks, weekday = divmod(days, 6)
    begin, passed = (_MORNING, seconds) if seconds < _FIRST_HALF else (_AFTERNOON, seconds)
    if passed >= _FIRST_HALF:
        passed -= _FIRST_HALF
    day = date.fromordinal(weeks * 7 + weekday + 1)
    start = datetime.combine(day, begin, timezone.get_default_timezone())
    return start + timedelta(seconds=passed)


def end_of_day(at: int) -> datetime:
    """17:30 of the day of a position: what people write as a due date."""
    return moment(at // DAY * DAY + DAY - 1) + timedelta(seconds=1)
