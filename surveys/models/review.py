"""A management review (管理评审, ISO 9001 9.3), from its agenda to the second signature."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from surveys.enums import InputState, Presence, ReviewState
from surveys.models.review_edition import ReviewEdition
from workflows.models import EngineModel, StateField, Transition

S = ReviewState
# Whoever did one of these has written what is signed, and signs nothing of it.
WRITTEN = (
    "draw_up", "edit", "compile", "upload", "take_back", "not_applicable", "applicable",
    "write_minutes", "put_decision", "drop_decision", "invite", "submit",
)  # fmt: skip


def person(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class ManagementReview(EngineModel):
    """`period` is the code of the period it looks back on ("2026-H1", "2026"). The rows of the
    edition are copied into its inputs when it is drawn up. `minutes_no` counts the versions of
    the minutes, so that two who write at once do not overwrite each other. With the submission to
    the signatures `content` holds everything that is signed, `digest` its SHA-256."""

    SUBJECT_KIND = "management_review"

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=200)
    period = models.CharField(_("period"), max_length=7)
    edition = models.ForeignKey(
        ReviewEdition, on_delete=models.PROTECT, related_name="+", verbose_name=_("edition")
    )
    held_at = models.DateTimeField(_("meeting"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    chair = person(_("chair"))
    minutes = models.TextField(_("minutes"), blank=True)
    minutes_no = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("drawn up at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    representative = person(_("management representative"))
    director = person(_("general manager"))
    closed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    state = StateField(default=S.NEW, choices=S.choices)
    # The frozen content is in the row itself and as large as a document.
    history = HistoricalRecords(excluded_fields=["content"])

    class Meta:
        verbose_name = _("management review")
        verbose_name_plural = _("management reviews")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=S.CLOSED)
                | (
                    Q(representative__isnull=False, director__isnull=False)
                    & Q(closed_at__isnull=False, frozen_at__isnull=False)
                    & ~Q(digest="")
                ),
                name="signed_review_is_frozen",
            ),
            models.CheckConstraint(
                condition=(Q(representative=None) | ~Q(representative=F("prepared_by")))
                & (Q(director=None) | ~Q(director=F("prepared_by")))
                & (Q(director=None) | ~Q(director=F("representative"))),
                name="review_signers_are_others",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/reviews/{self.number}/"

    @property
    def flow_key(self) -> str:
        return "management_review"

    def links(self) -> dict[str, Any]:
        return {"review": self}

    # ------------------------------------------------------------------ what the rules ask
    @cached_property
    def writers(self) -> frozenset[int]:
        """Who wrote what is signed. One statement."""
        rows = Transition.objects.filter(
            subject_kind=self.SUBJECT_KIND,
            subject_id=self.pk,
            act__in=WRITTEN,
            by__isnull=False,
        )
        return frozenset({self.prepared_by_id, *rows.values_list("by", flat=True)})

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """The clauses without an input. One statement."""
        missing = self.inputs.filter(state=InputState.GAP, required=True)
        return tuple(missing.order_by("position").values_list("clause", flat=True))

    @cached_property
    def attendance(self) -> dict[str, int]:
        """How many take part, by presence. One statement."""
        rows = self.participants.order_by().values_list("presence").annotate(models.Count("pk"))
        return dict(rows)

    @cached_property
    def decision_dates(self) -> tuple[tuple[int, datetime], ...]:
        """Number and date of each decision. One statement."""
        return tuple(self.decisions.order_by("position").values_list("position", "due"))

    @property
    def is_attended(self) -> bool:
        return bool(self.attendance.get(Presence.PRESENT))

    # ------------------------------------------------------------------ transitions
    @transition("state", S.NEW, S.PREPARATION)
    def draw_up(self) -> None: ...

    @transition("state", S.PREPARATION, S.MEETING)
    def invite(self) -> None: ...

    @transition("state", S.MEETING, S.PREPARATION)
    def return_to_preparation(self) -> None: ...

    @transition("state", S.MEETING, S.SIGNING)
    def submit(self) -> None: ...

    @transition("state", S.SIGNING, S.APPROVAL)
    def sign(self) -> None: ...

    @transition("state", [S.SIGNING, S.APPROVAL], S.MEETING)
    def return_to_minutes(self) -> None:
        self.content, self.digest, self.frozen_at = {}, "", None
        self.representative = None

    @transition("state", S.APPROVAL, S.CLOSED)
    def approve(self) -> None: ...

    @transition("state", [S.PREPARATION, S.MEETING], S.CANCELLED)
    def cancel(self) -> None: ...
