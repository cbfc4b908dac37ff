"""Days and hours as people write them: a published list line by line, hours of a day in one line.

2027-10-01 – 2027-10-07 休 国庆节 / National Day
2027-10-09 班 国庆节 / National Day
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from workflows.domain.calendar_seed import DayDraft
from workflows.domain.calendars import ONE_DAY, Intervals, clock, read_intervals
from workflows.enums import DayKind

KINDS = {
    **dict.fromkeys(("休", "放假"), DayKind.HOLIDAY),  # chinese: what people write
    **dict.fromkeys(("free", "holiday"), DayKind.HOLIDAY),
    **dict.fromkeys(("班", "上班", "补班"), DayKind.MAKEUP),  # chinese: what people write
    **dict.fromkeys(("work", "makeup", "make-up"), DayKind.MAKEUP),
}
WRITTEN = {DayKind.HOLIDAY: "休", DayKind.MAKEUP: "班"}  # chinese: what people write
# No holiday is longer; a slip of the year is.
LONGEST = timedelta(days=31)
_LINE = re.compile(
    r"(?P<first>\d{4}-\d{2}-\d{2})(?:\s*(?:–|—|-|~|至|to)\s*(?P<last>\d{4}-\d{2}-\d{2}))?"
    r"\s+(?P<kind>\S+)\s+(?P<name>.+)"  # chinese: what people write
)


# ---------------------------------------------------------------------------- a list
def read_list(text: str) -> list[DayDraft]:
    """The days of a list. Raises ValidationError that names the lines it cannot read."""
    days: list[DayDraft] = []
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                days.extend(read_line(line.strip()))
            except ValueError:
                wrong.append(_("Line %(number)s: %(line)s") % {"number": number, "line": line[:60]})
    if wrong:
        lines = "; ".join(wrong[:5])
        raise ValidationError(_("These lines cannot be read. %(lines)s") % {"lines": lines})
    return days


def read_line(line: str) -> Iterator[DayDraft]:
    """The days of one line. Raises ValueError."""
    found = _LINE.fullmatch(line)
    if found is None or found["kind"].lower() not in KINDS:
        raise ValueError(line)
    first = date.fromisoformat(found["first"])
    last = date.fromisoformat(found["last"] or found["first"])
    if not timedelta(0) <= last - first <= LONGEST:
        raise ValueError(line)
    name, _slash, name_en = (part.strip() for part in found["name"].partition("/"))
    for turn in range((last - first).days + 1):
        kind = KINDS[found["kind"].lower()]
        yield DayDraft(first + timedelta(days=turn), kind, name, name_en)


def write_list(days: Iterable[Any]) -> str:
    """The list of drafts or rows, days that follow one another in one line."""
    lines = []
    for run in runs(days):
        first, last = run[0], run[-1]
        span = f"{first.date}" if len(run) == 1 else f"{first.date} – {last.date}"
        name = f"{first.name} / {first.name_en}" if first.name_en else first.name
        lines.append(f"{span} {WRITTEN[DayKind(first.kind)]} {name}")
    return "\n".join(lines)


def runs(days: Iterable[Any]) -> list[list[Any]]:
    """Days together that follow one another and say the same."""
    found: list[list[Any]] = []
    for day in days:
        before = found[-1][-1] if found else None
        if before and same(before, day) and before.date + ONE_DAY == day.date:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def same(one: Any, other: Any) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("kind", "name", "as_weekday", "intervals")
    )


# ---------------------------------------------------------------------------- hours
def read_hours(text: str) -> Intervals:
    """The intervals of "08:30-12:00, 13:00-17:30"; none of nothing. Raises ValidationError."""
    parts = [part for part in re.split(r"[,;，；、]", text) if part.strip()]
    between = r"\s*[-–—~至]\s*"  # chinese: what people write
    return read_intervals([re.split(between, part.strip()) for part in parts])


def write_hours(intervals: Intervals) -> str:
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in intervals)
