"""One run of a flow on one subject. Apps derive their own class with real foreign keys."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess

from workflows.models.state import EngineModel


class Process(AbstractProcess):
    """A process row. `starter` is who set it off; `round` counts reopenings from 1."""

    parent_task = models.ForeignKey(
        "workflows.Task",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subprocesses",
    )
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    round = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    # Where the subclass keeps the row that all its processes queue on, as a select_related path.
    ROOT_FIELD: ClassVar[str] = ""
    SUBJECT_FIELDS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        indexes = [models.Index(fields=["parent_task", "finished"], name="process_children")]

    @classmethod
    def locked(cls, pk: int) -> Self:
        """Lock the root row and read process, root and subject: one statement.

        Everything of one case queues on one row, so no two of its steps can deadlock or miss
        each other. SQLite has locked the whole file at BEGIN already.
        """
        queryset = cls._default_manager.select_related(cls.ROOT_FIELD, *cls.SUBJECT_FIELDS)
        return queryset.select_for_update(of=(cls.ROOT_FIELD,)).get(pk=pk)

    @property
    def root(self) -> EngineModel:
        """The case-like row that this process belongs to."""
        return getattr(self, self.ROOT_FIELD)

    @property
    def subject(self) -> EngineModel:
        """The row whose state this process moves: the root or something of it."""
        return self.root

    def card(self) -> dict[str, Any]:
        """What the inbox shows of the subject, copied onto each of its tasks."""
        raise NotImplementedError
