"""Numbers of the complaints procedure: versions with a date from which they hold."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models import VersionQuerySet


class CasePolicy(models.Model):
    """`reopen_days`: a case closed longer ago is not reopened, a linked one is logged instead.
    `backdate_days`: how far before logging a case may have been received by hand entry."""

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    reopen_days = models.PositiveSmallIntegerField(_("days in which a case can be reopened"))
    backdate_days = models.PositiveSmallIntegerField(_("days a receipt may be dated back"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("case policy")
        verbose_name_plural = _("case policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"
