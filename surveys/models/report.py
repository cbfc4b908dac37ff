"""The analysis report of a period on its way from draft to frozen; a frozen one never changes."""

from functools import cached_property
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from surveys.enums import ConclusionKind, ReportState
from workflows.errors import OutsideEngine
from workflows.models import AppendOnlyQuerySet, EngineModel, StateField, Transition

S = ReportState
ON_ITS_WAY = (S.DRAFT, S.REVIEW, S.APPROVAL)
WRITING = ("draw_up", "restate", "write", "conclude", "drop_conclusion", "answer", "submit")


class AnalysisReport(EngineModel):
    """One report of a period; a later `revision` restates a frozen one and leaves it as it is.

    `content` is the JSON of surveys/domain/reports/content.py, there when it is frozen, and
    `content_hash` its digest; `stamp` tells whether anything it was made of has changed since.
    """

    SUBJECT_KIND = "report"

    number = models.CharField(_("number"), max_length=30, unique=True)
    period = models.CharField(_("period"), max_length=7)
    revision = models.PositiveSmallIntegerField(_("version"), default=1)
    restates = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="restated_by"
    )
    restatement = models.TextField(_("why it is restated"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("drawn up by"),
    )
    created_at = models.DateTimeField(_("created at"))
    turn = models.PositiveSmallIntegerField(_("submissions"), default=0)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    content = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(_("content hash"), max_length=64, blank=True)
    stamp = models.CharField(max_length=400, blank=True)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    state = StateField(default=S.NEW, choices=S.choices)
    history = HistoricalRecords(excluded_fields=["content", "stamp"])

    class Meta:
        verbose_name = _("analysis report")
        verbose_name_plural = _("analysis reports")
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(state__in=ON_ITS_WAY), name="one_report_on_its_way"
            ),
            models.UniqueConstraint(
                fields=["period", "revision"],
                condition=Q(state=S.FROZEN),
                name="one_frozen_report_per_revision",
            ),
            models.CheckConstraint(
                condition=~Q(reviewed_by=F("created_by")), name="author_does_not_review_report"
            ),
            models.CheckConstraint(
                condition=~Q(released_by=F("created_by")), name="author_does_not_release_report"
            ),
            models.CheckConstraint(
                condition=Q(state=S.FROZEN, frozen_at__isnull=False, reviewed_by__isnull=False)
                & ~Q(content_hash="")
                | ~Q(state=S.FROZEN) & Q(frozen_at=None, content_hash=""),
                name="frozen_report_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(restates=None) | ~Q(restatement=""), name="restated_report_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.period}"

    @property
    def title(self) -> str:
        """As the inbox and the bell call it."""
        return _("Analysis report %(period)s") % {"period": self.period}

    def get_absolute_url(self) -> str:
        return f"/reports/{self.number}/"

    @property
    def flow_key(self) -> str:
        return "report"

    def links(self) -> dict[str, Any]:
        return {"report": self}

    @property
    def is_frozen(self) -> bool:
        return self.state == S.FROZEN

    @cached_property
    def writers(self) -> frozenset[int]:
        """Who wrote at it or sent it on: none of them signs it. One statement."""
        rows = Transition.objects.filter(
            subject_kind=self.SUBJECT_KIND, subject_id=self.pk, act__in=WRITING, by__isnull=False
        )
        return frozenset(rows.values_list("by", flat=True)) | {self.created_by_id}

    @cached_property
    def is_important(self) -> bool:
        """Whether something in it is for the general manager: one statement."""
        return self.sections.filter(important=True).exists()

    @cached_property
    def unanswered(self) -> int:
        """How many remarks wait for the author: one statement."""
        return SectionRemark.objects.filter(section__report=self, answered_at=None).count()

    def after_review(self) -> str:
        return S.APPROVAL if self.is_important else S.FROZEN

    def save(self, *args: Any, **kwargs: Any) -> None:
        kept = AnalysisReport.objects.filter(pk=self.pk, state=S.FROZEN)
        if not self._state.adding and kept.exists():
            raise OutsideEngine("a frozen report never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("a report is never removed")

    @transition("state", S.NEW, S.DRAFT)
    def draw_up(self) -> None: ...

    @transition("state", S.DRAFT, S.REVIEW)
    def submit(self) -> None: ...

    @transition("state", S.DRAFT, S.DROPPED)
    def drop(self) -> None: ...

    @transition("state", S.REVIEW, GET_STATE(after_review, [S.APPROVAL, S.FROZEN]))
    def approve(self) -> None: ...

    @transition("state", [S.REVIEW, S.APPROVAL], S.DRAFT)
    def return_to_draft(self) -> None: ...

    @transition("state", S.APPROVAL, S.FROZEN)
    def release(self) -> None: ...


class PartOfReport(models.Model):
    """What belongs to a report can be written as long as the report is not frozen."""

    class Meta:
        abstract = True

    def whole(self) -> AnalysisReport:
        raise NotImplementedError

    def check_open(self) -> None:
        if AnalysisReport.objects.filter(pk=self.whole().pk, state=S.FROZEN).exists():
            raise OutsideEngine("a frozen report never changes")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_open()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self.check_open()
        return super().delete(*args, **kwargs)


class ReportSection(PartOfReport):
    """The narrative of one section: paragraphs with live fields such as {{index.index.points}}."""

    report = models.ForeignKey(AnalysisReport, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=30)
    text = models.TextField(_("narrative"), blank=True)
    important = models.BooleanField(_("important: for the general manager"), default=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="one_section_a_key")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.key}"

    def whole(self) -> AnalysisReport:
        return self.report


