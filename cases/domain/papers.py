"""What every document of a case needs: the company's name, and who signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Department
from cases.models import Case
from workflows.models import Signature


@dataclass(frozen=True)
class SignedBy:
    """What somebody declared, in the reader's language, and as whom; without a moment it is a
    line that waits for a pen."""

    meaning: str
    name: str
    roles: tuple[str, ...]
    at: datetime | None


def company_of(case: Case) -> str:
    """The company is the top of the department tree that the case was logged in."""
    top = int(case.service_department.path.split("/")[1])
    return Department.objects.get(pk=top).label


def signed(rows: Iterable[Signature]) -> tuple[SignedBy, ...]:
    return tuple(SignedBy(row.label, row.name, tuple(row.role_labels), row.at) for row in rows)


def has_report(case: Case) -> bool:
    """What is only answered has no root causes to report on."""
    return case.flow_key != "feedback"
