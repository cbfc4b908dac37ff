"""The policy of major incidents: the severity it proposes, wordings that are no measure."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from cases.domain.defaults import incident_policy, read
from cases.enums import Extent, Harm, Severity
from cases.models import IncidentPolicy

# Fewer letters than this beside the vague wording say nothing of their own.
_LEAST = 4


def in_force(at: datetime) -> IncidentPolicy:
    """The version that holds at a moment; what a new installation begins with, where there is
    none yet (not saved then)."""
    return IncidentPolicy.objects.in_force(at).first() or incident_policy()


def proposed_severity(policy: IncidentPolicy, harm: str, extent: str) -> Severity | None:
    """What the matrix proposes; None while harm or extent is not known."""
    if harm not in Harm.values or extent not in Extent.values:
        return None
    return Severity(policy.matrix.get(harm, {}).get(extent, Severity.GENERAL))


@cache
def fillers() -> re.Pattern[str]:
    """What says nothing of its own beside a vague wording: who, and words that only fill."""
    given = read()["incidents"]["fillers"]
    english = "|".join(word for word in given if word.isascii())
    chinese = "|".join(word for word in given if not word.isascii())
    return re.compile(rf"[\W\d_]+|{chinese}|\b({english})\b", re.IGNORECASE)


def vague_wording(text: str, phrases: Iterable[str]) -> str:
    """The vague phrase that is all a measure says, or nothing.

    "对员工加强培训" only strengthens training; "加强培训：压装岗位按 WI-031 考核上岗" says what.
    """
    found = next((phrase for phrase in phrases if phrase.casefold() in text.casefold()), "")
    if not found:
        return ""
    rest = text.casefold()
    for phrase in phrases:
        rest = rest.replace(phrase.casefold(), "")
    return found if len(fillers().sub("", rest)) < _LEAST else ""
