"""The file of an incident as its page shows it, put together out of the rows that were read once
(cases/domain/incident_reading.py)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.domain import incident_reading, measures
from cases.domain.incident_rows import (
    AppealRow,
    ArbitrationRow,
    ClosureRow,
    FileRow,
    MeasureRow,
    PlanRow,
    ReviewRow,
    ShareRow,
    SignatureRow,
)
from cases.domain.timeline import TOGETHER
from cases.enums import ActionState, CaseState, OpinionState, Purpose, ResponseKind, ResponseState
from cases.models import Case
from workflows.domain.context import now

# Whoever checks or approves a plan is told what it lacks.
CHECKED = frozenset({CaseState.COMPLETENESS, CaseState.APPROVAL})
# What of a measure is compared from one revision to the next.
COMPARED = {
    "kind_label": _("Kind"),
    "department": _("Department"),
    "owner": _("Action owner"),
    "due": _("Due"),
    "description": _("What is to be done"),
    "criterion_label": _("Criterion"),
    "criterion_text": _("What must be seen"),
    "window_days": _("Days watched"),
}


@dataclass(frozen=True)
class With:
    """A row with the files that came with it; `due` and `owner` where its step still waits."""

    row: Any
    files: tuple[FileRow, ...] = ()
    due: datetime | None = None
    owner: str = ""


@dataclass(frozen=True)
class Review:
    """A joint review: who was asked, what was said, whether it is enough."""

    row: ReviewRow
    opinions: tuple[With, ...]
    minutes: tuple[FileRow, ...]

    @property
    def filed(self) -> int:
        return sum(one.row.is_filed for one in self.opinions)

    @property
    def said(self) -> list[With]:
        """What may be read, side by side."""
        return [one for one in self.opinions if one.row.is_filed and one.row.readable]

    @property
    def hidden(self) -> int:
        """How many opinions are filed and not shown to this reader."""
        return sum(one.row.is_filed and not one.row.readable for one in self.opinions)

    @property
    def bar(self) -> list[dict[str, Any]]:
        """One field of the small bar for each department asked: filed ones first."""
        width = 100 / max(len(self.opinions), 1)
        return [
            {"x": round(turn * width, 2), "width": round(width - 1, 2), "filed": turn < self.filed}
            for turn in range(len(self.opinions))
        ]

    @property
    def mark(self) -> float:
        """Where in the bar the quorum is reached."""
        return round(100 * min(self.row.needed / max(len(self.opinions), 1), 1), 2)


@dataclass(frozen=True)
class Part:
    """A share of a ruling as a piece of the bar."""

    department: str
    percent: int
    x: int
    tone: int


@dataclass(frozen=True)
class Ruled:
    """A ruling with its shares and the appeal against it; `place` counts from 1."""

    row: ArbitrationRow
    place: int
    parts: tuple[Part, ...]
    appeal: With | None = None
    replaced: bool = False


@dataclass(frozen=True)
class Change:
    """What became of a measure from one revision to the next: "new", "dropped" or the fields."""

    what: str
    title: str
    fields: tuple[tuple[Any, str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """A revision of the measures, and what it changed against the one before."""

    row: PlanRow
    measures: tuple[MeasureRow, ...]
    changes: tuple[Change, ...] = ()


@dataclass
class IncidentFile:
    """Everything of an incident that is no step; lists begin with the latest."""

    responses: list[With] = field(default_factory=list)
    investigations: list[With] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    hearings: list[With] = field(default_factory=list)
    statements: list[With] = field(default_factory=list)
    rulings: list[Ruled] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    motions: list[With] = field(default_factory=list)
    closures: list[ClosureRow] = field(default_factory=list)
    signatures: list[SignatureRow] = field(default_factory=list)
    open_arbitration: ArbitrationRow | None = None

    @property
    def parties(self) -> list[With]:
        """Who spoke before the ruling, side by side: statements, then opinions, then hearings."""
        said = self.reviews[0].said if self.reviews else []
        heard = [one for one in self.hearings if one.row.is_filed and one.row.readable]
        return [*self.statements, *said, *heard]

    @property
    def awaited(self) -> list[With]:
        """Parties that are asked and have not spoken."""
        return [one for one in self.hearings if one.row.is_awaited]


# ---------------------------------------------------------------------------- putting together
def read(
    case: Case, user: User, tasks: Iterable[Any] = (), actions: Iterable[Any] | None = None
) -> IncidentFile:
    """The file of a visible case as `user` may read it: one statement.

    `tasks` are the open steps of the case; with `actions`, its corrective actions, the gaps of
    the latest plan come too. What the rules of acts ask of the case is noted on it, so that
    nothing is read twice.
    """
    found = incident_reading.read(case, user)
    waits = waiting(tasks)
    rulings = ruled(found, waits)
    plans = planned(found)
    know(case, found)
    hearings = [heard for heard in found["opinion"] if heard.arbitration_id is not None]
    latest = max((one.arbitration_id for one in hearings), default=None)
    return IncidentFile(
        responses=[
            with_files(found, row, Purpose.RESPONSE, waits.get(("response", row.pk)))
            for row in sorted(found["response"], key=lambda row: (not row.is_open, row.pk))
        ],
        investigations=newest(
            with_files(found, row, Purpose.INVESTIGATION) for row in found["investigation"]
        ),
        reviews=newest(review(found, row) for row in found["review"]),
        hearings=[
            with_files(found, row, Purpose.OPINION)
            for row in hearings
            if row.arbitration_id == latest
        ],
        statements=[with_files(found, row, Purpose.STATEMENT) for row in found["statement"]],
        rulings=newest(rulings),
        plans=newest(plans),
        gaps=[] if actions is None or case.state not in CHECKED else gaps(found, actions),
        motions=newest(
            with_files(found, row, Purpose.FLAG, waits.get(("flag", row.pk)), row.proposed_at)
            for row in found["motion"]
        ),
        closures=newest(found["closure"]),
        signatures=list(found["signature"]),
        open_arbitration=next(
            (row for row in found["arbitration"] if row.at is None and row.ended_at is None), None
        ),
    )


def newest(found: Iterable[Any]) -> list[Any]:
    return list(found)[::-1]


def waiting(tasks: Iterable[Any]) -> dict[tuple[str, int], Any]:
    """The open steps of responses, appeals and motions by what they are about."""
    return {
        (task.subject_kind, key): task
        for task in tasks
        if (key := getattr(task.process.caseprocess, f"{task.subject_kind}_id", None)) is not None
    }


def with_files(
    found: incident_reading.Found,
    row: Any,
    purpose: Purpose,
    task: Any = None,
    moment: datetime | None = None,
) -> With:
    """A row with its files: of that purpose, by the same person, written just after it."""
    at, by = moment or row.at, getattr(row, "by", "") or getattr(row, "proposed_by", "")
    return With(
        row=row,
        files=came_with(found, purpose, by, at),
        due=task.due if task else None,
        owner=task.owner.name if task and task.owner else "",
    )


def came_with(
    found: incident_reading.Found, purpose: Purpose, by: str, at: datetime | None
) -> tuple[FileRow, ...]:
    if at is None:
        return ()
    return tuple(
        one
        for one in found["file"]
        if one.purpose == purpose and one.by == by and timedelta(0) <= one.at - at <= TOGETHER
    )


def review(found: incident_reading.Found, row: ReviewRow) -> Review:
    opinions = tuple(
        with_files(found, one, Purpose.OPINION)
        for one in found["opinion"]
        if one.review_id == row.pk
    )
    later = min((one.opened_at for one in found["review"] if one.pk > row.pk), default=None)
    minutes = tuple(
        one
        for one in found["file"]
        if one.purpose == Purpose.MINUTES and row.opened_at <= one.at < (later or now())
    )
    return Review(row, opinions, minutes)


def ruled(found: incident_reading.Found, waits: dict[tuple[str, int], Any]) -> list[Ruled]:
    """The rulings in their order, each with its appeal."""
    given = [row for row in found["arbitration"] if row.at is not None]
    appeals: dict[int, AppealRow] = {row.arbitration_id: row for row in found["appeal"]}
    replaced = {row.revises_id for row in given}
    return [
        Ruled(
            row,
            place,
            parts(row, found["share"]),
            appealed(found, appeals[row.pk], waits) if row.pk in appeals else None,
            row.pk in replaced,
        )
        for place, row in enumerate(given, start=1)
    ]


def appealed(
    found: incident_reading.Found, row: AppealRow, waits: dict[tuple[str, int], Any]
) -> With:
    """The appeal with its new evidence, and until when it is decided."""
    files = came_with(found, Purpose.APPEAL, row.requested_by, row.requested_at)
    waiting = waits.get(("appeal", row.pk))
    return With(row, files, due=waiting.due if waiting else None)


def parts(row: ArbitrationRow, shares: Iterable[ShareRow]) -> tuple[Part, ...]:
    """The pieces of the bar; a ruling from before shares puts all on one department."""
    own = [one for one in shares if one.arbitration_id == row.pk]
    if not own:
        return (Part(row.department, 100, 0, 1),)
    made, x = [], 0
    for tone, one in enumerate(sorted(own, key=lambda one: -one.percent), start=1):
        made.append(Part(one.department, one.percent, x, (tone - 1) % 4 + 1))
        x += one.percent
    return tuple(made)


def know(case: Case, found: incident_reading.Found) -> None:
    """Tell the case what its rules would otherwise read one by one."""
    given = [row for row in found["arbitration"] if row.at is not None]
    ruling = given[-1] if given else None
    appealed = {row.arbitration_id for row in found["appeal"]}
    bearing = {
        row.department_id
        for row in found["share"]
        if ruling is not None and row.arbitration_id == ruling.pk
    }
    known: dict[str, Any] = {
        "latest_ruling": ruling,
        "bearing_ids": frozenset(bearing or ({ruling.department_id} if ruling else ())),
        "was_appealed": ruling is not None
        and (ruling.revises_id is not None or ruling.pk in appealed),
        "drafter_ids": frozenset(row.drafted_by_id for row in found["plan"][-1:]),
    }
    opened = next((row for row in found["review"] if row.concluded_at is None), None)
    if opened is not None:
        states = [row.state for row in found["opinion"] if row.review_id == opened.pk]
        known["review_count"] = (
            states.count(OpinionState.FILED), opened.needed, opened.due
        )  # fmt: skip
    case.__dict__.update(known)


# ---------------------------------------------------------------------------- the plan
def planned(found: incident_reading.Found) -> list[Plan]:
    """The revisions in their order, each with what it changed."""
    made: list[Plan] = []
    for row in found["plan"]:
        own = tuple(one for one in found["measure"] if one.plan_id == row.pk)
        before = made[-1].measures if made else ()
        made.append(Plan(row, own, tuple(changes(before, own)) if made else ()))
    return made


def changes(before: Iterable[MeasureRow], after: Iterable[MeasureRow]) -> Iterable[Change]:
    """Measures are told apart by their titles."""
    known = {one.title: one for one in before}
    for one in after:
        old = known.pop(one.title, None)
        if old is None:
            yield Change("new", one.title)
        elif changed := tuple(differing(old, one)):
            yield Change("changed", one.title, changed)
    yield from (Change("dropped", title) for title in known)


def differing(old: MeasureRow, new: MeasureRow) -> Iterable[tuple[Any, Any, Any]]:
    for name, words in COMPARED.items():
        before, after = printed(getattr(old, name)), printed(getattr(new, name))
        if before != after:
            yield words, before, after


def printed(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)


def gaps(found: incident_reading.Found, actions: Iterable[Any]) -> list[str]:
    """What the latest plan lacks, seen together with the actions there are already."""
    latest = found["plan"][-1:]
    kinds = {one.kind for one in found["measure"] if latest and one.plan_id == latest[0].pk}
    kinds |= {one.kind for one in actions if one.state != ActionState.CANCELLED}
    contained = any(
        one.kind == ResponseKind.CONTAINMENT and one.state == ResponseState.DONE
        for one in found["response"]
    )
    return measures.missing(kinds, contained=contained)
