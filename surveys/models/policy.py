"""The rules of the index and of lost business: versions with the day from which they hold."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.enums import Comparison, Measure
from workflows.errors import OutsideEngine
from workflows.models import AppendOnlyQuerySet, VersionQuerySet


class SatisfactionPolicy(models.Model):
    """One version of weights, points, bands, deductions and limits.

    `document` is what surveys/domain/policy.py reads and what a TOML file holds; figures in it
    are decimal strings. A version is a draft until it is published; a published one never
    changes. `holds_from` is the first day of the half-year from which it holds.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    holds_from = models.DateField(_("holds from"))
    document = models.JSONField()
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("satisfaction policy")
        verbose_name_plural = _("satisfaction policies")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}"


class PeriodIndex(models.Model):
    """The index of a period as computed last, for showing: recomputed when `stamp` has changed.

    `result` is the tree of surveys/domain/index.py with decimal strings.
    """

    period = models.CharField(_("period"), max_length=7)
    policy = models.ForeignKey(SatisfactionPolicy, on_delete=models.PROTECT, related_name="+")
    stamp = models.CharField(max_length=200)
    result = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "policy"], name="one_index_per_policy")
        ]

    def __str__(self) -> str:
        return self.period


class SignedIndex(models.Model):
    """The index of a period as management signed it; never changed, restated beside.

    `restates` is the signed version whose figures later facts have changed.
    """

    period = models.CharField(_("period"), max_length=7)
    number = models.PositiveSmallIntegerField(_("version"))
    policy = models.ForeignKey(SatisfactionPolicy, on_delete=models.PROTECT, related_name="+")
    result = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    restates = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="restated_by"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="one_signed_version"),
            models.CheckConstraint(
                condition=Q(number=1, restates=None) | Q(number__gt=1, restates__isnull=False),
                name="restated_index_names_the_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("a signed index never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("a signed index never changes")


class LostBusinessPolicy(models.Model):
    """When a customer counts as lost or falling, in versions.

    A period is compared with the one before it or the same one of the year before, by amount or
    by quantity; who bought less than `floor` in the earlier one is too small to be told.
    """

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    comparison = models.CharField(_("compared with"), max_length=20, choices=Comparison.choices)
    measure = models.CharField(_("measured by"), max_length=20, choices=Measure.choices)
    fall_percent = models.DecimalField(
        _("fall in per cent that is told"), max_digits=5, decimal_places=2
    )
    floor = models.DecimalField(
        _("smallest customer that is told"), max_digits=16, decimal_places=2
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost business policy")
        verbose_name_plural = _("lost business policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"


class AssessmentPolicy(models.Model):
    """How a regional unit earns the points of a year, in versions.

    The first four are parts of a hundred; a confirmed finding takes `finding_points` off the
    integrity, deducted cases at most `most_deducted` off the sum.
    """

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    result = models.DecimalField(_("points for the result"), max_digits=5, decimal_places=2)
    rate = models.DecimalField(_("points for the response"), max_digits=5, decimal_places=2)
    campaigns = models.DecimalField(
        _("points for campaigns carried out"), max_digits=5, decimal_places=2
    )
    integrity = models.DecimalField(_("points for integrity"), max_digits=5, decimal_places=2)
    finding_points = models.DecimalField(
        _("points a confirmed finding takes"), max_digits=5, decimal_places=2
    )
    most_deducted = models.DecimalField(
        _("points deducted cases take at most"), max_digits=5, decimal_places=2
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment policy")
        verbose_name_plural = _("assessment policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"
