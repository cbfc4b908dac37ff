"""The investigation of an incident by the customer service centre."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from cases.domain import files
from cases.enums import Purpose
from cases.models import Case, Investigation
from cases.validators import LONG, Problems
from workflows.domain.acts import command


@command()
def investigate(
    case: Case,
    *,
    by: User,
    at: datetime,
    facts: str,
    verified: str,
    batch: str = "",
    quantity: int | None = None,
    places: str = "",
    persons: str = "",
    uploads: Sequence[Any] = (),
) -> None:
    """Record what happened: facts, batches, quantity, places, photos, who was asked, what was
    verified and how."""
    problems = Problems()
    texts = {
        "facts": problems.text("facts", facts, most=LONG, needed=True),
        "verified": problems.text("verified", verified, most=LONG, needed=True),
        "batch": problems.text("batch", batch, most=200, lines=False),
        "places": problems.text("places", places, most=LONG),
        "persons": problems.text("persons", persons, most=LONG),
    }
    checked = files.check(problems, uploads)
    problems.check()
    Investigation.objects.create(case=case, by=by, at=at, quantity=quantity, **texts)
    files.keep(checked, case=case, by=by, purpose=Purpose.INVESTIGATION)
