"""What the file of an incident is made of: each kind of row is a class whose fields say where
they come from (cases/domain/incident_reading.py reads them all with one statement)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import get_language

from accounts.enums import Role
from cases.enums import (
    ActionKind,
    AppealState,
    Criterion,
    Flag,
    Matter,
    MotionState,
    OpinionState,
    ResponseKind,
    ResponseState,
)


def of(path: str) -> Any:
    """A field that is read from somewhere else than the column of its name."""
    return field(metadata={"path": path})


def name_of(person: str) -> Any:
    return of(f"{person}__name")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row, read. `SOURCE` names the kind of it in the union."""

    SOURCE: ClassVar[str] = ""
    pk: int


@dataclass(frozen=True, kw_only=True)
class OfDepartment(Row):
    department_id: int | None
    name: str = of("department__name")
    name_en: str = of("department__name_en")

    @property
    def department(self) -> str:
        """In the reader's language."""
        chinese = (get_language() or "").startswith("zh")
        return self.name_en if self.name_en and not chinese else self.name


@dataclass(frozen=True, kw_only=True)
class ResponseRow(OfDepartment):
    SOURCE = "response"
    kind: str
    role: str
    state: str
    instruction: str
    report: str
    quantity: int | None
    by: str = name_of("by")
    at: datetime | None

    @property
    def label(self) -> Any:
        return ResponseKind(self.kind).label

    @property
    def state_label(self) -> Any:
        return ResponseState(self.state).label

    @property
    def role_label(self) -> Any:
        return Role(self.role).label

    @property
    def is_open(self) -> bool:
        return self.state == ResponseState.OPEN


@dataclass(frozen=True, kw_only=True)
class InvestigationRow(Row):
    SOURCE = "investigation"
    facts: str
    batch: str
    quantity: int | None
    places: str
    persons: str
    verified: str
    by: str = name_of("by")
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReviewRow(Row):
    SOURCE = "review"
    question: str
    opened_by: str = name_of("opened_by")
    opened_at: datetime
    due: datetime
    needed: int
    concluded_by: str = name_of("concluded_by")
    concluded_at: datetime | None
    quorum_met: bool | None
    held_at: datetime | None
    participants: str
    minutes: str
    minutes_by: str = name_of("minutes_by")


@dataclass(frozen=True, kw_only=True)
class OpinionRow(OfDepartment):
    """`readable` says whether the reader may know what it says; if not, the texts are empty."""

    SOURCE = "opinion"
    review_id: int | None
    arbitration_id: int | None
    due: datetime
    state: str
    late: bool
    by: str = name_of("by")
    at: datetime | None
    cause: str = of("cause_shown")
    responsibility: str = of("responsibility_shown")
    measure: str = of("measure_shown")
    readable: bool

    @property
    def state_label(self) -> Any:
        return OpinionState(self.state).label

    @property
    def is_filed(self) -> bool:
        return self.state == OpinionState.FILED

    @property
    def is_awaited(self) -> bool:
        return self.state == OpinionState.REQUESTED


@dataclass(frozen=True, kw_only=True)
class StatementRow(OfDepartment):
    SOURCE = "statement"
    facts: str
    cause_text: str
    remedy: str
    grounds: str
    disputed: bool
    by: str = name_of("by")
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ArbitrationRow(OfDepartment):
    SOURCE = "arbitration"
    matters: list[str]
    opened_by: str = name_of("opened_by")
    opened_at: datetime | None
    window_until: datetime | None
    ruling: str
    effects: str
    by: str = name_of("by")
    at: datetime | None
    ended_at: datetime | None
    revises_id: int | None

    @property
    def matter_labels(self) -> list[str]:
        return [str(Matter(one).label) for one in self.matters if one in Matter.values]


@dataclass(frozen=True, kw_only=True)
class ShareRow(OfDepartment):
    SOURCE = "share"
    arbitration_id: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class AppealRow(OfDepartment):
    SOURCE = "appeal"
    arbitration_id: int
    grounds: str
    requested_by: str = name_of("requested_by")
    requested_at: datetime
    decision: str
    decided_by: str = name_of("decided_by")
    decided_at: datetime | None
    state: str

    @property
    def state_label(self) -> Any:
        return AppealState(self.state).label

    @property
    def is_open(self) -> bool:
        return self.state == AppealState.REQUESTED


@dataclass(frozen=True, kw_only=True)
class PlanRow(Row):
    SOURCE = "plan"
    revision: int
    summary: str
    drafted_by_id: int
    drafted_by: str = name_of("drafted_by")
    drafted_at: datetime
    checked_by: str = name_of("checked_by")
    checked_at: datetime | None
    approved_by: str = name_of("approved_by")
    approved_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MeasureRow(OfDepartment):
    SOURCE = "measure"
    plan_id: int
    kind: str
    title: str
    description: str
    owner: str = name_of("owner")
    due: datetime
    criterion: str
    criterion_text: str
    window_days: int
    insisted: bool
    action: str = of("action__number")

    @property
    def kind_label(self) -> Any:
        return ActionKind(self.kind).label

    @property
    def criterion_label(self) -> Any:
        return Criterion(self.criterion).label if self.criterion else ""


@dataclass(frozen=True, kw_only=True)
class MotionRow(Row):
    SOURCE = "motion"
    flag: str
    sets: bool
    evidence: str
    proposed_by: str = name_of("proposed_by")
    proposed_at: datetime
    first_by: str = name_of("first_by")
    first_at: datetime | None
    second_by: str = name_of("second_by")
    second_at: datetime | None
    state: str

    @property
    def label(self) -> Any:
        return Flag(self.flag).label

    @property
    def state_label(self) -> Any:
        return MotionState(self.state).label

    @property
    def is_open(self) -> bool:
        return self.state in {MotionState.PROPOSED, MotionState.SECONDED}


@dataclass(frozen=True, kw_only=True)
class ClosureRow(Row):
    SOURCE = "closure"
    lessons: str
    similar: str
    changes_documents: bool
    documents: str
    by: str = name_of("by")
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SignatureRow(Row):
    SOURCE = "signature"
    meaning: str
    meaning_en: str
    signer: str = of("name")
    roles: list[str]
    at: datetime

    @property
    def label(self) -> str:
        chinese = (get_language() or "").startswith("zh")
        return self.meaning if chinese else self.meaning_en

    @property
    def role_labels(self) -> list[str]:
        known = dict(Role.choices)
        return [str(known.get(role, role)) for role in self.roles]


@dataclass(frozen=True, kw_only=True)
class FileRow(Row):
    """A file as lists and thumbnails print it."""

    SOURCE = "file"
    key: str
    name: str
    content_type: str
    size: int
    purpose: str
    by: str = name_of("by")
    at: datetime

    @property
    def url(self) -> str:
        return f"/files/{self.key}/"

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def thumb_url(self) -> str:
        return f"{self.url}?thumb=1" if self.is_image else ""
