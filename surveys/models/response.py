"""The forms that came back."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import CustomerType
from cases.models import Customer, Product
from surveys.enums import ResponseChannel, Sign
from surveys.models.campaign import Campaign, Invitee
from surveys.models.questionnaire import Questionnaire
from workflows.errors import OutsideEngine
from workflows.models import AppendOnlyQuerySet


class ImportBatch(models.Model):
    """One file of answers, as it was read."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="batches")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


class Response(models.Model):
    """One form that came back inside the window.

    `levels` holds one character for each sub-item in the order of the questionnaire: "5" (best)
    to "1", "-" for not applicable, " " for blank. `texts` maps keys to what was written. The
    columns that describe the customer are those of the frame. `device` and `address` are keyed
    hashes; `signs` names what looked like a machine when it came in (surveys/enums.py Sign): it is
    kept and counts, a person decides. `invalidated_by` is the confirmed finding that took the form
    out of the score; the row stays.
    """

    # Each index below begins with the campaign.
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    invitee = models.OneToOneField(
        Invitee, on_delete=models.PROTECT, null=True, blank=True, related_name="response"
    )
    external_id = models.CharField(_("external id"), max_length=60)
    received_at = models.DateTimeField(_("received at"))
    channel = models.CharField(_("channel"), max_length=20, choices=ResponseChannel.choices)
    levels = models.CharField(max_length=200)
    texts = models.JSONField(default=dict)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    customer_type = models.CharField(
        _("customer type"), max_length=20, choices=CustomerType.choices, blank=True
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    unit = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    interviewer = models.CharField(_("interviewer"), max_length=80, blank=True)
    seconds = models.PositiveIntegerField(_("seconds taken"), null=True, blank=True)
    device = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=64, blank=True)
    signs = models.CharField(_("signs of a machine"), max_length=60, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    invalidated_by = models.ForeignKey(
        "surveys.Finding",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invalidated",
    )

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [
            models.Index(fields=["campaign", "id"], name="responses_by_key"),
            models.Index(fields=["campaign", "received_at"], name="responses_by_moment"),
            models.Index(
                fields=["campaign", "invalidated_by"],
                name="responses_taken_out",
                condition=Q(invalidated_by__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "external_id"], name="one_response_per_external_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.external_id}"

    @property
    def sign_words(self) -> list[Any]:
        """What looked like a machine, in words."""
        return [Sign(name).label for name in self.signs.split() if name in Sign.values]


class SendAttempt(models.Model):
    """Somebody at an address (a keyed hash) sent a form: counted for a minute, then removed."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"], name="sends_of_an_address")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}"


class DeductionEntry(models.Model):
    """A line of the ledger; append-only. `points` is positive, a reversal takes it back.

    `period` is a half-year or a year ("2026-H1", "2026").
    """

    period = models.CharField(_("period"), max_length=7)
    rule = models.CharField(_("rule"), max_length=20)
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=4)
    policy = models.ForeignKey(
        "surveys.SatisfactionPolicy", on_delete=models.PROTECT, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deduction entry")
        verbose_name_plural = _("deduction entries")
        ordering = ["pk"]
        indexes = [models.Index(fields=["period", "rule", "id"], name="ledger_of_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.rule} {self.points}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("the ledger is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("the ledger is append-only")


class DeductedCaseQuerySet(AppendOnlyQuerySet):
    def release(self) -> int:
        """Let the cases of reversed entries count again elsewhere: the one thing that changes."""
        return models.QuerySet.update(self, counted=False)


class DeductedCase(models.Model):
    """A case that an entry counts. `counted` falls with the entry's reversal, so that one case
    stands under one heading of a period at most."""

    entry = models.ForeignKey(DeductionEntry, on_delete=models.PROTECT, related_name="cases")
    period = models.CharField(max_length=7)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deductions")
    counted = models.BooleanField(default=True)

    objects = DeductedCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "case"], name="case_once_per_entry"),
            models.UniqueConstraint(
                fields=["period", "case"], condition=Q(counted=True), name="case_counts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.case_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("the ledger is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("the ledger is append-only")


class PeriodLedger(models.Model):
    """The row that everybody who writes into a period's ledger queues on."""

    period = models.CharField(max_length=7, unique=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.period
