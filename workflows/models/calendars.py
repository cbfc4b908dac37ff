"""Working calendars: what is worked when, for the company and for departments of their own."""

import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy as _

from workflows.enums import DayKind
from workflows.errors import OutsideEngine
from workflows.models.transition import AppendOnlyQuerySet


class Named(models.Model):
    """Something with a Chinese name and perhaps an English one."""

    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; the Chinese one where no English is given."""
        if self.name_en and not (get_language() or "").startswith("zh"):
            return self.name_en
        return self.name


class WorkingCalendar(Named):
    """The calendar of the company, or of a department and everything below it.

    A department without one takes the nearest above it, at last the default.
    """

    is_default = models.BooleanField(_("default"), default=False)
    department = models.OneToOneField(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_calendar"
            ),
            models.CheckConstraint(
                condition=Q(is_default=True, department=None)
                | Q(is_default=False, department__isnull=False),
                name="calendar_is_default_or_of_department",
            ),
        ]


class CalendarWeek(models.Model):
    """The week of a calendar from a day on; what has begun is never changed.

    `week` is written as in DeadlinePolicy. An empty one says: from here on as the department
    above.
    """

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="weeks")
    begins = models.DateField(_("holds from"))
    week = models.JSONField(_("working week"), default=dict, blank=True)

    class Meta:
        ordering = ["begins"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "begins"], name="one_week_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar}: {self.begins}"


class CalendarDay(Named):
    """A day on which the week does not decide; without a calendar it is one of the whole company.

    A free day, or one that is worked: in its own `intervals`, else as the weekday `as_weekday`
    (0 is Monday), else as the first working weekday. A department's own day wins.
    """

    calendar = models.ForeignKey(
        WorkingCalendar, on_delete=models.PROTECT, null=True, blank=True, related_name="days"
    )
    date = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind.choices)
    as_weekday = models.PositiveSmallIntegerField(_("works as"), null=True, blank=True)
    intervals = models.JSONField(_("working hours"), default=list, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="one_entry_per_day"),
            models.UniqueConstraint(
                fields=["date"], condition=Q(calendar=None), name="one_company_entry_per_day"
            ),
            models.CheckConstraint(
                condition=Q(as_weekday=None) | Q(as_weekday__lte=6), name="weekday_is_in_week"
            ),
        ]


class CalendarYear(models.Model):
    """A year whose holidays are published. One without a row is provisional."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarChange(models.Model):
    """Who changed what in which calendar: append-only.

    The token of the last change stands for everything the calendars say, so that a process may
    keep what it has read. Numbers would not do: one that is rolled back is given out again.
    """

    token = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    act = models.CharField(_("act"), max_length=20)
    calendar = models.ForeignKey(
        WorkingCalendar, on_delete=models.PROTECT, null=True, related_name="changes"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    data = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("the record is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("the record is append-only")
