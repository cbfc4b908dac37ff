"""Corrective actions and requests to extend them."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from simple_history.models import HistoricalRecords

from cases.enums import (
    ACTION_ENDED,
    ActionKind,
    ActionState,
    CauseFactor,
    Criterion,
    ExtensionState,
)
from cases.models.case import Case
from workflows.models import Clock, EngineModel, StateField, Transition

A = ActionState
X = ExtensionState
# Whoever takes one of these steps carries the action out, and may not verify it.
CARRIED_OUT = ("accept", "plan", "implement")


class CorrectiveAction(EngineModel):
    """One measure with an owner, a due moment and proof.

    `whys` is the 5-Why tree of why it occurred, `escape_whys` of why it was not caught: rows
    [depth, sentence] in the order of an outline, from the symptom (depth 0) down to the root
    causes. `due` moves by granted extensions only, `original_due` never.
    `criterion` and `window_days` say how the effect shows; while it is watched, from
    `watch_from` to `watch_until`, a case with the same product and cause is a recurrence.
    `effect` is what the watch found: {"cases": n, "open": [numbers], "from": …, "until": …}.
    """

    SUBJECT_KIND = "action"
    ROOT_FIELD = "case"

    number = models.CharField(_("number"), max_length=30, unique=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="actions", verbose_name=_("case")
    )
    kind = models.CharField(_("kind of action"), max_length=20, choices=ActionKind.choices)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what is to be done"), blank=True)
    insisted = models.BooleanField(_("author keeps a vague wording"), default=False)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("action owner"),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    due = models.DateTimeField(_("due"), null=True, blank=True)
    original_due = models.DateTimeField(_("original due date"), null=True, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ordered by"),
    )
    whys = models.JSONField(_("why it occurred (5-Why)"), default=list, blank=True)
    escape_whys = models.JSONField(_("why it was not caught (5-Why)"), default=list, blank=True)
    cause_factor = models.CharField(
        _("cause factor (6M)"), max_length=20, choices=CauseFactor.choices, blank=True
    )
    plan = models.TextField(_("action plan"), blank=True)
    result = models.TextField(_("what was done"), blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    criterion = models.CharField(
        _("criterion of effectiveness"), max_length=20, choices=Criterion.choices, blank=True
    )
    criterion_text = models.TextField(_("what must be seen"), blank=True)
    window_days = models.PositiveSmallIntegerField(_("days the effect is watched"), default=0)
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verifier"),
    )
    watch_from = models.DateTimeField(_("watched from"), null=True, blank=True)
    watch_until = models.DateTimeField(_("watched until"), null=True, blank=True)
    effect = models.JSONField(_("what the watch found"), default=dict, blank=True)
    recurrence_count = models.PositiveSmallIntegerField(_("recurrences"), default=0)
    # People have paused its clocks; the next step lets them go on.
    on_hold = models.BooleanField(_("clocks are paused"), default=False, editable=False)
    verification = models.TextField(_("how effectiveness was verified"), blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    rework_count = models.PositiveSmallIntegerField(_("times sent back for rework"), default=0)
    state = StateField(default=A.NEW, choices=A.choices)
    history = HistoricalRecords(excluded_fields=["on_hold"])

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        indexes = [
            models.Index(fields=["department", "state", "due", "id"], name="actions_of_dept"),
            models.Index(fields=["state", "due", "id"], name="actions_by_state"),
            models.Index(
                fields=["watch_until", "id"], name="actions_watched", condition=Q(state=A.WATCHED)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("submitted_by")),
                name="verifier_is_not_implementer",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="verified_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("ordered_by")),
                name="verifier_did_not_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/actions/{self.number}/"

    @property
    def flow_key(self) -> str:
        return "corrective_action"

    def links(self) -> dict[str, Any]:
        return {"case": self.case, "action": self}

    @property
    def has_ended(self) -> bool:
        return self.state in ACTION_ENDED

    @property
    def awaited(self) -> datetime | None:
        """The next moment that matters: the due one, while it is watched the end of the window."""
        if self.has_ended:
            return None
        return self.watch_until if self.state == A.WATCHED else self.due

    @cached_property
    def implementer_ids(self) -> frozenset[int]:
        """Who carried the action out: accepted, planned or submitted it. One statement."""
        rows = Transition.objects.filter(
            subject_kind="action", subject_id=self.pk, node__in=CARRIED_OUT
        )
        involved = {*rows.values_list("by", flat=True), self.owner_id}
        return frozenset(person for person in involved if person is not None)

    @cached_property
    def evidence_count(self) -> int:
        """Evidence files since the last rework, so that each round proves itself."""
        files = self.files.filter(removed_at=None)
        if self.verified_at or not self.rework_count:
            return files.count()
        last = Transition.objects.filter(
            subject_kind="action", subject_id=self.pk, act="rework"
        ).order_by("-pk")
        return files.filter(at__gte=last.values("at")[:1]).count()

    @property
    def window_is_over(self) -> bool:
        """Whether there is no window to watch, or it has passed without a recurrence."""
        return not self.window_days or bool(self.effect)

    @cached_property
    def unchecked_places(self) -> tuple[str, ...]:
        """Similar products and sites listed and not looked at yet: one statement."""
        waiting = self.read_across.filter(result="open").select_related("product").order_by("pk")
        return tuple(str(one) for one in waiting)

    @cached_property
    def open_clocks(self) -> list[Any]:
        """The clocks of the action that have not stopped: one statement."""
        return list(Clock.objects.filter(subject_kind="action", subject_id=self.pk, stopped=None))

    @cached_property
    def open_extension(self) -> "ExtensionRequest | None":
        return self.extensions.filter(state=X.REQUESTED).first()

    @transition("state", A.NEW, A.PROPOSED)
    def propose(self) -> None: ...

    @transition("state", [A.NEW, A.PROPOSED, A.RETURNED], A.ASSIGNED)
    def assign(self) -> None: ...

    @transition("state", A.ASSIGNED, A.ACCEPTED)
    def accept(self) -> None: ...

    @transition("state", A.ASSIGNED, A.RETURNED)
    def return_to_orderer(self) -> None: ...

    @transition("state", A.ACCEPTED, A.IN_PROGRESS)
    def begin(self) -> None: ...

    @transition("state", A.IN_PROGRESS, A.SUBMITTED)
    def submit(self) -> None: ...

    @transition("state", A.SUBMITTED, A.IN_PROGRESS)
    def rework(self) -> None:
        self.rework_count += 1

    @transition("state", A.SUBMITTED, A.WATCHED)
    def watch(self) -> None: ...

    @transition("state", A.WATCHED, A.SUBMITTED)
    def pass_window(self) -> None: ...

    @transition("state", A.WATCHED, A.ACCEPTED)
    def recur(self) -> None:
        self.recurrence_count += 1

    @transition("state", A.SUBMITTED, A.VERIFIED)
    def verify(self) -> None: ...

    @transition("state", A.VERIFIED, A.CLOSED)
    def close(self) -> None: ...

    @transition("state", sorted(frozenset(A) - ACTION_ENDED - {A.NEW}), A.CANCELLED)
    def cancel(self) -> None: ...


class ExtensionRequest(EngineModel):
    """A request to move an action's due moment; decided by quality, kept beside the original."""

    SUBJECT_KIND = "extension"
    ROOT_FIELD = "case"

    action = models.ForeignKey(
        CorrectiveAction, on_delete=models.PROTECT, related_name="extensions"
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_due = models.DateTimeField(_("requested due date"))
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    state = StateField(default=X.NEW, choices=X.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("extension request")
        verbose_name_plural = _("extension requests")
        constraints = [
            models.UniqueConstraint(
                fields=["action"], condition=Q(state=X.REQUESTED), name="one_open_extension"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
                name="extension_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.number}: {self.requested_due:%Y-%m-%d}"

    @property
    def number(self) -> str:
        """An extension is spoken of by its action's number."""
        return self.action.number

    @property
    def flow_key(self) -> str:
        return "extension"

    def links(self) -> dict[str, Any]:
        return {"case": self.case, "action": self.action, "extension": self}

    @transition("state", X.NEW, X.REQUESTED)
    def request(self) -> None: ...

    @transition("state", X.REQUESTED, X.GRANTED)
    def grant(self) -> None: ...

    @transition("state", X.REQUESTED, X.REFUSED)
    def refuse(self) -> None: ...

    @transition("state", X.REQUESTED, X.LAPSED)
    def lapse(self) -> None: ...
