"""Keys of questions: made where they are missing, kept through all revisions, never used twice.

Answers, files and revisions find a question by its key, so a key that an earlier revision or
draft of the same questionnaire had is not given to another question.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.domain.questionnaires import Form, Item, OpenQuestion, SubItem, placed
from surveys.models import Questionnaire

# The letters keys are made with: the item, its questions, the questions answered in words.
ITEM, SUBITEM, OPEN = "i", "q", "t"
# Beyond it numbers are somebody's own keys, not ours.
MOST = 99_999
_MADE = re.compile(rf"([{ITEM}{SUBITEM}{OPEN}])([1-9][0-9]{{0,4}})", re.ASCII)


@dataclass
class Earlier:
    """Keys of the revisions that were in use, by letter, and the highest number ever made."""

    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    highest: dict[str, int] = field(default_factory=dict)

    def count(self, key: Any) -> None:
        if found := _MADE.fullmatch(key) if isinstance(key, str) else None:
            self.highest[found[1]] = max(int(found[2]), self.highest.get(found[1], 0))

    def make(self, letter: str) -> str:
        self.highest[letter] = min(self.highest.get(letter, 0) + 1, MOST)
        return f"{letter}{self.highest[letter]}"


def earlier(code: str) -> Earlier:
    """Every document that was ever stored under this code: one statement."""
    found = Earlier()
    stored = Questionnaire.history.filter(code=code)
    for document, approved_at in stored.values_list("document", "approved_at"):
        for letter, row in rows(document):
            found.count(row.get("key"))
            if approved_at is not None:
                found.used[letter].add(str(row.get("key")))
    return found


def rows(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a document that have keys, whatever else it is."""
    for item in entries(document, "items"):
        yield ITEM, item
        for subitem in entries(item, "subitems"):
            yield SUBITEM, subitem
    for question in entries(document, "open"):
        yield OPEN, question


def entries(value: Any, name: str) -> list[dict[str, Any]]:
    found = value.get(name) if isinstance(value, dict) else None
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def completed(document: Any, before: Earlier) -> Any:
    """A copy of the document in which every row has a key."""
    whole = deepcopy(document)
    found = list(rows(whole))
    numbers = Earlier(highest=dict(before.highest))
    for _letter, row in found:
        numbers.count(row.get("key"))
    for letter, row in found:
        if row.get("key") in (None, ""):
            row["key"] = numbers.make(letter)
    return whole


def misused(form: Form, before: Earlier) -> Iterator[tuple[str, str]]:
    """Where a key now names another kind of thing than it did in a revision that was in use."""
    for place, row in placed(form):
        letter = letter_of(row)
        others = set().union(*(used for kind, used in before.used.items() if kind != letter))
        if row.key in others and row.key not in before.used[letter]:
            yield f"{place}.key", _("An earlier revision used this key for something else.")


def letter_of(row: Item | SubItem | OpenQuestion) -> str:
    if isinstance(row, Item):
        return ITEM
    return SUBITEM if isinstance(row, SubItem) else OPEN
