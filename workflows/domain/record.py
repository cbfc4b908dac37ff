"""Moving a subject and writing it down: the only place where a state is saved."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts.models import User
from workflows.domain import clocks, outbox
from workflows.domain.context import now, request_id
from workflows.errors import Conflict
from workflows.models import EngineModel, Outbox, Process, Task, Transition
from workflows.models.guard import engine


@dataclass(frozen=True)
class Deed:
    """One act of one person: who, what, when, why, on whose behalf."""

    by: User | None
    act: str
    reason: str = ""
    on_behalf_of: User | None = None
    at: datetime = field(default_factory=now)
    data: dict[str, Any] = field(default_factory=dict)

    def then(self, act: str) -> "Deed":
        """What follows of itself from this deed, at the same moment by the same person."""
        return replace(self, act=act, reason="", data={})


def move(subject: EngineModel, transition: str | None, deed: Deed) -> tuple[str, str]:
    """Fire at most one transition, raise the version, save once with history.

    Returns the states before and after. Raises Conflict when the state machine says no or
    somebody else moved the row since it was read.
    """
    before = str(subject.state)
    subject._history_user = deed.by
    subject._history_date = deed.at
    subject._change_reason = deed.act
    try:
        if transition is not None:
            with engine():
                getattr(subject, transition)()
        subject.version += 1
        subject.save()
    except (TransitionNotAllowed, ConcurrentTransition) as error:
        raise Conflict(
            _("“%(act)s” is not possible in the state “%(state)s”.")
            % {"act": deed.act, "state": subject.get_state_display()}
        ) from error
    finally:
        # The attributes stick to the instance, and a second save would claim the same reason.
        for name in ("_history_user", "_history_date", "_change_reason"):
            subject.__dict__.pop(name, None)
    return before, str(subject.state)


@dataclass(frozen=True)
class Entry:
    """A line of the record before it is written: a deed on a subject, from state to state."""

    subject: EngineModel
    deed: Deed
    states: tuple[str, str]
    process: Process | None = None
    task: Task | None = None
    node: str = ""
    versioned: bool = True

    def row(self) -> Transition:
        subject, deed, root = self.subject, self.deed, self.subject.root
        return Transition(
            root_kind=root.SUBJECT_KIND,
            root_id=root.pk,
            subject_kind=subject.SUBJECT_KIND,
            subject_id=subject.pk,
            subject_number=subject.number,
            version=subject.version if self.versioned else None,
            process=self.process,
            task=self.task,
            node=self.node,
            act=deed.act,
            from_state=self.states[0],
            to_state=self.states[1],
            at=deed.at,
            by=deed.by,
            on_behalf_of=deed.on_behalf_of,
            reason=deed.reason,
            request=request_id(),
            data=deed.data,
        )


def write(
    subject: EngineModel,
    deed: Deed,
    states: tuple[str, str],
    *,
    process: Process | None = None,
    task: Task | None = None,
    node: str = "",
    versioned: bool = True,
) -> Transition:
    """Write the transition row and the effect that tells the rest of the system. The clocks of
    the subject follow first, and what they did is told in the row."""
    told = clocks.follow(subject, deed, states)
    if told:
        deed = replace(deed, data={**deed.data, "clocks": told})
    row = Entry(subject, deed, states, process, task, node, versioned).row()
    row.save(force_insert=True)
    outbox.emit("transition", effect_key(row), **payload(row))
    return row


def write_all(entries: list[Entry]) -> None:
    """Write many lines, in their order, with their effects: two statements."""
    rows = Transition.objects.bulk_create([entry.row() for entry in entries])
    moment = now()
    outbox.emit_all(
        [
            Outbox(
                topic="transition", key=effect_key(row), payload=payload(row),
                created=moment, due=moment,
            )
            for row in rows
        ]
    )  # fmt: skip


def effect_key(row: Transition) -> str:
    return f"transition:{row.pk}"


def payload(row: Transition) -> dict[str, Any]:
    """Kind and act let a handler pass over what is not its business without asking the database."""
    return {"transition": row.pk, "kind": row.subject_kind, "act": row.act}
