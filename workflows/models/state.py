"""The state column: changed by transitions only, safe between threads and between people."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, FSMFieldDescriptor

from workflows.errors import OutsideEngine


class StateDescriptor(FSMFieldDescriptor):
    """Protection by a flag on the instance: the library's own flips the class for all threads."""

    def __set__(self, instance: Any, value: Any) -> None:
        if instance.__dict__.get("_loading_state"):
            self.field.set_state(instance, value)
        else:
            super().__set__(instance, value)


class StateField(FSMField):
    descriptor_class = StateDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("protected", True)
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("verbose_name", _("state"))
        super().__init__(*args, **kwargs)


class GuardedQuerySet(models.QuerySet):
    """Bulk writes would pass by the guard and write no history, so they may not touch states."""

    def update(self, **fields: Any) -> int:
        if "state" in fields:
            raise OutsideEngine("a state can only change through a transition")
        return super().update(**fields)

    def bulk_update(
        self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        if "state" in fields:
            raise OutsideEngine("a state can only change through a transition")
        return super().bulk_update(objs, fields, batch_size=batch_size)


class EngineModel(ConcurrentTransitionMixin, models.Model):
    """Base of everything that has a life: a protected state and a version.

    A concrete class declares `state = StateField(...)`, a `number` and `SUBJECT_KIND`, the short
    word by which transition rows and tasks name it.
    """

    SUBJECT_KIND = ""

    if TYPE_CHECKING:
        # A concrete class brings them; the engine relies on them.
        state: Any
        number: Any
        history: Any
        get_state_display: Any
        _history_user: Any
        _history_date: Any
        _change_reason: Any

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__["_loading_state"] = True
        try:
            models.Model.refresh_from_db(self, *args, **kwargs)
        finally:
            self.__dict__.pop("_loading_state", None)
        self._update_initial_state()

    # The foreign key to the row that everything of one case queues on; empty for that row itself.
    ROOT_FIELD = ""

    @property
    def root(self) -> "EngineModel":
        """The case-like row this one belongs to (itself for a case)."""
        return getattr(self, self.ROOT_FIELD) if self.ROOT_FIELD else self

    @property
    def flow_key(self) -> str:
        """Which flow runs this subject."""
        raise NotImplementedError

    def links(self) -> dict[str, Any]:
        """The foreign keys of a process that runs on this subject."""
        raise NotImplementedError

    @classmethod
    def locked(cls, pk: int) -> Self:
        """Lock the root row and read subject and root fresh: one statement."""
        queryset = cls._default_manager.all()
        if cls.ROOT_FIELD:
            queryset = queryset.select_related(cls.ROOT_FIELD)
        locked = queryset.select_for_update(of=(cls.ROOT_FIELD or "self",)).get(pk=pk)
        return cast(Self, locked)


def state_field(model: type[models.Model]) -> Any:
    """The state field of a concrete subject."""
    return model._meta.get_field("state")
