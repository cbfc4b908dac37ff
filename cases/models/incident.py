"""The first part of a major incident: immediate responses, investigation, joint review."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from accounts.enums import Role
from cases.enums import OpinionState, ResponseKind, ResponseState
from cases.models.case import Case
from workflows.models import EngineModel, StateField

USER = settings.AUTH_USER_MODEL
R = ResponseState
P = OpinionState


class OfCase(EngineModel):
    """Something of a case with a life of its own, spoken of by the case's number."""

    ROOT_FIELD = "case"

    if TYPE_CHECKING:
        case: Any

    class Meta:
        abstract = True

    @property
    def number(self) -> str:
        return self.case.number

    @property
    def flow_key(self) -> str:
        return self.SUBJECT_KIND

    def links(self) -> dict[str, Any]:
        return {"case": self.case, self.SUBJECT_KIND: self}


class Response(OfCase):
    """What is done at once: containment, somebody on site, a word to the customer.

    `department` and `role` are the pool that is asked; `report` says what was done, `quantity`
    how many pieces were contained.
    """

    SUBJECT_KIND = "response"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(_("kind"), max_length=20, choices=ResponseKind.choices)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    instruction = models.TextField(_("instruction"), blank=True)
    report = models.TextField(_("what was done"), blank=True)
    quantity = models.PositiveIntegerField(_("quantity contained"), null=True, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    state = StateField(default=R.NEW, choices=R.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("immediate response")
        verbose_name_plural = _("immediate responses")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, at=None) | Q(by__isnull=False, at__isnull=False),
                name="response_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_kind_display()}"

    @transition("state", R.NEW, R.OPEN)
    def start(self) -> None: ...

    @transition("state", R.OPEN, R.DONE)
    def report_done(self) -> None: ...

    @transition("state", R.OPEN, R.NOT_NEEDED)
    def decline(self) -> None: ...

    @transition("state", R.OPEN, R.LAPSED)
    def lapse(self) -> None: ...


class Investigation(models.Model):
    """The record of the customer service centre; a return to the investigation adds another."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="investigations")
    facts = models.TextField(_("facts"))
    batch = models.CharField(_("batches affected"), max_length=200, blank=True)
    quantity = models.PositiveIntegerField(_("quantity affected"), null=True, blank=True)
    places = models.TextField(_("places"), blank=True)
    persons = models.TextField(_("persons asked"), blank=True)
    verified = models.TextField(_("what was verified, and how"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("investigation record")
        verbose_name_plural = _("investigation records")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.case.number


class JointReview(models.Model):
    """A joint review (评审): who was asked until when, how many opinions were needed.

    `needed` is the quorum as a number of opinions, from the policy of the day it was convened.
    `reason` says why it was concluded without the quorum.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joint_reviews")
    question = models.TextField(_("what the review is to find out"), blank=True)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due = models.DateTimeField(_("opinions due"))
    needed = models.PositiveSmallIntegerField(_("opinions needed"))
    concluded_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    quorum_met = models.BooleanField(_("quorum met"), null=True)
    reason = models.TextField(_("why without the quorum"), blank=True)
    held_at = models.DateTimeField(_("meeting held at"), null=True, blank=True)
    participants = models.TextField(_("participants"), blank=True)
    minutes = models.TextField(_("meeting record"), blank=True)
    minutes_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("joint review")
        verbose_name_plural = _("joint reviews")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(concluded_at=None), name="one_open_joint_review"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.opened_at:%Y-%m-%d}"


class Opinion(OfCase):
    """What one department says on cause, responsibility and measure: in a joint review, or as a
    party heard in an arbitration. Written without seeing the others'; `late` is after `due`."""

    SUBJECT_KIND = "opinion"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    review = models.ForeignKey(
        JointReview, on_delete=models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    arbitration = models.ForeignKey(
        "cases.Arbitration", on_delete=models.PROTECT, null=True, blank=True,
        related_name="hearings",
    )  # fmt: skip
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("department"),
    )
    due = models.DateTimeField(_("due"))
    cause = models.TextField(_("cause"), blank=True)
    responsibility = models.TextField(_("responsibility"), blank=True)
    measure = models.TextField(_("measure"), blank=True)
    late = models.BooleanField(_("filed late"), default=False)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    state = StateField(default=P.NEW, choices=P.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "department"], name="one_opinion_per_department"
            ),
            models.UniqueConstraint(
                fields=["arbitration", "department"], name="one_hearing_per_department"
            ),
            models.CheckConstraint(
                condition=Q(review=None) ^ Q(arbitration=None), name="opinion_of_one_occasion"
            ),
            models.CheckConstraint(
                condition=Q(by=None, at=None) | Q(by__isnull=False, at__isnull=False),
                name="opinion_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.department}"

    @transition("state", P.NEW, P.REQUESTED)
    def request(self) -> None: ...

    @transition("state", P.REQUESTED, P.FILED)
    def file(self) -> None: ...

    @transition("state", P.REQUESTED, P.MISSING)
    def miss(self) -> None: ...
