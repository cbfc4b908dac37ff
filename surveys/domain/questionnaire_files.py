"""Questionnaires as TOML files (docs/files.md): written, read back, told where a file is wrong.

    code, kind, title, title_en      what stands on the questionnaire itself
    …                                the document, as in surveys/domain/questionnaires.py

A file is read strictly: a name that means nothing is refused, as it would otherwise be a typing
mistake that nobody sees.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from surveys.domain import questionnaires, toml, toml_lines
from surveys.domain.keys import is_key
from surveys.domain.question_keys import Earlier, completed, entries
from surveys.enums import QuestionnaireKind
from surveys.models import Questionnaire

HEAD = ("code", "kind", "title", "title_en")
MOST_BYTES = 1_000_000
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True)
class Written:
    """What a file says."""

    code: str
    kind: str
    title: str
    title_en: str
    document: dict[str, Any]


def dumps(questionnaire: Questionnaire) -> str:
    """The file of a questionnaire; reading it gives the same document back."""
    head = {name: getattr(questionnaire, name) for name in HEAD}
    if not head["title_en"]:
        del head["title_en"]
    about = f"# {questionnaire.number}, revision {questionnaire.revision}"
    return f"{about}\n{toml.dumps({**head, **questionnaires.tidy(questionnaire.document)})}"


def read(content: bytes) -> Written:
    """What stands in a file. Raises ValidationError by field, each sentence with its line."""
    text, given = parsed(content)
    problems: dict[str, list[str]] = {}
    for place in unknown(given):
        problems.setdefault(place, []).append(_("There is nothing of this name."))
    for name, sentence in wrong_head(given):
        problems.setdefault(name, []).append(sentence)
    document = completed({k: v for k, v in given.items() if k not in HEAD}, Earlier())
    try:
        questionnaires.read(document)
    except ValidationError as error:
        for place, sentences in error.message_dict.items():
            problems.setdefault(place, []).extend(sentences)
    if problems:
        raise ValidationError(with_lines(text, problems))
    head = {name: str(given.get(name, "")).strip() for name in HEAD}
    return Written(document=questionnaires.tidy(document), **head)


def parsed(content: bytes) -> tuple[str, dict[str, Any]]:
    """The text and what TOML makes of it."""
    if len(content) > MOST_BYTES:
        raise refused(_("The file is too large for a questionnaire."))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError:
        raise refused(_("The file is not a text in UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        if place is None:
            raise refused(_("This is not TOML: something is missing at the end.")) from error
        sentence = _("This is not TOML: line %(line)s, column %(column)s.")
        raise refused(sentence % {"line": place[1], "column": place[2]}) from error
    except (RecursionError, ValueError) as error:
        raise refused(_("This is not a questionnaire.")) from error


def refused(sentence: str) -> ValidationError:
    return ValidationError({"file": [sentence]})


def wrong_head(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not is_key(given.get("code")):
        yield "code", _("A key has small letters, digits and _ only.")
    if given.get("kind") not in QuestionnaireKind.values:
        yield "kind", _("There is no such kind.")
    for name in ("title", "title_en"):
        value = given.get(name, "")
        if not isinstance(value, str):
            yield name, _("A text is needed.")
        elif name == "title" and not value.strip():
            yield name, _("This field is required.")


def unknown(given: dict[str, Any]) -> Iterator[str]:
    """Names that no questionnaire has, by place."""
    known = questionnaires.KEPT
    yield from (name for name in given if name not in known[""] and name not in HEAD)
    for table in ("items", "open"):
        for number, row in enumerate(entries(given, table)):
            yield from strange(row, f"{table}.{number}", table)
            for below, subrow in enumerate(entries(row, "subitems")):
                yield from strange(subrow, f"{table}.{number}.subitems.{below}", "subitems")


def strange(row: dict[str, Any], place: str, table: str) -> Iterator[str]:
    yield from (f"{place}.{name}" for name in row if name not in questionnaires.KEPT[table])
    condition = row.get("show_if")
    if isinstance(condition, dict):
        known = questionnaires.KEPT["show_if"]
        yield from (f"{place}.show_if.{name}" for name in condition if name not in known)


def with_lines(text: str, problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same sentences, each with the line it is about where that can be told."""
    lines = toml_lines.places(text)
    found = {}
    for place, sentences in problems.items():
        line = toml_lines.nearest(lines, place)
        told = _("Line %(line)s, %(place)s: %(sentence)s") if line else _("%(place)s: %(sentence)s")
        found[place] = [
            told % {"line": line, "place": place, "sentence": sentence} for sentence in sentences
        ]
    return found
