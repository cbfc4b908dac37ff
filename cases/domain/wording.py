"""Wordings that alone are no measure ("strengthen training"): pointed out to their author."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from cases.domain import incident_policies
from cases.validators import Problems


def phrases(at: datetime) -> Sequence[str]:
    """The phrases of the policy in force: one statement."""
    return list(incident_policies.in_force(at).vague_phrases)


def point_out(
    problems: Problems, *texts: str, phrases: Sequence[str], insisted: bool, field: str = "insisted"
) -> bool:
    """Whether the texts together say nothing but such a phrase; unless its author has `insisted`
    on it, that is a problem under `field`, which names the phrase."""
    phrase = incident_policies.vague_wording(" ".join(texts), phrases)
    if phrase and not insisted:
        problems.add(field, vague_words(phrase))
    return bool(phrase)


def vague_words(phrase: str) -> str:
    """What the author of a vague measure is told."""
    return _(
        "“%(phrase)s” alone is no measure: say what changes in the work, or confirm that the "
        "wording is meant."
    ) % {"phrase": phrase}
