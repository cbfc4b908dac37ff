"""What is asked: items with sub-items, weights, labelings; approved versions never change."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy as _
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from surveys.enums import QuestionnaireKind, QuestionnaireState
from workflows.models import EngineModel, StateField, Transition

S = QuestionnaireState


class Questionnaire(EngineModel):
    """One version (`revision`) of the questionnaire `code`.

    `document` is what surveys/domain/questionnaires.py reads and what a TOML file holds: items,
    sub-items with stable keys, weights, conditions, open questions. Nobody drew up what came
    with the product (`created_by` is empty); without an approver it went into use as the policy
    of that day asked for none.
    """

    SUBJECT_KIND = "questionnaire"

    number = models.CharField(_("number"), max_length=30, unique=True)
    code = models.CharField(_("code"), max_length=40)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionnaireKind.choices)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    document = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("drawn up by"),
    )
    created_at = models.DateTimeField(_("created at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    state = StateField(default=S.NEW, choices=S.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.UniqueConstraint(fields=["code", "revision"], name="one_revision_of_each"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state=S.APPROVED), name="one_approved_revision"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("created_by")), name="author_does_not_approve"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.APPROVED, S.RETIRED]) | Q(approved_at__isnull=False),
                name="in_use_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} r{self.revision}"

    def get_absolute_url(self) -> str:
        return f"/satisfaction/questionnaires/{self.number}/"

    @property
    def label(self) -> str:
        english = not (get_language() or "").startswith("zh")
        return (english and self.title_en) or self.title

    @property
    def flow_key(self) -> str:
        return "questionnaire"

    def links(self) -> dict[str, Any]:
        return {"questionnaire": self}

    # Whether the policy of the day asks for a second person; the submit command looks it up.
    needs_approval = True

    @cached_property
    def writers(self) -> frozenset[int]:
        """Who wrote at it, drew it up or sent it on: none of them approves it. One statement."""
        rows = Transition.objects.filter(
            subject_kind=self.SUBJECT_KIND,
            subject_id=self.pk,
            act__in=("draw_up", "edit", "submit"),
            by__isnull=False,
        )
        written = frozenset(rows.values_list("by", flat=True))
        return written | ({self.created_by_id} if self.created_by_id else frozenset())

    @cached_property
    def later_numbers(self) -> tuple[str, ...]:
        """Numbers of later revisions that were not dropped: one statement."""
        later = Questionnaire.objects.filter(code=self.code, revision__gt=self.revision)
        kept = later.exclude(state=S.DROPPED).order_by("revision")
        return tuple(kept.values_list("number", flat=True))

    def after_submission(self) -> str:
        return S.APPROVAL if self.needs_approval else S.APPROVED

    @transition("state", S.NEW, S.DRAFT)
    def draw_up(self) -> None: ...

    @transition("state", S.NEW, S.APPROVED)
    def adopt(self) -> None: ...

    @transition("state", S.DRAFT, GET_STATE(after_submission, [S.APPROVAL, S.APPROVED]))
    def submit(self) -> None: ...

    @transition("state", S.APPROVAL, S.DRAFT)
    def return_to_draft(self) -> None: ...

    @transition("state", S.APPROVAL, S.APPROVED)
    def approve(self) -> None: ...

    @transition("state", S.DRAFT, S.DROPPED)
    def drop(self) -> None: ...

    @transition("state", S.APPROVED, S.RETIRED)
    def retire(self) -> None: ...
