"""Acts beside the order of steps: withdraw, reopen, correcting facts, comments."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import arbitrations, joint_reviews
from cases.domain.search import searchable
from cases.models import Case, Comment
from cases.permissions import may_write
from cases.rules import no_case_merged_into_it, reopen_in_time
from cases.validators import LONG, Problems, check_occurred
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.errors import Forbidden
from workflows.models import Task

# Facts that may be corrected while the case is open; everything else moves by its own step.
FACTS = (
    "title",
    "description",
    "remedy_sought",
    "contact_name",
    "contact_phone",
    "product",
    "batch",
    "category",
    "channel",
    "occurred_on",
)
_TEXT_LIMITS = {
    "title": 200,
    "description": LONG,
    "remedy_sought": LONG,
    "contact_name": 80,
    "contact_phone": 40,
    "batch": 80,
}
_REQUIRED = {"title", "description"}


@command(no_case_merged_into_it)
def withdraw(case: Case, *, by: User, at: datetime) -> None:
    """The customer takes the complaint back; every open step of the case ends with it."""
    arbitrations.abandon(case, at=at)
    joint_reviews.abandon(case, at=at)


@command(reopen_in_time)
def reopen(case: Case, *, by: User, at: datetime) -> None:
    """Take a closed case up again in a new round; it keeps its number."""


@command()
def edit(case: Case, *, by: User, at: datetime, **facts: Any) -> None:
    """Correct facts of an open case; unknown fields are ignored, the history keeps both values."""
    problems = Problems()
    for name in FACTS:
        if name not in facts:
            continue
        value = facts[name]
        if name in _TEXT_LIMITS:
            lines = name in {"description", "remedy_sought"}
            value = problems.text(
                name, value, most=_TEXT_LIMITS[name], lines=lines, needed=name in _REQUIRED
            )
        setattr(case, name, value)
    check_occurred(problems, case.occurred_on, case.received_at)
    problems.check()
    case.search_text = searchable(case)
    product = case.product.name if case.product else ""
    Task.objects.filter(root_number=case.number, finished=None, subject_kind="case").update(
        title=case.title, product=product
    )


def comment(*, by: User, case: Case, text: str) -> Comment:
    """Say something to the colleagues; append-only."""
    if not may_write(case, by):
        raise Forbidden(_("You may read this case but not change it."))
    problems = Problems()
    text = problems.text("text", text, most=LONG, needed=True)
    problems.check()
    return Comment.objects.create(case=case, text=text, by=by, at=now())
