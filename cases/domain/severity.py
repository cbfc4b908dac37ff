"""Severity after logging: proposed by the matrix, changed by a signed act, never by an edit."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import arbitrations, incident_policies, joint_reviews
from cases.enums import Extent, Harm, Severity
from cases.models import Case
from cases.validators import Problems
from workflows.domain.acts import command


def weigh(case: Case, *, at: datetime, harm: str, extent: str) -> Severity | None:
    """Note harm and extent on the case; what the matrix proposes for them."""
    problems = Problems()
    if harm and harm not in Harm.values:
        problems.add("harm", _("Choose one of the list."))
    if extent and extent not in Extent.values:
        problems.add("extent", _("Choose one of the list."))
    problems.check()
    case.harm, case.extent = harm or case.harm, extent or case.extent
    if not (case.harm and case.extent):
        return None
    return incident_policies.proposed_severity(
        incident_policies.in_force(at), case.harm, case.extent
    )


def check_proposal(proposed: Severity | None, chosen: Severity, why: str) -> None:
    """Whoever decides against the matrix says why."""
    if proposed is None or proposed == chosen or why.strip():
        return
    raise ValidationError(
        {
            "severity_reason": _("The matrix proposes “%(severity)s”. Say why it is otherwise.")
            % {"severity": proposed.label}
        }
    )


@command()
def raise_severity(case: Case, *, by: User, at: datetime, harm: str = "", extent: str = "") -> None:
    """Raise a running complaint to major: it goes on in the incident process, with everything
    it has."""
    weigh(case, at=at, harm=harm, extent=extent)
    arbitrations.abandon(case, at=at)


@command()
def lower_severity(case: Case, *, by: User, at: datetime, harm: str = "", extent: str = "") -> None:
    """Lower a major case to general: it is triaged anew as a complaint, with everything it has."""
    weigh(case, at=at, harm=harm, extent=extent)
    arbitrations.abandon(case, at=at)
    joint_reviews.abandon(case, at=at)


def brief(label: Any) -> str:
    """The word of a harm or an extent, without its explanation."""
    return str(label).replace("：", ":").split(":")[0].strip()


def matrix_rows(matrix: dict[str, Any]) -> list[tuple[Harm, list[tuple[Extent, Severity]]]]:
    """The matrix as rows to print, in the order of the words."""
    return [
        (
            harm,
            [(extent, Severity(matrix.get(harm, {}).get(extent, "general"))) for extent in Extent],
        )
        for harm in Harm
    ]
