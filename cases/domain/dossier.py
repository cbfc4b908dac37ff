"""What the case page and the action page read, each with a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Leave, User
from cases.domain.incident_reading import has_file
from cases.domain.timeline import Entry, FileShown, Timeline
from cases.enums import ACTION_ENDED, ActionState
from cases.models import (
    Attachment,
    Case,
    CorrectiveAction,
    ExtensionRequest,
    ReadAcross,
    ServedCase,
)
from cases.models.action import CARRIED_OUT
from cases.models.relations import relations_known
from workflows.domain import offers
from workflows.domain.changes import SILENT, diff
from workflows.domain.context import now
from workflows.domain.offers import StepOffer
from workflows.models import EngineModel, Task, Transition
from workflows.permissions import leads, may_take

# They follow from a step that the timeline shows already.
NOISE = frozenset({"ruled", "closed_at", "verified_at", "submitted_at", "submitted_by_id",
                   "verified_by_id", "proposed_by_id", "rework_count", "recurrence_count",
                   "watch_from", "effect"})  # fmt: skip
# The foreign keys whose old values have a name worth reading, and what they point at.
NAMED = {
    "product": "product",
    "category": "category",
    "channel": "channel",
    "cause": "cause",
    "department": "department",
    "service_department": "department",
    "owner": "person",
    "ordered_by": "person",
    "verifier": "person",
}
# What stands against no closing: the request lapses with the clock it is about.
OWN_KINDS = frozenset({"case", "action", "extension", "clock_extension"})
# What runs beside the steps of a case, read along with its step.
BESIDE = tuple(
    f"process__caseprocess__{name}"
    for name in ("response__department", "opinion__department", "appeal__arbitration",
                 "appeal__department", "flag__first_by", "clock_extension__clock")
)  # fmt: skip


def visible_case(user: User, number: str) -> Case | None:
    """The case with everything its facts name, and whether it has a file of its own beside the
    steps (cases/domain/incident_file.py): one statement."""
    return (
        Case.objects.visible_to(user)
        .annotate(has_file=has_file())
        .select_related(
            "customer__customer_class", "product__department", "category__department", "channel",
            "cause", "service_department", "department", "logged_by", "merged_into", "follows",
        )
        .annotate(**relations_known())
        .filter(number=number)
        .first()
    )  # fmt: skip


def visible_action(user: User, number: str) -> CorrectiveAction | None:
    """An action of a case that the person may see, or that serves such a case: one statement.

    `sees_case` tells which: of a case that is hidden from the person nothing but its number shows.
    What most actions have not (`has_…`) is known at once and need not be asked for.
    """
    seen = Case.objects.visible_to(user)
    serves = ServedCase.objects.filter(action=OuterRef("pk"))
    return (
        CorrectiveAction.objects.filter(number=number)
        .annotate(
            sees_case=Exists(seen.filter(pk=OuterRef("case"))),
            has_served=Exists(serves),
            has_places=Exists(ReadAcross.objects.filter(action=OuterRef("pk"))),
            has_extensions=Exists(ExtensionRequest.objects.filter(action=OuterRef("pk"))),
        )
        .filter(Q(sees_case=True) | Exists(serves.filter(case__in=seen)))
        .select_related(
            "case__customer", "case__product", "case__department", "department", "owner",
            "proposed_by", "ordered_by", "submitted_by", "verifier", "verified_by",
        )
        .first()
    )  # fmt: skip


def open_steps(case: Case, user: User) -> list[Any]:
    """The steps of a case and of all that belongs to it that wait for somebody: one statement.

    `stands_in` says whether the owner is away and `user` is the substitute.
    """
    today = timezone.localdate(now())
    away = Leave.objects.filter(
        user=OuterRef("owner"), substitute=user, starts__lte=today, ends__gte=today
    )
    return list(
        Task.objects.filter(process__caseprocess__case=case, finished=None, flow_task_type="HUMAN")
        .select_related("owner", "department", "sender", *BESIDE)
        .annotate(stands_in=Exists(away))
        .order_by("due", "pk")
    )


def beside_of(task: Any, case: Case) -> Any:
    """The response, opinion, appeal or motion that a step is about, with this copy of the case."""
    process = task.process.caseprocess
    found = (
        process.response or process.opinion or process.appeal or process.flag
        or process.clock_extension
    )  # fmt: skip
    if found is not None:
        found.case = case
    return found


def know_beside(case: Case, tasks: Iterable[Any]) -> None:
    """Tell the case what runs beside its steps: what is open has an open step, read already."""
    kinds = (task.subject_kind for task in tasks)
    case.__dict__["open_beside"] = tuple(kind for kind in kinds if kind not in OWN_KINDS)


def may_ever(task: Any, user: User) -> bool:
    """Whether the person could take the step: by role, as its owner, or standing in."""
    return may_take(task, user) or bool(task.stands_in)


def offer(task: Any, subject: EngineModel, user: User) -> StepOffer:
    """What the engine offers; asked only where the person could ever take the step."""
    if may_ever(task, user):
        return offers.of_step(task, subject, user)
    return StepOffer(
        task=task,
        title=str(task.flow_task.task_title),
        choices=(),
        may_claim=False,
        may_release=task.owner_id is not None and leads(task, user),
        may_transfer=leads(task, user),
    )


def actions_of(case: Case) -> list[CorrectiveAction]:
    """The corrective actions of a case, and those of other cases that serve it too: one
    statement. Its own share its copy of the case."""
    serving = ServedCase.objects.filter(case=case).values("action")
    found = list(
        CorrectiveAction.objects.filter(Q(case=case) | Q(pk__in=serving))
        .select_related("case", "department", "owner")
        .order_by("pk")
    )
    open_still: dict[bool, list[str]] = {True: [], False: []}
    for action in found:
        own = action.case_id == case.pk
        if own:
            action.case = case
        if action.state not in ACTION_ENDED:
            open_still[own].append(action.number)
    case.__dict__["open_action_numbers"] = tuple(sorted(open_still[True]))
    case.__dict__["served_action_numbers"] = tuple(open_still[False])
    return found


# ---------------------------------------------------------------------------- field changes
@dataclass
class History:
    """The field history behind the deeds of a page, read before its names are known."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, subject: EngineModel, timeline: Timeline) -> "History":
        """The history rows of the versions on the page, and of those before them."""
        kind = subject.SUBJECT_KIND
        versions = {row.version for row in timeline.rows if row.kind == kind and row.version}
        versions |= {version - 1 for version in versions}
        if len(versions) < 2:
            return cls()
        rows = subject.history.filter(version__in=versions).select_related("history_user")
        by_version = {row.version: row for row in rows}
        return cls(
            [
                (by_version[version - 1], row)
                for version, row in by_version.items()
                if version - 1 in by_version
            ]
        )

    def keys(self) -> dict[str, set[int]]:
        """The keys whose names are needed, by what they point at."""
        wanted: dict[str, set[int]] = {}
        for older, newer in self.pairs:
            for name, kind in NAMED.items():
                before, after = (getattr(row, f"{name}_id", None) for row in (older, newer))
                if before != after:
                    keys = (key for key in (before, after) if key is not None)
                    wanted.setdefault(kind, set()).update(keys)
        return wanted

    def other_cases(self) -> set[tuple[str, int]]:
        """(field, key) of the other cases that the changes name."""
        names = ("merged_into", "follows")
        rows = [row for pair in self.pairs for row in pair]
        found = {(name, getattr(row, f"{name}_id", None)) for row in rows for name in names}
        return {(name, key) for name, key in found if key is not None}

    def fill(
        self, subject: EngineModel, entries: Iterable[Entry], names: dict[tuple[str, Any], str]
    ) -> None:
        """Put the changes into the entries of their versions."""
        by_version = {newer.version: (older, newer) for older, newer in self.pairs}
        for entry in entries:
            if entry.subject != subject.SUBJECT_KIND or entry.version not in by_version:
                continue
            older, newer = by_version[entry.version]
            entry.changes = [
                (change.label, change.before, change.after)
                for change in diff(quiet(older), quiet(newer), names=names)
            ]


