"""The case: one piece of feedback and its life."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from cases.enums import (
    ENDED,
    FINDINGS,
    LOWERABLE,
    OPEN,
    PROCESSED,
    RAISABLE,
    SOLVABLE,
    CaseState,
    Extent,
    Harm,
    Kind,
    Part,
    Severity,
)
from cases.models.catalogue import Category, Cause, Channel, Product
from cases.models.customer import Customer
from cases.models.relations import RelatedCases
from cases.models.standing import CaseStanding
from workflows.models import EngineModel, StateField
from workflows.models.state import GuardedQuerySet

S = CaseState


class CaseQuerySet(GuardedQuerySet):
    def visible_to(self, user: Any) -> "CaseQuerySet":
        """What a person may know of: everything for quality, management and auditors, else the
        cases their departments (and the departments below) have to do with."""
        authority = user.authority
        if authority.sees_all:
            return self
        below = Q(pk__in=[])
        for root in authority.roots:
            below |= Q(department__path__startswith=root)
        return self.filter(Exists(CaseParty.objects.filter(below, case=OuterRef("pk"))))


class Case(CaseStanding, RelatedCases, EngineModel):
    """Feedback with a process. `received_at` is when it reached us, `logged_at` when we typed it;
    the number belongs to the year of logging. Transitions are thin: they set only this row."""

    SUBJECT_KIND = "case"

    number = models.CharField(_("number"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    severity = models.CharField(
        _("severity"), max_length=20, choices=Severity.choices, default=Severity.GENERAL
    )
    harm = models.CharField(_("harm"), max_length=20, choices=Harm.choices, blank=True)
    extent = models.CharField(_("extent"), max_length=20, choices=Extent.choices, blank=True)
    severity_reason = models.TextField(
        _("why the severity is otherwise than proposed"), blank=True, default=""
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what happened"))
    remedy_sought = models.TextField(_("remedy sought"), blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="cases", verbose_name=_("customer")
    )
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    batch = models.CharField(_("batch or serial number"), max_length=80, blank=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, verbose_name=_("channel"))
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("cause")
    )
    service_department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("logged by department"),
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible department"),
    )
    occurred_on = models.DateField(_("occurred on"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"))
    logged_at = models.DateTimeField(_("logged at"))
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("logged by"),
    )
    legal_liability = models.BooleanField(_("legal liability"), default=False)
    media_exposed = models.BooleanField(_("media exposure"), default=False)
    ruled = models.BooleanField(_("ruled by arbitration"), default=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # People have paused its clocks; the next step lets them go on.
    on_hold = models.BooleanField(_("clocks are paused"), default=False, editable=False)
    source = models.CharField(_("source"), max_length=40, blank=True)
    external_ref = models.CharField(_("external reference"), max_length=100, blank=True)
    # One per opened form: a double click logs one case.
    form_key = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    search_text = models.TextField(editable=False, blank=True)
    state = StateField(default=S.NEW, choices=S.choices)
    history = HistoricalRecords(excluded_fields=["search_text", "form_key", "on_hold"])

    objects = CaseQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["state", "-id"], name="cases_by_state"),
            models.Index(fields=["customer", "-id"], name="cases_by_customer"),
            models.Index(fields=["department", "-id"], name="cases_by_department"),
            models.Index(fields=["-received_at", "-id"], name="cases_by_receipt"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_ref"],
                condition=~Q(external_ref=""),
                name="one_case_per_external_ref",
            ),
            models.CheckConstraint(
                condition=Q(state=S.CLOSED, closed_at__isnull=False)
                | (~Q(state=S.CLOSED) & Q(closed_at=None)),
                name="closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=S.MERGED, merged_into__isnull=False)
                | (~Q(state=S.MERGED) & Q(merged_into=None)),
                name="merged_has_survivor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/cases/{self.number}/"

    @property
    def is_major(self) -> bool:
        return self.severity == Severity.MAJOR

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def flow_key(self) -> str:
        if self.kind in FINDINGS:
            return "improvement"
        if self.kind not in PROCESSED:
            return "feedback"
        return "incident" if self.is_major else "complaint"

    def links(self) -> dict[str, Any]:
        return {"case": self}

    def after_statement(self) -> str:
        """A major case is always arbitrated once; a general one goes to review."""
        return S.ARBITRATION if self.is_major and not self.ruled else S.REVIEW

    def after_ruling(self) -> str:
        """Review, when the department ruled responsible has stated cause and remedy already."""
        stated = self.statements.filter(department=self.department, disputed=False)
        return S.REVIEW if stated.exists() else S.STATEMENT

    def after_closing(self) -> str:
        """With a flag set the management representative signs too."""
        return S.COUNTERSIGNATURE if self.is_flagged else S.CLOSED

    @transition("state", S.NEW, S.ACKNOWLEDGEMENT)
    def log(self) -> None: ...

    @transition("state", S.ACKNOWLEDGEMENT, S.TRIAGE)
    def acknowledge(self) -> None: ...

    @transition("state", S.TRIAGE, S.STATEMENT)
    def accept(self) -> None: ...

    @transition("state", S.TRIAGE, S.RAISED)
    def raise_major(self) -> None:
        self.severity = Severity.MAJOR

    @transition("state", S.TRIAGE, S.REJECTED)
    def reject(self) -> None: ...

    @transition("state", S.TRIAGE, S.MERGED)
    def merge(self) -> None: ...

    @transition("state", sorted(SOLVABLE), S.MERGED)
    def solve_together(self) -> None: ...

    @transition("state", [S.TRIAGE, S.ANSWERING], S.CONVERTED)
    def convert(self) -> None: ...

    @transition("state", S.STATEMENT, GET_STATE(after_statement, [S.ARBITRATION, S.REVIEW]))
    def answer(self) -> None: ...

    @transition("state", S.STATEMENT, S.ARBITRATION)
    def dispute(self) -> None: ...

    @transition("state", S.STATEMENT, S.TRIAGE)
    def return_to_triage(self) -> None: ...

    @transition("state", S.ARBITRATION, GET_STATE(after_ruling, [S.REVIEW, S.STATEMENT]))
    def rule(self) -> None:
        self.ruled = True

    @transition("state", [S.ARBITRATION, S.REVIEW], S.STATEMENT)
    def return_to_statement(self) -> None: ...

    @transition("state", S.REVIEW, S.ACTION)
    def order_actions(self) -> None: ...

    @transition("state", S.REVIEW, S.REPLY)
    def accept_remedy(self) -> None: ...

    @transition("state", S.ACTION, S.VERIFICATION)
    def complete_actions(self) -> None: ...

    @transition("state", S.VERIFICATION, S.REPLY)
    def verify(self) -> None: ...

    @transition("state", [S.VERIFICATION, S.REPLY, S.CLOSING], S.REVIEW)
    def return_to_review(self) -> None: ...

    @transition("state", S.REPLY, S.FEEDBACK)
    def reply(self) -> None: ...

    @transition("state", S.FEEDBACK, S.CLOSING)
    def satisfied(self) -> None: ...

    @transition("state", S.FEEDBACK, S.CLOSING)
    def no_answer(self) -> None: ...

    @transition("state", S.FEEDBACK, S.REVIEW)
    def unsatisfied(self) -> None: ...

    @transition("state", S.CLOSING, GET_STATE(after_closing, [S.CLOSED, S.COUNTERSIGNATURE]))
    def close(self) -> None: ...

    @transition("state", S.CLOSING, S.CLOSED)
    def close_finding(self) -> None: ...

    @transition("state", S.COUNTERSIGNATURE, S.CLOSED)
    def countersign(self) -> None: ...

    @transition("state", S.COUNTERSIGNATURE, S.CLOSING)
    def return_to_closing(self) -> None: ...

    @transition("state", sorted(OPEN), S.WITHDRAWN)
    def withdraw(self) -> None: ...

    @transition("state", S.CLOSED, S.TRIAGE)
    def reopen(self) -> None:
        self.closed_at = None

    # The major incident.
    @transition("state", S.NEW, S.INVESTIGATION)
    def log_incident(self) -> None: ...

    @transition("state", sorted(RAISABLE), S.INVESTIGATION)
    def take_up(self) -> None:
        self.severity = Severity.MAJOR

    @transition("state", sorted(LOWERABLE), S.TRIAGE)
    def lower(self) -> None:
        self.severity = Severity.GENERAL

    @transition("state", S.INVESTIGATION, S.CONVENING)
    def investigate(self) -> None: ...

    @transition("state", S.INVESTIGATION, S.REJECTED)
    def unfounded(self) -> None: ...

    @transition("state", [S.CONVENING, S.ARBITRATION], S.INVESTIGATION)
    def return_to_investigation(self) -> None: ...

    @transition("state", S.CONVENING, S.JOINT_REVIEW)
    def convene(self) -> None: ...

    @transition("state", S.JOINT_REVIEW, S.ARBITRATION)
    def complete_opinions(self) -> None: ...

    @transition("state", S.ARBITRATION, S.CONVENING)
    def return_to_review_board(self) -> None: ...

    @transition("state", S.ARBITRATION, S.MEASURES)
    def decide(self) -> None:
        self.ruled = True

    @transition("state", S.MEASURES, S.COMPLETENESS)
    def draft_measures(self) -> None: ...

    @transition("state", S.COMPLETENESS, S.APPROVAL)
    def pass_measures(self) -> None: ...

    @transition("state", [S.COMPLETENESS, S.APPROVAL], S.MEASURES)
    def return_measures(self) -> None: ...

    @transition("state", S.APPROVAL, S.ACTION)
    def approve_measures(self) -> None: ...

    @transition("state", [S.VERIFICATION, S.REPLY, S.CLOSING], S.MEASURES)
    def return_to_measures(self) -> None: ...

    @transition("state", S.FEEDBACK, S.MEASURES)
    def dissatisfied(self) -> None: ...

    @transition("state", S.CLOSED, S.INVESTIGATION)
    def reopen_incident(self) -> None:
        self.closed_at = None

    @transition("state", S.NEW, S.ANSWERING)
    def record(self) -> None: ...

    @transition("state", S.ANSWERING, S.ANSWERED)
    def give_answer(self) -> None: ...

    @transition("state", S.NEW, S.REVIEW)
    def open_finding(self) -> None: ...

    @transition("state", S.NEW, S.ACTION)
    def order_decided(self) -> None: ...

    @transition("state", S.REVIEW, S.REJECTED)
    def dismiss(self) -> None: ...

    @transition("state", S.VERIFICATION, S.CLOSING)
    def verify_finding(self) -> None: ...


class CaseParty(models.Model):
    """A department that has to do with a case, and may therefore see it; never taken back."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(max_length=20, choices=Part.choices)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("department concerned")
        verbose_name_plural = _("departments concerned")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "department", "part"], name="one_party_per_part"
            )
        ]
        indexes = [models.Index(fields=["department", "case"], name="cases_of_department")]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.department}"
