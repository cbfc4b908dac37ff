"""A policy as a TOML file (docs/files.md), so that a set-up moves from one system to another.

holds_from = 2027-01-01, reason    what stands on the version itself
…                                  the document, as in surveys/domain/policy.py
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from surveys.domain import policies, policy as rules_of, toml
from surveys.domain.policy_document import write
from surveys.domain.questionnaire_files import with_lines
from surveys.models import SatisfactionPolicy

MOST_BYTES = 200_000
HEAD = ("holds_from", "reason")


def export_policy(policy: SatisfactionPolicy) -> str:
    """The file of a version; importing it gives the same document back."""
    head = {"holds_from": policy.holds_from, "reason": policy.reason or None}
    # PostgreSQL keeps no order of names; people read this file, and compare two of them.
    document = write(rules_of.read(policy.document))
    return f"# Redress {policy.number}\n{toml.dumps({**head, **document})}"


def import_policy(source: str | bytes | Path, *, by: User) -> SatisfactionPolicy:
    """A draft from the text or the path of a file. Raises Forbidden, and ValidationError by
    place in the file, each sentence with its line."""
    policies.guard(by)
    text = read_text(source)
    given = parsed(text)
    document = {name: value for name, value in given.items() if name not in HEAD}
    try:
        return policies.draft(
            by=by,
            document=document,
            holds_from=day_of(given.get("holds_from")),
            reason=str(given.get("reason", "")),
        )
    except ValidationError as error:
        raise ValidationError(with_lines(text, error.message_dict)) from error


def read_text(source: str | bytes | Path) -> str:
    if isinstance(source, str):
        return source
    content = source.read_bytes() if isinstance(source, Path) else source
    if len(content) > MOST_BYTES:
        raise refused(_("The file is too large for a policy."))
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise refused(_("The file is not a text in UTF-8.")) from None


def parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise refused(_("This is not TOML: %(error)s") % {"error": str(error)[:200]}) from error


def day_of(value: Any) -> date | None:
    """A TOML day, or one written as text; the command refuses what is missing."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return value if type(value) is date else None


def refused(sentence: str) -> ValidationError:
    return ValidationError({"file": [sentence]})
