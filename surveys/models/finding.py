"""A suspicion that answers were made up (弄虚作假), with its evidence and what became of it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from surveys.enums import FindingState
from surveys.models.campaign import Campaign
from surveys.models.response import Response
from workflows.models import EngineModel, StateField

S = FindingState
MOST_TICKED = 300


class Finding(EngineModel):
    """What one check found in one campaign. `check_key` names the check, `evidence` its figures;
    `fingerprint` keeps the same finding from being proposed twice."""

    SUBJECT_KIND = "finding"

    number = models.CharField(_("number"), max_length=30, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="findings")
    check_key = models.CharField(_("check"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    fingerprint = models.CharField(max_length=64)
    evidence = models.JSONField(default=dict)
    found_at = models.DateTimeField(_("found at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decision = models.TextField(_("decision"), blank=True)
    field_work = models.TextField(_("field work"), blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = StateField(default=S.NEW, choices=S.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("integrity finding")
        verbose_name_plural = _("integrity findings")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "fingerprint"], name="one_finding_per_fingerprint"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.CONFIRMED)
                | (
                    Q(decided_by__isnull=False, confirmed_by__isnull=False)
                    & ~Q(decided_by=models.F("confirmed_by"))
                ),
                name="two_people_confirm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/satisfaction/findings/{self.number}/"

    @property
    def flow_key(self) -> str:
        return "finding"

    def links(self) -> dict[str, Any]:
        return {"finding": self}

    @cached_property
    def count(self) -> int:
        """How many forms it is about."""
        return self.flagged.count()

    @cached_property
    def tickable(self) -> list["FlaggedResponse"]:
        """The forms that a page can offer one by one; none where they are too many for it."""
        if self.count > MOST_TICKED:
            return []
        return list(self.flagged.select_related("response").order_by("response"))

    @transition("state", S.NEW, S.PROPOSED)
    def propose(self) -> None: ...

    @transition("state", S.PROPOSED, S.PURSUED)
    def pursue(self) -> None: ...

    @transition("state", [S.PROPOSED, S.PURSUED], S.DISMISSED)
    def dismiss(self) -> None: ...

    @transition("state", S.PURSUED, S.CONFIRMED)
    def confirm(self) -> None: ...


class Examination(models.Model):
    """The checks were run over a campaign; also where nothing was found."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="examinations")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    forms = models.PositiveIntegerField()
    proposed = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "-at"], name="examinations_of_campaign")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.at:%Y-%m-%d}"


class FlaggedResponse(models.Model):
    """A form that a finding is about, with what the check saw in it."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="flagged")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="flags")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "response"], name="response_once_a_finding")
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.response_id}"
