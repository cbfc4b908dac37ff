"""Closing an incident: lessons learned, similar cases, documents; signed, and countersigned."""

from datetime import datetime

from accounts.models import User
from cases.models import Case, Closure
from cases.rules import (
    closer_did_not_handle,
    countersigner_is_another,
    has_been_replied,
    nothing_beside,
    nothing_open,
)
from cases.validators import LONG, Problems
from workflows.domain.acts import command


@command(nothing_open, nothing_beside, closer_did_not_handle)
def close(case: Case, *, by: User, at: datetime) -> None:
    """Close a general complaint; refused while anything of it is open, and to who handled it.
    With a flag set the management representative has the last word."""
    finish(case, at)


@command(nothing_open, nothing_beside, has_been_replied, closer_did_not_handle)
def close_incident(
    case: Case,
    *,
    by: User,
    at: datetime,
    lessons: str,
    similar: str,
    documents: str,
    changes_documents: bool = False,
) -> None:
    """Close a major case: what was learned, which similar cases were looked at, whether the risk
    register or a procedure changes."""
    problems = Problems()
    texts = {
        "lessons": problems.text("lessons", lessons, most=LONG, needed=True),
        "similar": problems.text("similar", similar, most=LONG, needed=True),
        "documents": problems.text("documents", documents, most=LONG, needed=True),
    }
    problems.check()
    Closure.objects.create(case=case, changes_documents=changes_documents, by=by, at=at, **texts)
    finish(case, at)


def finish(case: Case, at: datetime) -> None:
    case.closed_at = None if case.is_flagged else at


@command(nothing_open, nothing_beside, closer_did_not_handle, countersigner_is_another)
def countersign(case: Case, *, by: User, at: datetime) -> None:
    """The management representative closes what has a flag."""
    case.closed_at = at
