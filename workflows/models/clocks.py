"""Clocks: how long a stretch of a case's life may take, and how long it took."""

import uuid
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workflows.enums import ClockState, ClockUnit, PauseWhy
from workflows.errors import OutsideEngine
from workflows.models.ladder import Laddered
from workflows.models.transition import AppendOnlyQuerySet
from workflows.models.versions import VersionQuerySet

# What ladders know all clocks by.
LADDER = "clock"
ENDS = (ClockState.MET, ClockState.BREACHED, ClockState.CANCELLED)


class ClockPolicy(models.Model):
    """One version of the clocks: ordered rules, and how long people may pause one in all.

    The token stands for the rules of this version for ever; a number that is rolled back is
    given out again.
    """

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    pause_hours = models.DecimalField(
        _("working hours a clock may be paused by people"), max_digits=6, decimal_places=2
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    token = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock policy")
        verbose_name_plural = _("clock policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"


class ClockRule(models.Model):
    """A line of the table: for the first line of a clock whose conditions hold, its target holds.

    `conditions` is {fact: [values]}: every fact named must have one of its values; none: always.
    """

    policy = models.ForeignKey(ClockPolicy, on_delete=models.PROTECT, related_name="rules")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("clock"), max_length=40)
    conditions = models.JSONField(default=dict, blank=True)
    amount = models.DecimalField(_("target"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=20, choices=ClockUnit.choices)
    warn_percent = models.PositiveSmallIntegerField(_("warning at (%)"), default=80)
    statutory = models.BooleanField(_("set by law"), default=False)
    again = models.BooleanField(_("runs again after reopening"), default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="clock_rules_in_order"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="clock_target_is_positive"),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=1, warn_percent__lte=100),
                name="clock_warns_before_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}: {self.amount:f} {self.unit}"


class Clock(Laddered):
    """One stretch of the life of a subject, from `started` until `due`.

    `original_due` is the moment it was given first and never changes; `due` moves by pauses, by
    granted extensions, by facts that change and by the calendar. `fixed` says that `due` is a
    date somebody set. `breached_at` is the due moment that was missed: what has been missed
    stays so, whatever moves afterwards. `paused_since` to `paused_until` tell the pause it is in.
    `paused` adds up the pauses that are over. At the stop elapsed + paused = actual, in working
    time (in plain time for calendar days), and `wall` is what a customer waited.
    """

    root_kind = models.CharField(max_length=20)
    root_id = models.BigIntegerField()
    root_number = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    subject_number = models.CharField(max_length=30)
    name = models.CharField(_("clock"), max_length=40)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("department"),
    )
    rule = models.ForeignKey(ClockRule, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("target"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=20, choices=ClockUnit.choices)
    warn_percent = models.PositiveSmallIntegerField(default=80)
    statutory = models.BooleanField(_("set by law"), default=False)
    fixed = models.BooleanField(default=False)
    is_major = models.BooleanField(default=False)

    state = models.CharField(
        _("state"), max_length=20, choices=ClockState.choices, default=ClockState.RUNNING
    )
    started = models.DateTimeField(_("started"))
    due = models.DateTimeField(_("due"))
    original_due = models.DateTimeField(_("original due date"))
    extended = models.PositiveSmallIntegerField(_("extensions"), default=0)
    provisional = models.BooleanField(default=False)
    breached_at = models.DateTimeField(_("missed at"), null=True, blank=True)

    paused_since = models.DateTimeField(_("paused since"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    paused_why = models.CharField(
        _("why it is paused"), max_length=20, choices=PauseWhy.choices, blank=True
    )
    paused_reason = models.CharField(_("reason"), max_length=200, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    paused = models.DurationField(_("paused for"), default=timedelta)
    by_people = models.DurationField(_("paused by people for"), default=timedelta)

    stopped = models.DateTimeField(_("stopped"), null=True, blank=True)
    elapsed = models.DurationField(_("elapsed"), null=True, blank=True)
    actual = models.DurationField(_("actual"), null=True, blank=True)
    wall = models.DurationField(_("plain time"), null=True, blank=True)

    objects: models.Manager[Any] = models.Manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        indexes = [
            models.Index(fields=["root_kind", "root_id", "id"], name="clocks_of_root"),
            models.Index(
                fields=["due"],
                name="clocks_to_breach",
                condition=Q(state=ClockState.RUNNING, breached_at=None),
            ),
            models.Index(
                fields=["next_at", "id"],
                name="clocks_on_ladders",
                condition=Q(stopped=None, next_at__isnull=False),
            ),
            models.Index(
                fields=["paused_until"],
                name="clocks_to_resume",
                condition=Q(state=ClockState.PAUSED),
            ),
            models.Index(
                fields=["department", "due", "id"], name="clocks_open", condition=Q(stopped=None)
            ),
            models.Index(fields=["stopped", "name", "department"], name="clocks_ended"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["root_kind", "root_id", "subject_kind", "subject_id", "name", "round"],
                condition=Q(stopped=None),
                name="one_clock_runs",
            ),
            models.CheckConstraint(
                condition=Q(stopped=None, state__in=[ClockState.RUNNING, ClockState.PAUSED])
                | Q(stopped__isnull=False, state__in=ENDS),
                name="clock_stops_when_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.PAUSED, paused_since__isnull=False)
                & ~Q(paused_why="")
                | ~Q(state=ClockState.PAUSED) & Q(paused_since=None, paused_until=None),
                name="clock_is_paused_since",
            ),
            models.CheckConstraint(
                condition=Q(statutory=False)
                | Q(statutory=True, paused_since=None, paused=timedelta(), extended=0),
                name="law_waits_for_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClockState.BREACHED) | Q(breached_at__isnull=False),
                name="breached_clock_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ClockState.MET, ClockState.CANCELLED])
                | Q(breached_at=None),
                name="what_is_missed_stays_missed",
            ),
            models.CheckConstraint(
                condition=Q(next_at=None) | Q(state=ClockState.RUNNING),
                name="only_running_clocks_climb",
            ),
            models.CheckConstraint(
                condition=Q(stopped=None, elapsed=None, actual=None, wall=None)
                | Q(stopped__isnull=False, elapsed__isnull=False, actual__isnull=False,
                    wall__isnull=False),
                name="clock_is_read_at_the_stop",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject_number} {self.name}: {self.state}"

    # A clock waits for no person: at its first rung whoever leads its department is told.
    role = ""
    owner_id = None

    @property
    def waits_since(self) -> datetime:
        return self.started

    @property
    def ladder_key(self) -> str:
        return LADDER

    @property
    def is_open(self) -> bool:
        return self.stopped is None

    def is_overdue(self, at: datetime) -> bool:
        """Whether it has missed its due moment; while it waits, that moment waits too."""
        missed = self.state == ClockState.RUNNING and self.due < at
        return self.breached_at is not None or missed


class ClockPause(models.Model):
    """A pause that is over: append-only. The one a clock is in stands on the clock itself, so
    that two can never overlap."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    since = models.DateTimeField(_("paused since"))
    until = models.DateTimeField(_("paused until"))
    why = models.CharField(_("why it is paused"), max_length=20, choices=PauseWhy.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    length = models.DurationField(_("paused for"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="pause_has_length"),
            models.UniqueConstraint(fields=["clock", "since"], name="one_pause_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.since:%Y-%m-%d %H:%M} – {self.until:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("the record is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("the record is append-only")
