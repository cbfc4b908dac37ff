"""What somebody answered, held against the questionnaire: pure, the same for link, staff and file.

Answers map keys of sub-items to "5" to "1", "-" (not applicable) or nothing; texts map keys of
sub-items to reasons and keys of open questions to words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from cases.validators import Problems
from surveys.domain.questionnaires import Form, SubItem
from surveys.enums import BLANK, LEVELS, NOT_APPLICABLE
from workflows.validators import clean_text

LONGEST = 2000
KNOWN = frozenset(LEVELS + NOT_APPLICABLE)
# No person who sees the page sends these; a missing reason or an empty form is no mistake of ours.
FOREIGN = frozenset({"unknown", "hidden", "level"})

UNKNOWN = ValidationError(_("There is no such question on this form."), "unknown")
HIDDEN = ValidationError(_("This is not asked after the answers above; please leave it."), "hidden")
NO_LEVEL = ValidationError(_("Choose one of the five levels, or “not applicable”."), "level")
REASON = ValidationError(_("Please tell us why."), "reason")
EMPTY = ValidationError(_("Please answer at least one question."), "empty")


@dataclass(frozen=True)
class Answers:
    """As Response keeps them."""

    levels: str
    texts: dict[str, str]


def level_of(given: Any) -> str:
    """An answer as one character; nothing and blanks are BLANK."""
    return str(given if given is not None else "").strip() or BLANK


def asks_reason(sub: SubItem, level: str) -> bool:
    return level in LEVELS and int(level) < sub.reason_below


def shown_keys(form: Form, answers: Mapping[str, Any]) -> set[str]:
    """Keys that are asked after these answers; what hangs on a hidden answer is hidden too."""
    shown: set[str] = set()
    counted: dict[str, str] = {}
    for sub in form.subitems:
        if sub.show_if is None or sub.show_if.met(counted):
            shown.add(sub.key)
            counted[sub.key] = level_of(answers.get(sub.key))
    shown |= {one.key for one in form.open if one.show_if is None or one.show_if.met(counted)}
    return shown


def check(
    problems: Problems,
    form: Form,
    answers: Mapping[str, Any],
    texts: Mapping[str, Any],
    *,
    reasons: bool = True,
) -> Answers:
    """The answers as they are kept; what is wrong with them is added under the question's key.

    `reasons=False` is for paper: what nobody wrote on it cannot be asked any more.
    """
    words = {key: problems.text(key, str(text or ""), most=LONGEST) for key, text in texts.items()
             if key in known_texts(form)}  # fmt: skip
    shown = shown_keys(form, answers)
    if set(answers) - set(form.keys) or set(texts) - known_texts(form):
        problems.add(NON_FIELD_ERRORS, UNKNOWN)
    levels = [check_level(problems, sub, answers, shown) for sub in form.subitems]
    for key, text in words.items():
        if text and key not in shown:
            problems.add(key, HIDDEN)
    for sub, level in zip(form.subitems, levels, strict=True):
        if reasons and asks_reason(sub, level) and not words.get(sub.key):
            if sub.key not in problems.found:
                problems.add(sub.key, REASON)
    if not problems.found and set(levels) <= {BLANK} and not any(words.values()):
        problems.add(NON_FIELD_ERRORS, EMPTY)
    return Answers("".join(levels), {key: text for key, text in words.items() if text})


def check_level(
    problems: Problems, sub: SubItem, answers: Mapping[str, Any], shown: set[str]
) -> str:
    level = level_of(answers.get(sub.key))
    if level == BLANK:
        return BLANK
    if level not in KNOWN:
        problems.add(sub.key, NO_LEVEL)
        return BLANK
    if sub.key not in shown:
        problems.add(sub.key, HIDDEN)
        return BLANK
    return level


def known_texts(form: Form) -> set[str]:
    return {*form.keys, *(question.key for question in form.open)}


def keepable(
    form: Form, answers: Mapping[str, Any], texts: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """What of it a draft may hold: everything that is asked and can be stored."""
    shown = shown_keys(form, answers)
    levels = {key: level_of(answers.get(key)) for key in form.keys if key in shown}
    words = {key: storable(text) for key, text in texts.items() if key in shown}
    return {
        "answers": {key: level for key, level in levels.items() if level in KNOWN},
        "texts": {key: text for key, text in words.items() if text},
    }


def storable(text: Any) -> str:
    try:
        return clean_text(str(text or ""))[:LONGEST]
    except ValidationError:
        return ""


def is_foreign(problem: ValidationError) -> bool:
    """Whether something came in that the page does not offer (400), not a slip (422)."""
    return any(error.code in FOREIGN for found in problem.error_dict.values() for error in found)
