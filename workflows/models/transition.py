"""The record: one append-only row for whatever happens to a subject."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.errors import OutsideEngine


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **fields: Any) -> NoReturn:
        raise OutsideEngine("the record is append-only")

    def delete(self) -> NoReturn:
        raise OutsideEngine("the record is append-only")


class Transition(models.Model):
    """Who did what, when, from which state to which, why, by which request.

    A row with a `version` moved the subject to that version; the rows of a subject are
    contiguous: `to_state` of one is `from_state` of the next. Rows without a version (claimed,
    transferred, escalated) leave the subject as it is.
    """

    root_kind = models.CharField(max_length=20)
    root_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    subject_number = models.CharField(max_length=30)
    version = models.PositiveIntegerField(null=True)
    process = models.ForeignKey(
        "workflows.Process", on_delete=models.PROTECT, null=True, related_name="transitions"
    )
    task = models.ForeignKey(
        "workflows.Task", on_delete=models.PROTECT, null=True, related_name="transitions"
    )
    node = models.CharField(max_length=60, blank=True)
    act = models.CharField(_("act"), max_length=40)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    request = models.CharField(_("request"), max_length=64, blank=True)
    data = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["root_kind", "root_id", "id"], name="record_of_root"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="record_of_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "version"], name="one_row_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_number} {self.act}: {self.from_state} → {self.to_state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("the record is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("the record is append-only")
