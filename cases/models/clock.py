"""A request for more time on a clock of a case; decided by quality, kept beside the original."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from cases.enums import ExtensionState
from cases.models.case import Case
from workflows.models import Clock, EngineModel, StateField

X = ExtensionState


class ClockExtension(EngineModel):
    """`present_due` is what the clock said when it was asked."""

    SUBJECT_KIND = "clock_extension"
    ROOT_FIELD = "case"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clock_extensions")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="extensions")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    present_due = models.DateTimeField(_("due date when it was requested"))
    requested_due = models.DateTimeField(_("requested due date"))
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    state = StateField(default=X.NEW, choices=X.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("extension of a clock")
        verbose_name_plural = _("extensions of clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(state=X.REQUESTED), name="one_open_clock_extension"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="clock_extension_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                name="clock_extension_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(requested_due__gt=F("present_due")),
                name="clock_extension_gives_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.requested_due:%Y-%m-%d}"

    @property
    def number(self) -> str:
        """It is spoken of by the number of its case."""
        return self.case.number

    @property
    def flow_key(self) -> str:
        return "clock_extension"

    def links(self) -> dict[str, Any]:
        return {"case": self.case, "clock_extension": self}

    @transition("state", X.NEW, X.REQUESTED)
    def request(self) -> None: ...

    @transition("state", X.REQUESTED, X.GRANTED)
    def grant(self) -> None: ...

    @transition("state", X.REQUESTED, X.REFUSED)
    def refuse(self) -> None: ...

    @transition("state", X.REQUESTED, X.LAPSED)
    def lapse(self) -> None: ...
