"""The policy of major incidents: the severity it proposes, wordings that are no measure."""

import re
from collections.abc import Iterable
from datetime import datetime

from cases.domain.defaults import incident_policy
from cases.enums import Extent, Harm, Severity
from cases.models import IncidentPolicy

# What is left beside a vague wording when nothing concrete is said: who, and filler words.
_FILLERS = re.compile(
    r"[\W\d_]+|对|的|了|和|并|及|与|将|要|在|进一步|相关|全体|所有|各|有关|人员|员工|操作工|班组|岗位"
    r"|部门|工作|问题|质量|进行|开展|做好|予以|一次"
    r"|\b(the|of|and|to|a|an|all|our|staff|employees?|workers?|operators?|more|further|again)\b",
    re.IGNORECASE,
)
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
    return found if len(_FILLERS.sub("", rest)) < _LEAST else ""