class SectionVersion(models.Model):
    """A section as it was sent on in the submission `turn`; told what changed by it."""

    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="versions")
    turn = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    important = models.BooleanField(default=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["section", "turn"], name="one_version_a_submission")
        ]

    def __str__(self) -> str:
        return f"{self.section_id} ({self.turn})"


class SectionRemark(PartOfReport):
    """What a reviewer remarks at a paragraph; `quote` is the paragraph as it read then."""

    section = models.ForeignKey(ReportSection, on_delete=models.PROTECT, related_name="remarks")
    paragraph = models.PositiveSmallIntegerField(_("paragraph"))
    quote = models.TextField(blank=True)
    text = models.TextField(_("remark"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]

    def whole(self) -> AnalysisReport:
        return self.section.report


class ReportConclusion(PartOfReport):
    """What follows from the figures; an improvement becomes a `case` when the report is frozen.

    `key` stays the same in a restated version, so that nothing is raised twice.
    """

    report = models.ForeignKey(AnalysisReport, on_delete=models.PROTECT, related_name="conclusions")
    key = models.CharField(max_length=40)
    text = models.TextField(_("conclusion"))
    kind = models.CharField(
        _("kind"), max_length=20, choices=ConclusionKind.choices, default=ConclusionKind.IMPROVEMENT
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    case = models.ForeignKey(
        "cases.Case",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concluded_in",
        verbose_name=_("improvement case"),
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="one_conclusion_a_key")
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def whole(self) -> AnalysisReport:
        return self.report


class ReportCopy(models.Model):
    """Who was sent a copy of a frozen report, and when they took note of it."""

    report = models.ForeignKey(AnalysisReport, on_delete=models.PROTECT, related_name="copies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "person"], name="one_copy_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.person_id}"


class ReportFile(models.Model):
    """A document of a frozen report, kept to the byte: `digest` is its SHA-256."""

    report = models.ForeignKey(AnalysisReport, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    extension = models.CharField(max_length=8)
    data = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "name", "language"], name="one_file_of_each_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.name}.{self.extension}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OutsideEngine("a stored document never changes")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OutsideEngine("a stored document is never removed")


class PeriodSections(models.Model):
    """The sections of a period as computed last, for showing: anew when `stamp` has changed."""

    period = models.CharField(_("period"), max_length=7, unique=True)
    stamp = models.CharField(max_length=400)
    sections = models.JSONField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.period
