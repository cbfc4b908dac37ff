"""A campaign: whom we ask, with what, when; its frozen frame of invitees."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from cases.enums import CustomerType
from cases.models import Customer, Product
from surveys.enums import CampaignState, Mode, QuestionnaireKind, Rhythm
from surveys.models.questionnaire import Questionnaire
from workflows.models import EngineModel, StateField

S = CampaignState


class CampaignPlan(models.Model):
    """A recurring plan: opens a draft at the beginning of each of its windows."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=40, blank=True)
    questionnaire_code = models.CharField(_("questionnaire"), max_length=40)
    rhythm = models.CharField(_("rhythm"), max_length=20, choices=Rhythm.choices)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.OWN)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    population = models.JSONField(default=dict)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("recurring plan")
        verbose_name_plural = _("recurring plans")

    def __str__(self) -> str:
        return self.name


class Campaign(EngineModel):
    """`source` is a key of the policy's sources; empty for campaigns outside the index.

    `starts_at` ≤ answers < `ends_at`. `population` names customer types, cities, products and
    classes (empty: all). `declared_sent` are forms an agency sent out to people who are not in
    the frame. `margin` is the wanted margin of error in percentage points.
    """

    SUBJECT_KIND = "campaign"

    number = models.CharField(_("number"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=20, choices=QuestionnaireKind.choices, default="survey"
    )
    source = models.CharField(_("source"), max_length=40, blank=True)
    period = models.CharField(_("period"), max_length=7)
    questionnaire = models.ForeignKey(
        Questionnaire,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("questionnaire"),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.OWN)
    agency = models.CharField(_("agency"), max_length=120, blank=True)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    population = models.JSONField(default=dict)
    margin = models.DecimalField(
        _("wanted margin of error"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    declared_sent = models.PositiveIntegerField(_("forms sent outside the frame"), default=0)
    plan = models.ForeignKey(
        CampaignPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    launched_at = models.DateTimeField(_("launched at"), null=True, blank=True)
    state = StateField(default=S.NEW, choices=S.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [models.Index(fields=["source", "period"], name="campaigns_of_source")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="window_is_open"),
            models.CheckConstraint(
                condition=~Q(state=S.LAUNCHED)
                | Q(launched_at__isnull=False, questionnaire__isnull=False),
                name="launched_has_questionnaire",
            ),
            models.UniqueConstraint(
                fields=["plan", "starts_at"], name="one_draft_of_a_plan_per_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/satisfaction/campaigns/{self.number}/"

    @property
    def flow_key(self) -> str:
        return "campaign"

    def links(self) -> dict[str, Any]:
        return {"campaign": self}

    def is_open(self, at: datetime) -> bool:
        """Whether an answer may be received at this moment."""
        return self.state == S.LAUNCHED and self.starts_at <= at < self.ends_at

    @cached_property
    def has_frame(self) -> bool:
        """Whether anybody is to be asked."""
        return self.invitees.filter(left_out_reason="").exists()

    @transition("state", S.NEW, S.DRAFT)
    def draw_up(self) -> None: ...

    @transition("state", [S.NEW, S.DRAFT], S.LAUNCHED)
    def launch(self) -> None: ...

    @transition("state", S.DRAFT, S.CANCELLED)
    def cancel(self) -> None: ...


class CampaignUnit(models.Model):
    """A unit that answers for part of a campaign: how many forms it is to bring back."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="units")
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+"
    )
    regions = models.JSONField(default=list)
    target = models.PositiveIntegerField(_("forms to bring back"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "department"], name="one_row_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.department}"


class Invitee(models.Model):
    """One form of the frame: the sample unit. What describes the customer is frozen here.

    `token_hash` is the SHA-256 of the personal link's token; the token itself is not kept.
    Somebody left out keeps the row, with the reason; somebody unreachable stays in the count.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="invitees")
    external_id = models.CharField(_("external id"), max_length=60)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    name = models.CharField(_("name"), max_length=120)
    customer_type = models.CharField(
        _("customer type"), max_length=20, choices=CustomerType.choices, blank=True
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    unit = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible unit"),
    )
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    left_out_reason = models.CharField(_("left out because"), max_length=300, blank=True)
    left_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unreachable = models.CharField(_("unreachable because"), max_length=300, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    draft_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitee")
        verbose_name_plural = _("invitees")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "external_id"], name="one_invitee_per_external_id"
            ),
            models.CheckConstraint(
                condition=Q(left_out_reason="") | Q(sent_at=None, left_out_by__isnull=False),
                name="left_out_is_not_sent",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "unit", "id"], name="frame_by_unit")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.name}"
