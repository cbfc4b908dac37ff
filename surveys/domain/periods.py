"""Periods of the index: half-years and years, by the company's calendar."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

_CODE = re.compile(r"(20\d\d|19\d\d|21\d\d)(?:-H([12]))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """`half` is 1 or 2; 0 for the whole year. Its code is "2026-H1" or "2026"."""

    year: int
    half: int = 0

    @property
    def code(self) -> str:
        return f"{self.year}-H{self.half}" if self.half else f"{self.year}"

    @property
    def first_day(self) -> date:
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def day_after(self) -> date:
        return date(self.year, 7, 1) if self.half == 1 else date(self.year + 1, 1, 1)

    @property
    def starts_at(self) -> datetime:
        return midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return midnight(self.day_after)

    @property
    def halves(self) -> tuple["Period", ...]:
        """The half-years whose campaigns count for it."""
        return (self,) if self.half else (Period(self.year, 1), Period(self.year, 2))

    @property
    def before(self) -> "Period":
        """The period that this one is compared with."""
        if self.half == 2:
            return Period(self.year, 1)
        return Period(self.year - 1, 2 if self.half else 0)

    @property
    def after(self) -> "Period":
        if self.half == 1:
            return Period(self.year, 2)
        return Period(self.year + 1, 1 if self.half else 0)

    @property
    def label(self) -> str:
        """In words: 2026 上半年."""
        if self.half == 1:
            return _("First half of %(year)s") % {"year": self.year}
        if self.half == 2:
            return _("Second half of %(year)s") % {"year": self.year}
        return _("Year %(year)s") % {"year": self.year}

    def __str__(self) -> str:
        return self.code


def midnight(day: date) -> datetime:
    """The first moment of a day of the company."""
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())


def read(text: str) -> Period:
    """The period of a code. Raises ValidationError for anything else."""
    found = _CODE.fullmatch(text.strip())
    if found is None:
        raise ValidationError({"period": _("A period is written like 2026-H1, 2026-H2 or 2026.")})
    return Period(int(found[1]), int(found[2] or 0))


def half_of(moment: datetime) -> Period:
    """The half-year in which a moment lies."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return Period(local.year, 1 if local.month <= 6 else 2)


def holding(moment: datetime) -> tuple[Period, Period]:
    """The half-year and the year in which a moment lies."""
    half = half_of(moment)
    return half, Period(half.year)
