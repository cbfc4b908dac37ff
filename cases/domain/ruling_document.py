"""A ruling as it goes on paper: who said what, what was ruled, what became of it.

Labels are in the language in force. `digest` is made of what was written and decided alone, so
that both languages bear the same.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from cases.domain.papers import SignedBy, company_of, signed
from cases.enums import AppealState, Matter, OpinionState, Purpose
from cases.models import Appeal, Arbitration, Attachment, Case, Opinion, Share, Statement
from workflows.models import Signature

EVIDENCE = (
    Purpose.STATEMENT, Purpose.OPINION, Purpose.INVESTIGATION, Purpose.MINUTES, Purpose.APPEAL,
)  # fmt: skip
SIGNED = ("rule", "uphold", "revise")


@dataclass(frozen=True)
class Voice:
    """What one department said. Without a moment it was asked and did not say anything."""

    department: str
    by: str = ""
    at: datetime | None = None
    late: bool = False
    facts: str = ""
    cause: str = ""
    responsibility: str = ""
    measure: str = ""
    grounds: str = ""


@dataclass(frozen=True)
class Proof:
    """A file that was before who ruled; `sha256` tells it from any other."""

    name: str
    by: str
    at: datetime
    sha256: str


@dataclass(frozen=True)
class Appealed:
    """The appeal against this ruling; `new_ruling` is the number of what replaced it."""

    department: str
    by: str
    at: datetime
    grounds: str
    state: str
    decision: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    new_ruling: int | None = None


@dataclass(frozen=True)
class Ruling:
    """One ruling of a case; `place` counts the rulings of the case from 1."""

    number: str
    place: int
    title: str
    company: str
    customer: str
    matters: tuple[str, ...]
    shares: tuple[tuple[str, int], ...]
    department: str
    ruling: str
    by: str
    at: datetime
    digest: str
    product: str = ""
    effects: str = ""
    opened_by: str = ""
    opened_at: datetime | None = None
    window_until: datetime | None = None
    replaces: int | None = None
    voices: tuple[Voice, ...] = ()
    evidence: tuple[Proof, ...] = ()
    appeal: Appealed | None = None
    signatures: tuple[SignedBy, ...] = ()


# ---------------------------------------------------------------------------- reading
@dataclass(frozen=True)
class Rows:
    """The rows behind one ruling; `places` numbers the rulings of the case by their keys."""

    case: Case
    ruling: Arbitration
    appeal: Appeal | None
    places: dict[int, int]
    shares: list[Share]
    statements: list[Statement]
    opinions: list[Opinion]
    files: list[Attachment]

    @property
    def replaced_by(self) -> int | None:
        """The number of the ruling that an appeal put in the place of this one."""
        after = getattr(self.ruling, "revised_by", None)
        return self.places.get(after.pk) if after else None


def of_ruling(case: Case, pk: int) -> Ruling | None:
    """The ruling with this key; None where the case has none, or none yet."""
    rows = read(case, pk)
    return ruling_of(rows) if rows else None


def read(case: Case, pk: int) -> Rows | None:
    """Six statements, whatever was said."""
    ruled = list(
        case.arbitrations.exclude(at=None)
        .select_related("department", "by", "opened_by", "revised_by", "appeal__department",
                        "appeal__requested_by", "appeal__decided_by")
        .order_by("at", "pk")
    )  # fmt: skip
    one = next((one for one in ruled if one.pk == pk), None)
    if one is None:
        return None
    before = Q(at__lte=one.at)
    heard = [key for key in (one.pk, one.revises_id) if key is not None]
    silent = Q(state=OpinionState.MISSING) & (
        Q(review__concluded_at__lte=one.at) | Q(arbitration__in=heard)
    )
    appeal: Appeal | None = getattr(one, "appeal", None)
    ends = (appeal and appeal.decided_at) or one.at
    with_appeal = Q(purpose=Purpose.APPEAL, at__lte=ends)
    seen = Attachment.objects.filter(case=case, removed_at=None, purpose__in=EVIDENCE)
    return Rows(
        case=case,
        ruling=one,
        appeal=appeal,
        places={one.pk: place for place, one in enumerate(ruled, start=1)},
        shares=list(one.shares.select_related("department")),
        statements=list(case.statements.filter(before).select_related("department", "by")),
        opinions=list(case.opinions.filter(before | silent).select_related("department", "by")),
        files=list(seen.filter(before | with_appeal).select_related("by").order_by("pk")),
    )


def ruling_of(rows: Rows) -> Ruling:
    case, one = rows.case, rows.ruling
    assert one.at is not None and one.by is not None and one.department is not None
    return Ruling(
        number=case.number,
        place=rows.places[one.pk],
        title=case.title,
        company=company_of(case),
        customer=case.customer.name,
        product=case.product.label if case.product else "",
        matters=tuple(str(Matter(matter).label) for matter in one.matters),
        shares=tuple((share.department.label, share.percent) for share in rows.shares),
        department=one.department.label,
        ruling=one.ruling,
        effects=one.effects,
        by=one.by.name,
        at=one.at,
        digest=digest(rows),
        opened_by=one.opened_by.name if one.opened_by else "",
        opened_at=one.opened_at,
        window_until=one.window_until,
        replaces=rows.places.get(one.revises_id or 0),
        voices=tuple(voices(rows)),
        evidence=tuple(Proof(file.name, file.by.name, file.at, file.sha256) for file in rows.files),
        appeal=appealed(rows),
        signatures=signatures(rows),
    )


def voices(rows: Rows) -> Iterator[Voice]:
    """Statements, then opinions, each in the order in which they came in; the silent ones last."""
    for row in rows.statements:
        yield Voice(
            department=row.department.label, by=row.by.name, at=row.at, facts=row.facts,
            cause=row.cause_text, measure=row.remedy, grounds=row.grounds,
        )  # fmt: skip
    for said in sorted(rows.opinions, key=lambda row: (row.at is None, row.pk)):
        yield Voice(
            department=said.department.label, by=said.by.name if said.by else "", at=said.at,
            late=said.late, cause=said.cause, responsibility=said.responsibility,
            measure=said.measure,
        )  # fmt: skip


def appealed(rows: Rows) -> Appealed | None:
    appeal = rows.appeal
    if appeal is None:
        return None
    return Appealed(
        department=appeal.department.label,
        by=appeal.requested_by.name,
        at=appeal.requested_at,
        grounds=appeal.grounds,
        state=str(AppealState(appeal.state).label),
        decision=appeal.decision,
        decided_by=appeal.decided_by.name if appeal.decided_by else "",
        decided_at=appeal.decided_at,
        new_ruling=rows.replaced_by,
    )


def signatures(rows: Rows) -> tuple[SignedBy, ...]:
    """Of the ruling and of the decision on its appeal: one statement."""
    moments = [rows.ruling.at, rows.appeal.decided_at if rows.appeal else None]
    found = Signature.objects.filter(
        root_kind="case", root_id=rows.case.pk, transition__act__in=SIGNED,
        at__in=[one for one in moments if one],
    )  # fmt: skip
    return signed(found)


# ---------------------------------------------------------------------------- the content hash
def digest(rows: Rows) -> str:
    """SHA-256 of what was written and decided (docs/files.md says in which form)."""
    text = json.dumps(contents(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def contents(rows: Rows) -> dict[str, Any]:
    one, appeal = rows.ruling, rows.appeal
    return {
        "case": rows.case.number,
        "place": rows.places[one.pk],
        "matters": one.matters,
        "statements": [
            [row.department.code, row.by.username, utc(row.at), row.facts, row.cause_text,
             row.remedy, row.grounds]
            for row in rows.statements
        ],
        "opinions": [
            [row.department.code, row.by.username if row.by else None, utc(row.at), row.cause,
             row.responsibility, row.measure]
            for row in rows.opinions
        ],
        "evidence": [[file.name, file.sha256] for file in rows.files],
        "shares": [[share.department.code, share.percent] for share in rows.shares],
        "ruling": [one.by.username if one.by else None, utc(one.at), one.ruling, one.effects],
        "appeal": appeal and [
            appeal.department.code, appeal.requested_by.username, utc(appeal.requested_at),
            appeal.grounds, appeal.state, appeal.decision,
            appeal.decided_by.username if appeal.decided_by else None, utc(appeal.decided_at),
        ],
    }  # fmt: skip


def utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
