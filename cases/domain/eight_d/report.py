"""What an 8D report holds, as plain values: labels are in the language in force, moments are
moments, and what people wrote is as they wrote it. Empty means not recorded yet."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from cases.domain.papers import SignedBy

# Rows (depth, sentence) from the symptom down to the root causes.
Outline = tuple[tuple[int, str], ...]
MOST_PHOTOS = 6


@dataclass(frozen=True)
class Member:
    """Somebody of the team, and all that they did."""

    name: str
    department: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """5W2H as far as it is known, and what the investigation established."""

    what: str = ""
    where: str = ""
    when: str = ""
    who: str = ""
    why: str = ""
    how: str = ""
    how_many: str = ""
    facts: str = ""
    verified: str = ""


@dataclass(frozen=True)
class AtOnce:
    """Something done at once: an immediate measure, or a containment action with its number."""

    what: str
    department: str
    state: str
    number: str = ""
    text: str = ""
    quantity: int | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class RootCause:
    """Why it occurred and why it was not caught, as the action of this number found out."""

    number: str
    title: str
    occurrence: Outline = ()
    escape: Outline = ()
    factor: str = ""


@dataclass(frozen=True)
class Chosen:
    """An action as it was decided; without a number it is still a draft."""

    number: str
    kind: str
    title: str
    description: str = ""
    department: str = ""
    owner: str = ""
    due: datetime | None = None
    criterion: str = ""


@dataclass(frozen=True)
class Approval:
    """How the measures came to be decided: (what, name, moment)."""

    summary: str = ""
    steps: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(frozen=True)
class Implemented:
    """An action as it was carried out and proved; `evidence` are files with their moments."""

    number: str
    title: str
    state: str
    result: str = ""
    by: str = ""
    at: datetime | None = None
    evidence: tuple[tuple[str, datetime], ...] = ()
    watched: tuple[datetime, datetime] | None = None
    finding: str = ""
    verification: str = ""
    verified_by: str = ""
    verified_at: datetime | None = None
    prevents: bool = False


@dataclass(frozen=True)
class Checked:
    """A similar product or another site, and what the look at it has shown."""

    place: str
    number: str
    result: str
    note: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Lessons:
    """What the closing of the case declared; `changes` says whether a document changes."""

    lessons: str = ""
    similar: str = ""
    documents: str = ""
    changes: bool | None = None


@dataclass(frozen=True)
class Told:
    """The last reply to the customer, and what the customer said."""

    text: str
    at: datetime
    answer: str = ""
    answer_text: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Photo:
    """A picture among the evidence. `number` is its action's."""

    path: Path
    name: str
    at: datetime
    number: str = ""


@dataclass(frozen=True)
class EightD:
    """The eight disciplines of one case, and what came before them (D0)."""

    number: str
    title: str
    company: str
    kind: str
    severity: str
    state: str
    customer: str
    received_at: datetime
    product: str = ""
    batch: str = ""
    category: str = ""
    department: str = ""
    occurred_on: date | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    symptom: str = ""
    remedy_sought: str = ""
    emergency: tuple[AtOnce, ...] = ()
    team: tuple[Member, ...] = ()
    problem: Problem = field(default_factory=Problem)
    containment: tuple[AtOnce, ...] = ()
    cause: str = ""
    stated_cause: str = ""
    remedy: str = ""
    shares: tuple[tuple[str, int], ...] = ()
    causes: tuple[RootCause, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    approval: Approval = field(default_factory=Approval)
    implemented: tuple[Implemented, ...] = ()
    photos: tuple[Photo, ...] = ()
    checked: tuple[Checked, ...] = ()
    lessons: Lessons = field(default_factory=Lessons)
    told: Told | None = None
    signatures: tuple[SignedBy, ...] = ()
