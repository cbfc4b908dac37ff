"""The ladder of what waits: who is told when, and how far a waiting row has come on it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.enums import Rung
from workflows.models.versions import VersionQuerySet


class EscalationPolicy(models.Model):
    """One version of the ladders.

    `ladders` is a list in order of which the first that fits holds for a row:
    {"name", "name_en", "flows": [flow keys; none: all], "major_only", "urgent", "rungs"}. An
    urgent ladder is climbed at night and on holidays too. A rung is {"rung": name of a Rung in
    small letters, and either "percent" of the target or "hours" after the due moment}, figures
    as strings; rungs are in order and each stands there once.
    """

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    ladders = models.JSONField(_("ladders"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"


class Laddered(models.Model):
    """A row that waits until `due` and climbs a ladder of rungs while nobody finishes it.

    `next_at` is when the sweep looks at the row: it works out the next rung and its moment anew,
    and fires it or puts the look off until then. So whoever gives or moves a due moment needs no
    arithmetic: it writes `look_again()` of domain/ladders.py along, or `begin_anew()`. None:
    nothing is left to tell, or the row waits for nothing.

    A row has `due`, `department`, `role`, `owner` and `is_major` beside these, and the two below.
    """

    if TYPE_CHECKING:
        department: Any
        department_id: int | None
        role: Any
        owner_id: int | None
        is_major: Any
        due: Any

    # The highest rung that was told for the present due moment.
    rung = models.PositiveSmallIntegerField(_("rung"), choices=Rung.choices, default=Rung.NONE)
    next_at = models.DateTimeField(_("next rung"), null=True, blank=True)
    # When it was first brought to anybody above its owner, which is never before it is due.
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    # Whose leaders answer for it: its department, or the nearest above that has any.
    answering = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True

    @property
    def waits_since(self) -> datetime:
        """The moment from which its target is counted."""
        raise NotImplementedError

    @property
    def ladder_key(self) -> str:
        """What the policy knows it by: the key of its flow."""
        raise NotImplementedError
