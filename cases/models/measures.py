"""Measures of an incident before they are actions, and what hangs on actions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import ActionKind, CheckResult, Criterion
from cases.models.action import CorrectiveAction
from cases.models.case import Case
from cases.models.catalogue import Product

USER = settings.AUTH_USER_MODEL


class MeasurePlan(models.Model):
    """One revision of the measures as drafted; a return makes the next revision, none is edited.

    Checked for completeness by quality, approved by the quality manager; then its measures
    become corrective actions.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measure_plans")
    revision = models.PositiveSmallIntegerField(_("revision"))
    summary = models.TextField(_("cause and approach"), blank=True)
    drafted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    checked_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("measure plan")
        verbose_name_plural = _("measure plans")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "revision"], name="one_plan_per_revision"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("drafted_by")),
                name="plan_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} · {self.revision}"


class PlannedMeasure(models.Model):
    """One measure of a plan. `insisted`: its author was told that the wording is vague."""

    plan = models.ForeignKey(MeasurePlan, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(_("kind of action"), max_length=20, choices=ActionKind.choices)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what is to be done"), blank=True)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateTimeField(_("due"))
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion.choices)
    criterion_text = models.TextField(_("what must be seen"), blank=True)
    window_days = models.PositiveSmallIntegerField(_("days watched"))
    insisted = models.BooleanField(_("author keeps the wording"), default=False)
    action = models.OneToOneField(
        CorrectiveAction, on_delete=models.PROTECT, null=True, related_name="planned"
    )

    class Meta:
        verbose_name = _("planned measure")
        verbose_name_plural = _("planned measures")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class ReadAcross(models.Model):
    """Where the same could happen (横向展开): a similar product, or another site or line."""

    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, related_name="read_across"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    site = models.CharField(_("site or line"), max_length=200, blank=True)
    result = models.CharField(
        _("result"), max_length=20, choices=CheckResult.choices, default=CheckResult.OPEN
    )
    note = models.TextField(_("what was found"), blank=True)
    listed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    checked_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("read-across")
        verbose_name_plural = _("read-across")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False) | ~Q(site=""), name="read_across_names_a_place"
            ),
            models.UniqueConstraint(
                fields=["action", "product"], name="one_read_across_per_product"
            ),
        ]

    def __str__(self) -> str:
        return str(self.product or self.site)


class ServedCase(models.Model):
    """Another case that an action serves too; that case does not close before the action ends."""

    action = models.ForeignKey(CorrectiveAction, on_delete=models.PROTECT, related_name="serves")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="served_by")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("case served by an action")
        verbose_name_plural = _("cases served by an action")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "case"], name="served_once_by_an_action")
        ]

    def __str__(self) -> str:
        return f"{self.action.number} → {self.case.number}"


class Recurrence(models.Model):
    """A case that came in while an action was watched: same product, same cause."""

    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, related_name="recurrences"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recurrence_of")
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("recurrence")
        verbose_name_plural = _("recurrences")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "case"], name="one_recurrence_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.action.number}: {self.case.number}"
