"""A step that waits for somebody, with everything the inbox shows on the row itself."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy as _
from viewflow.workflow.models import AbstractTask

from accounts.enums import Role
from workflows.models.ladder import Laddered
from workflows.models.process import Process


class Task(AbstractTask, Laddered):
    """One activation of a node.

    `department` and `role` are the pool it waits in, `owner` who has claimed it. `due` is the
    moment it should be done by, in working time from the deadline policy. The columns from
    `subject_kind` down repeat what the inbox prints: a join would double its growth (SPEED.md).
    """

    # Viewflow's own ways to assign and to trace are not used; ours are below. Its generic key to
    # an "owner permission object" cannot be taken out of the abstract class; it stays empty.
    previous = None
    owner_permission = None
    owner_permission_content_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.PROTECT, null=True, related_name="+"
    )
    scheduled = None
    external_task_id = None

    process = models.ForeignKey(Process, on_delete=models.PROTECT)
    came_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("owner"),
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices, blank=True)
    due = models.DateTimeField(_("due"), null=True, blank=True)
    # Whether it lies in a year whose holidays are not published yet.
    provisional = models.BooleanField(_("provisional"), default=False)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="tasks_done"
    )

    subject_kind = models.CharField(max_length=20)
    subject_number = models.CharField(max_length=30)
    root_number = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    customer = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    is_major = models.BooleanField(default=False)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            models.Index(
                fields=["owner", "due", "id"], name="inbox_mine", condition=Q(finished=None)
            ),
            models.Index(
                fields=["department", "role", "due", "id"],
                name="inbox_pool",
                condition=Q(finished=None, owner=None),
            ),
            models.Index(
                fields=["starter", "due", "id"], name="inbox_started", condition=Q(finished=None)
            ),
            models.Index(fields=["finished_by", "-finished", "-id"], name="inbox_done"),
            models.Index(
                fields=["root_number"], name="open_steps_of_root", condition=Q(finished=None)
            ),
            models.Index(
                fields=["next_at", "id"],
                name="steps_on_ladders",
                condition=Q(finished=None, next_at__isnull=False),
            ),
            models.Index(
                fields=["due", "id"],
                name="inbox_escalated",
                condition=Q(finished=None, escalated_at__isnull=False),
            ),
        ]
        constraints = [
            # One winner: a task is finished by a person or the engine, once, at one moment.
            models.CheckConstraint(
                condition=Q(finished_by=None) | Q(finished__isnull=False),
                name="task_finisher_needs_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_number}: {self.flow_task_title}"

    @property
    def flow_task_title(self) -> str:
        return str(self.flow_task.task_title) if self.flow_task else ""

    @staticmethod
    def place_of(row: dict[str, Any]) -> str:
        """The pool's department in the reader's language, from a row of plain values."""
        english = not (get_language() or "").startswith("zh")
        return (english and row["department__name_en"]) or row["department__name"] or ""

    @property
    def waits_since(self) -> datetime:
        return self.created

    @property
    def ladder_key(self) -> str:
        return str(self.flow_task.flow_class.key) if self.flow_task else ""

    @property
    def is_open(self) -> bool:
        return self.finished is None
