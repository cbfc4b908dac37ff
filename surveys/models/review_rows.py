"""What a management review consists of: inputs with their files, participants, decisions."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cases.models import CorrectiveAction
from surveys.enums import DecisionKind, InputState, Presence
from surveys.models.review import ManagementReview
from surveys.models.review_edition import chosen


class ReviewInput(models.Model):
    """One row of the agenda, copied from the edition. `snapshot` holds the compiled parts
    (surveys/domain/reviews/parts.py); `reason` says why it is not applicable."""

    review = models.ForeignKey(ManagementReview, on_delete=models.PROTECT, related_name="inputs")
    position = models.PositiveSmallIntegerField()
    clause = models.CharField(_("clause"), max_length=30)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    compilers = models.JSONField(default=list)
    required = models.BooleanField(default=True)
    state = models.CharField(
        _("state"), max_length=20, choices=InputState.choices, default=InputState.GAP
    )
    snapshot = models.JSONField(default=list)
    compiled_at = models.DateTimeField(_("compiled at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    history = HistoricalRecords(excluded_fields=["snapshot"])

    class Meta:
        verbose_name = _("input of a review")
        verbose_name_plural = _("inputs of a review")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "clause"], name="input_once_a_review"),
            models.CheckConstraint(
                condition=~Q(state=InputState.NOT_APPLICABLE) | ~Q(reason=""),
                name="not_applicable_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=InputState.COMPILED) | Q(compiled_at__isnull=False),
                name="compiled_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.label}"

    @property
    def label(self) -> str:
        return chosen(self.title, self.title_en)

    @property
    def is_gap(self) -> bool:
        return self.state == InputState.GAP

    def get_absolute_url(self) -> str:
        return f"{self.review.get_absolute_url()}inputs/{self.pk}/"


class ReviewFile(models.Model):
    """A file that is an input. As with the files of a case the bytes lie under a random key, and
    nothing is removed: it is taken back by a date."""

    input = models.ForeignKey(ReviewInput, on_delete=models.PROTECT, related_name="files")
    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("uploaded at"))
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """Somebody of the company, or a name from outside, with the part they have."""

    review = models.ForeignKey(
        ManagementReview, on_delete=models.PROTECT, related_name="participants"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=120, blank=True)
    presence = models.CharField(
        _("presence"), max_length=20, choices=Presence.choices, default=Presence.INVITED
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "person"],
                condition=Q(person__isnull=False),
                name="participant_once_a_review",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="participant_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """An output of the review with its owner and date; signing makes an `action` of it, once.

    `seen` counts its versions, so that of two who change it one is told."""

    review = models.ForeignKey(ManagementReview, on_delete=models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind of decision"), max_length=20, choices=DecisionKind.choices)
    title = models.CharField(_("what is decided"), max_length=200)
    text = models.TextField(_("in detail"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    due = models.DateTimeField(_("due"))
    origin = models.ForeignKey(
        ReviewInput,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("follows from"),
    )
    seen = models.PositiveIntegerField(default=0)
    action = models.OneToOneField(
        CorrectiveAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decision",
        verbose_name=_("corrective action"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="decision_place_once"),
            models.CheckConstraint(condition=~Q(title=""), name="decision_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """How it is called elsewhere: MR-2026-01/3."""
        return f"{self.review.number}/{self.position}"

    def is_late(self, at: datetime) -> bool:
        """Whether its action is open past its date."""
        action: Any = self.action
        return action is not None and not action.has_ended and action.due < at
