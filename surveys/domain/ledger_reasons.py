"""Why an entry was written or reversed: short words as stored, sentences as read.

Stored is "cause number,number cause number": the language is the reader's, not the writer's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from cases.domain.counting import OUT

REACHED = "reached"
LONGEST = 300
MOST_NUMBERS = 12
_POLICY = "policy"
_MORE = "+"


def cause(state: str, rule: str) -> str:
    """Why a case left its entry: how it ended, or the heading it stands under now."""
    return state if state in OUT else rule


def left(causes: Iterable[tuple[str, str]]) -> str:
    """The reason of a reversal, from (cause, case number); long lists are cut and counted."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for name, number in causes:
        numbers[name].append(number)
    most = MOST_NUMBERS // len(numbers)
    parts = (f"{name} {','.join(cut(found, most))}" for name, found in sorted(numbers.items()))
    return " ".join(parts)[:LONGEST]


def cut(numbers: list[str], most: int) -> list[str]:
    more = len(numbers) - most
    return [*numbers[:most], *([f"{_MORE}{more}"] if more > 0 else [])]


def policy_changed(number: int) -> str:
    return f"{_POLICY} {number}"


def sentences(reason: str) -> Iterator[str]:
    """The stored reason in the reader's language."""
    words = reason.split(" ")
    if words == [REACHED]:
        yield _("As many cases as the rule counts.")
        return
    for name, given in zip(words[::2], words[1::2], strict=False):
        shown = given.replace(",", ", ").replace(_MORE, "+ ")
        yield sentence(name) % {"numbers": shown}


def sentence(name: str) -> str:
    texts = {
        _POLICY: _("Version %(numbers)s of the policy deducts otherwise."),
        "withdrawn": _("Withdrawn: %(numbers)s."),
        "rejected": _("Rejected: %(numbers)s."),
        "merged": _("Merged into another case: %(numbers)s."),
        "converted": _("Turned into another kind: %(numbers)s."),
        "flagged": _("A flag is confirmed: %(numbers)s."),
        "major": _("Counts as major now: %(numbers)s."),
        "general": _("Counts as a general complaint now: %(numbers)s."),
    }
    return texts.get(name, "%(numbers)s")
