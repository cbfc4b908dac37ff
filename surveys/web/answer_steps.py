"""The questions of a form as the answer page, the preview and staff entry draw them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from surveys.domain.asking import condition_words, reason_hint
from surveys.domain.questionnaires import Condition, Form, OpenQuestion, SubItem
from surveys.enums import LEVELS, NOT_APPLICABLE

# The face beside each word, from the best to the worst level.
FACES = ("mood-happy", "mood-smile", "mood-neutral", "mood-sad", "mood-cry")
ANSWER, TEXT = "a-", "t-"


@dataclass(frozen=True)
class Filled:
    """What stands in a form: levels and words by key, and what is wrong with them."""

    answers: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of_post(cls, post: QueryDict) -> "Filled":
        """Controls are named a-KEY and t-KEY; empty ones were not filled in."""
        given = {name: str(value) for name, value in post.items() if str(value).strip()}
        return cls(
            {name[2:]: value for name, value in given.items() if name.startswith(ANSWER)},
            {name[2:]: value for name, value in given.items() if name.startswith(TEXT)},
        )

    @classmethod
    def of_draft(cls, draft: Mapping[str, Any]) -> "Filled":
        return cls(draft.get("answers", {}), draft.get("texts", {}))

    def told(self, errors: Mapping[str, list[Any]]) -> "Filled":
        return Filled(self.answers, self.texts, errors)


@dataclass(frozen=True)
class Face:
    level: str
    icon: str
    word: Any
    is_chosen: bool


@dataclass(frozen=True)
class Step:
    """One question. `levels` is empty for a question answered in words; `reason_below` and
    `only_if` (key and level) tell the script, `reason_hint` and `condition` the reader."""

    number: int
    key: str
    item: str
    title: str
    levels: tuple[Face, ...]
    level: str
    text: str
    errors: list[Any]
    reason_below: int = 0
    reason_hint: str = ""
    only_if: Condition | None = None
    condition: str = ""

    @property
    def is_na(self) -> bool:
        return self.level == NOT_APPLICABLE


def steps(form: Form, filled: Filled | None = None) -> list[Step]:
    """All questions in their order, sub-items first."""
    given = filled or Filled()
    found = [
        scale_step(form, sub, item.label, number, given)
        for number, (item, sub) in enumerate(
            ((item, sub) for item in form.items for sub in item.subitems), start=1
        )
    ]
    return found + [
        word_step(form, one, number, given)
        for number, one in enumerate(form.open, start=len(found) + 1)
    ]


def scale_step(form: Form, sub: SubItem, item: str, number: int, given: Filled) -> Step:
    level = str(given.answers.get(sub.key, ""))
    return Step(
        number=number,
        key=sub.key,
        item=item,
        title=sub.label,
        levels=tuple(
            Face(one, icon, form.label(one), one == level)
            for one, icon in zip(LEVELS, FACES, strict=True)
        ),
        level=level,
        text=given.texts.get(sub.key, ""),
        errors=given.errors.get(sub.key, []),
        reason_below=sub.reason_below,
        reason_hint=reason_hint(form, sub),
        only_if=sub.show_if,
        condition=condition_words(form, sub.show_if),
    )


def word_step(form: Form, asked: OpenQuestion, number: int, given: Filled) -> Step:
    return Step(
        number=number,
        key=asked.key,
        item="",
        title=asked.label,
        levels=(),
        level="",
        text=given.texts.get(asked.key, ""),
        errors=given.errors.get(asked.key, []),
        only_if=asked.show_if,
        condition=condition_words(form, asked.show_if),
    )
