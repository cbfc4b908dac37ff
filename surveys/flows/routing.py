"""Where the steps of this module wait, and who gets them at once."""

from accounts.enums import Function, Role
from cases.domain import departments
from surveys.models import QuestionnaireProcess
from workflows.models import Process


def in_marketing(process: Process) -> int | None:
    return departments.department_for(Function.MARKETING)


def in_quality(process: Process) -> int | None:
    return departments.quality()


def anywhere(process: Process) -> None:
    """In no department: whoever has the role may take it."""


def to_author(process: QuestionnaireProcess) -> int | None:
    """Whoever drew it up goes on with it, unless they have left or have no part in surveys now."""
    author = process.questionnaire.created_by
    if author is None or not author.is_active:
        return None
    known = author.authority.is_any(Role.MARKETING, Role.QUALITY_ENGINEER)
    return author.pk if known else None
