"""Files of a case. The bytes lie under a random key outside every web root."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.enums import Purpose
from cases.models.action import CorrectiveAction
from cases.models.case import Case


class Attachment(models.Model):
    """`key` is the random storage name, `name` the cleaned name that people see; `sha256` and
    `size` (bytes) prove the file. Taken back by a date and a reason, never removed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    purpose = models.CharField(
        _("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.CASE
    )
    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    at = models.DateTimeField(_("uploaded at"))
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["case", "id"], name="files_of_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
