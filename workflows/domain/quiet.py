"""When a person is left alone, and when their daily summary comes: moments only."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from workflows.domain.calendars import Calendar

# A company is not closed for longer; a calendar without working days must not stop us.
LONGEST_CLOSURE = 60


def quiet_until(moment: datetime, begins: time | None, ends: time | None) -> datetime | None:
    """The end of the quiet hours that `moment` lies in; None outside of them.

    Hours on the clock of the company; from 22:00 to 07:00 they pass midnight.
    """
    if begins is None or ends is None:
        return None
    local = timezone.localtime(moment, timezone.get_default_timezone())
    clock, day = local.time(), local.date()
    passes = ends < begins
    if not (clock >= begins or clock < ends if passes else begins <= clock < ends):
        return None
    if passes and clock >= begins:
        day += timedelta(days=1)
    return on_the_wall(datetime.combine(day, ends))


def next_digest(moment: datetime, at: time, calendar: Calendar | None) -> datetime:
    """The next time after `moment` that the clock shows `at` on a working day; on any day where
    there is no calendar."""
    day = timezone.localtime(moment, timezone.get_default_timezone()).date()
    for _turn in range(LONGEST_CLOSURE):
        found = on_the_wall(datetime.combine(day, at))
        if found > moment and (calendar is None or calendar.intervals(day)):
            return found
        day += timedelta(days=1)
    return on_the_wall(datetime.combine(day, at))


def on_the_wall(naive: datetime) -> datetime:
    return timezone.make_aware(naive, timezone.get_default_timezone())
