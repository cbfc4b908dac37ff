"""Severity after logging: proposed by the matrix, changed by a signed act, never by an edit."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import arbitrations, incident_policies, joint_reviews
from cases.enums import Extent, Harm, Severity
from cases.models import Case, IncidentPolicy
from cases.validators import LONG, Problems, check_weights
from workflows.domain import versions
from workflows.domain.acts import command


class Proposal(NamedTuple):
    """What the matrix proposes, and the sentence that says why."""

    severity: Severity
    why: str


def proposal(policy: IncidentPolicy, harm: str, extent: str) -> Proposal | None:
    """“Serious × A batch → Major, by the incident policy of 2026-03-01.”; None while harm or
    extent is not known."""
    severity = incident_policies.proposed_severity(policy, harm, extent)
    if severity is None:
        return None
    sentence = _("%(harm)s × %(extent)s → %(severity)s, by the incident policy of %(day)s.")
    return Proposal(
        severity,
        sentence
        % {
            "harm": brief(Harm(harm).label),
            "extent": brief(Extent(extent).label),
            "severity": severity.label,
            "day": f"{versions.day_of(policy.holds_from):%Y-%m-%d}",
        },
    )


def weigh(case: Case, *, at: datetime, harm: str, extent: str) -> Severity | None:
    """Note harm and extent on the case; what the matrix proposes for them."""
    problems = Problems()
    check_weights(problems, harm, extent)
    problems.check()
    case.harm, case.extent = harm or case.harm, extent or case.extent
    if not (case.harm and case.extent):
        return None
    return incident_policies.proposed_severity(
        incident_policies.in_force(at), case.harm, case.extent
    )


def decide(case: Case, chosen: Severity, *, at: datetime, harm: str, extent: str, why: str) -> None:
    """Weigh the case; whoever decides against the matrix says why, and it is kept."""
    proposed = weigh(case, at=at, harm=harm, extent=extent)
    if proposed is None or proposed == chosen:
        case.severity_reason = ""
        return
    problems = Problems()
    case.severity_reason = problems.text("severity_reason", why, most=LONG)
    if not case.severity_reason and not problems.found:
        problems.add(
            "severity_reason",
            _("The matrix proposes “%(severity)s”. Say why it is otherwise.")
            % {"severity": proposed.label},
        )
    problems.check()


@command()
def raise_severity(case: Case, *, by: User, at: datetime, harm: str = "", extent: str = "") -> None:
    """Raise a running complaint to major: it goes on in the incident process, with everything
    it has."""
    weigh(case, at=at, harm=harm, extent=extent)
    case.severity_reason = ""
    arbitrations.abandon(case, at=at)


@command()
def lower_severity(case: Case, *, by: User, at: datetime, harm: str = "", extent: str = "") -> None:
    """Lower a major case to general: it is triaged anew as a complaint, with everything it has."""
    weigh(case, at=at, harm=harm, extent=extent)
    case.severity_reason = ""
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
