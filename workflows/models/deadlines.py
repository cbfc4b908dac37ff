"""How long each step may take: a policy with a date from which it holds, never a constant."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models.versions import VersionQuerySet


class DeadlinePolicy(models.Model):
    """One version of the deadlines and of the working week they are counted in.

    `week` maps the weekday ("0" is Monday) to its working intervals, ["08:30", "12:00"] each;
    a weekday that is missing is free.
    """

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    week = models.JSONField(_("working week"))
    default_hours = models.DecimalField(
        _("hours for a step without a rule"), max_digits=6, decimal_places=2
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"


class DeadlineRule(models.Model):
    """Working hours for one step; `major_only` rules win over general ones."""

    policy = models.ForeignKey(DeadlinePolicy, on_delete=models.PROTECT, related_name="rules")
    flow = models.CharField(max_length=40)
    node = models.CharField(max_length=60)
    major_only = models.BooleanField(default=False)
    hours = models.DecimalField(_("working hours"), max_digits=6, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "flow", "node", "major_only"], name="one_rule_per_step"
            ),
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="deadline_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.flow}.{self.node}: {self.hours} h"
