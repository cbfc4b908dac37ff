"""What was changed in a text, word by word: Chinese signs one by one, other words whole."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\{\{.*?\}\}|[A-Za-z0-9_.%+-]+|\s+|.", re.DOTALL)
# Beyond that many words one text is taken out and the other put in: comparing would take long.
MOST = 6000


@dataclass(frozen=True)
class Stretch:
    """`kind`: "same", "out" or "in"."""

    kind: str
    text: str


def diff(before: str, after: str) -> list[Stretch]:
    """The stretches of both texts in their order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST:
        return [one for one in (Stretch("out", before), Stretch("in", after)) if one.text]
    found: list[Stretch] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            found.append(Stretch("out", "".join(old[i1:i2])))
        if j2 > j1:
            found.append(Stretch("in", "".join(new[j1:j2])))
    return found
