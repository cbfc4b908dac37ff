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


class IncidentPolicy(models.Model):
    """Numbers and words of the procedure for major incidents, in versions.

    `matrix` maps harm and extent to the severity they propose: {"minor": {"batch": "major"}}.
    `quorum_percent` of the departments asked must file before a joint review is concluded;
    `hearing_hours` are working hours for a party's statement, `appeal_days` calendar days for an
    appeal; `watch_days` is the window proposed for the effect of an action of a major case;
    `vague_phrases` are wordings that alone are no measure.
    """

    holds_from = models.DateTimeField(_("holds from"), db_index=True)
    matrix = models.JSONField(_("severity by harm and extent"))
    quorum_percent = models.PositiveSmallIntegerField(_("quorum of a joint review in per cent"))
    hearing_hours = models.DecimalField(
        _("working hours for a party's statement"), max_digits=6, decimal_places=2
    )
    appeal_days = models.PositiveSmallIntegerField(_("days for an appeal"))
    watch_days = models.PositiveSmallIntegerField(_("days the effect is watched"))
    vague_phrases = models.JSONField(_("wordings that are no measure"), default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident policy")
        verbose_name_plural = _("incident policies")
        ordering = ["-holds_from"]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m-%d}"
