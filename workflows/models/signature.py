"""What somebody declared by a deed, and gave the password for."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext_lazy as _

from accounts.enums import Role
from workflows.errors import OutsideEngine
from workflows.models.transition import AppendOnlyQuerySet, Transition


class Signature(models.Model):
    """Append-only. `meaning` is the declaration as it read on the day, `name` and `roles` are
    the signer's of that day."""

    transition = models.OneToOneField(
        Transition, on_delete=models.PROTECT, related_name="signature"
    )
    root_kind = models.CharField(max_length=20)
    root_id = models.BigIntegerField()
    meaning = models.CharField(_("meaning"), max_length=300)
    meaning_en = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    roles = models.JSONField(default=list)
    at = models.DateTimeField(_("signed at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["pk"]
        indexes = [models.Index(fields=["root_kind", "root_id", "id"], name="signatures_of_root")]

    def __str__(self) -> str:
        return f"{self.name}: {self.label}"

    @property
    def label(self) -> str:
        """The meaning in the reader's language."""
        return self.meaning if (get_language() or "").startswith("zh") else self.meaning_en

    @property
    def role_labels(self) -> list[str]:
        known = dict(Role.choices)
        return [str(known.get(role, role)) for role in self.roles]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("a signature is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("a signature is never removed")