def quiet(row: Any) -> Any:
    """A history row that tracks what a reader wants to know."""
    row.tracked_fields = [
        known
        for known in row.tracked_fields
        if known.attname not in NOISE and known.name not in SILENT
    ]
    return row


def know_implementers(actions: Iterable[CorrectiveAction]) -> None:
    """Tell each action that waits for verification who carried it out: one statement for all."""
    waiting = [action for action in actions if action.state == ActionState.SUBMITTED]
    if not waiting:
        return
    rows = Transition.objects.filter(
        subject_kind="action",
        subject_id__in=[action.pk for action in waiting],
        node__in=CARRIED_OUT,
    ).values_list("subject_id", "by")
    people: dict[int, set[int]] = {action.pk: set() for action in waiting}
    for action_pk, person in rows:
        people[action_pk].add(person)
    for action in waiting:
        involved = people[action.pk] | {action.owner_id}
        action.__dict__["implementer_ids"] = frozenset(involved - {None})


def files_of(case: Case) -> list[FileShown]:
    """The files of a case and its actions, newest first: one statement."""
    rows = Attachment.objects.filter(case=case, removed_at=None).select_related("by")
    return [
        FileShown(
            name=row.name, key=row.key, content_type=row.content_type, size=row.size,
            by=row.by.name, at=row.at, purpose=row.purpose, action_id=row.action_id,
        )
        for row in rows.order_by("-pk")[:100]
    ]  # fmt: skip
