"""Other inputs of the analysis report: what media and regulators say, what comes back, how well
what was delivered held, and what customers bought.

Events (a report, a return) are corrected in place with every change kept beside them. Monthly
figures are never changed: another revision takes the place of the one before it. Nothing is
deleted; what was logged by mistake is withdrawn with a reason.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.enums import InputKind
from workflows.errors import OutsideEngine
from workflows.models import AppendOnlyQuerySet

# From where a row came that nobody imported.
SCREEN = "screen"


class InputBatch(models.Model):
    """One imported file: what it was called, its hash, and how its rows fared."""

    kind = models.CharField(_("kind"), max_length=20, choices=InputKind.choices)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    taken = models.PositiveIntegerField(_("imported"))
    refused = models.PositiveIntegerField(_("in error"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name


class InputQuerySet(models.QuerySet):
    def standing(self) -> "InputQuerySet":
        """What counts: not withdrawn, and of monthly figures the revision that holds."""
        model: Any = self.model
        return self.filter(**model.STANDING)

    def delete(self) -> NoReturn:
        raise OutsideEngine("an input is withdrawn, never deleted")


class Input(models.Model):
    """What every input has: who logged it and when, and who withdrew it and why."""

    KIND: InputKind
    STANDING: dict[str, Any] = {"withdrawn_at": None}

    source = models.CharField(_("source"), max_length=40, default=SCREEN)
    batch = models.ForeignKey(
        InputBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("logged by"),
    )
    logged_at = models.DateTimeField(_("logged at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of withdrawal"), max_length=500, blank=True)

    objects = InputQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return f"/satisfaction/inputs/{self.KIND}/{self.pk}/"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("an input is withdrawn, never deleted")


class Event(Input):
    """Something that happened on a day. `external_ref` is what its source calls it, and unique
    there; `version` counts its changes (InputChange) from 1."""

    external_ref = models.CharField(_("external reference"), max_length=100, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Figure(Input):
    """A figure of a month. Of one key one revision is current; a figure never changes, another
    revision replaces it. Without a current revision the figure was withdrawn."""

    STANDING = {"is_current": True}

    month = models.DateField(_("month"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    is_current = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("a figure never changes; another revision replaces it")
        super().save(*args, **kwargs)


def withdrawn_whole(name: str) -> models.CheckConstraint:
    """Who, when and why stand together, or not at all."""
    return models.CheckConstraint(
        condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
        | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
        name=f"{name}_withdrawn_with_reason",
    )


def once_per_source(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["source", "external_ref"], condition=~Q(external_ref=""), name=f"{name}_once"
    )


def of_a_month(name: str) -> list[models.CheckConstraint]:
    """A month is told by its first day, and what was withdrawn does not hold."""
    return [
        models.CheckConstraint(condition=Q(month__day=1), name=f"{name}_month_is_first_day"),
        models.CheckConstraint(
            condition=Q(is_current=False) | Q(withdrawn_at=None), name=f"{name}_current_stands"
        ),
    ]


class InputChange(models.Model):
    """One correction of an event: what was changed from what to what, by whom and why.

    `changes` are [field, before, after] as texts, choices by their code; append-only.
    """

    kind = models.CharField(max_length=20, choices=InputKind.choices)
    entry = models.BigIntegerField()
    version = models.PositiveIntegerField()
    changes = models.JSONField()
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "entry", "version"], name="one_change_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("the record is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("the record is append-only")
