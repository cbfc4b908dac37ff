"""Arbitration (仲裁): what is disputed, the ruling with its shares, and the one appeal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from cases.enums import AppealState
from cases.models.case import Case
from cases.models.incident import OfCase
from workflows.models import StateField

USER = settings.AUTH_USER_MODEL
A = AppealState


class Arbitration(models.Model):
    """A dispute before the quality department. `matters` lists what is disputed (Matter values);
    `by` and `at` are of the ruling, empty while none is given; `department` is the one in the
    lead. `ended_at` without a ruling: the case went another way. `revises` is the ruling whose
    place this one takes after an appeal."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="arbitrations")
    matters = models.JSONField(_("what is disputed"), default=list)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    window_until = models.DateTimeField(_("statements until"), null=True, blank=True)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, blank=True,
        verbose_name=_("ruled responsible"),
    )  # fmt: skip
    ruling = models.TextField(_("ruling and its reasons"), blank=True)
    effects = models.TextField(_("effects"), blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    revises = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revised_by"
    )

    class Meta:
        verbose_name = _("arbitration")
        verbose_name_plural = _("arbitrations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, at=None, ruling="")
                | (Q(by__isnull=False, at__isnull=False, department__isnull=False) & ~Q(ruling="")),
                name="ruling_is_whole",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(at=None, ended_at=None),
                name="one_open_arbitration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.department or '–'}"


class Share(models.Model):
    """The part of the responsibility that one department bears, in whole per cent.

    The shares of a ruling add up to 100; department statistics count a case by them.
    """

    arbitration = models.ForeignKey(Arbitration, on_delete=models.PROTECT, related_name="shares")
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(_("share in per cent"))

    class Meta:
        verbose_name = _("share of responsibility")
        verbose_name_plural = _("shares of responsibility")
        ordering = ["-percent", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["arbitration", "department"], name="one_share_per_department"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="share_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.percent} %"


class Appeal(OfCase):
    """The one appeal against a ruling, decided by somebody who did not rule."""

    SUBJECT_KIND = "appeal"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appeals")
    arbitration = models.OneToOneField(Arbitration, on_delete=models.PROTECT, related_name="appeal")
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("appealing department"),
    )
    grounds = models.TextField(_("grounds of the appeal"))
    requested_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decision = models.TextField(_("decision and its reasons"), blank=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    state = StateField(default=A.NEW, choices=A.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                name="appeal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="appeal_decided_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.department}"

    @transition("state", A.NEW, A.REQUESTED)
    def request(self) -> None: ...

    @transition("state", A.REQUESTED, A.UPHELD)
    def uphold(self) -> None: ...

    @transition("state", A.REQUESTED, A.REVISED)
    def revise(self) -> None: ...

    @transition("state", A.REQUESTED, A.LAPSED)
    def lapse(self) -> None: ...
