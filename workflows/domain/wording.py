"""Messages in words. A wording is text with {variables} from a list; nothing else is looked up,
so a wording can neither read a setting nor run anything (QUALITY.md 2, row 64)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override

from workflows.channels.base import Message
from workflows.domain import notices, registry
from workflows.enums import Channel, Family
from workflows.models import Delivery, MessageTemplate
from workflows.models.delivery import BOTH

DIGEST, TEST = "digest", "test"
SUBJECT_LENGTH, BODY_LENGTH = 200, 4000
LANGUAGES = ("zh-hans", "en")

# What may stand in braces, and what it says.
COMMON: dict[str, Any] = {
    "event": gettext_lazy("the event in words"),
    "number": gettext_lazy("number of the case or action"),
    "title": gettext_lazy("its title"),
    "link": gettext_lazy("address of its page"),
    "at": gettext_lazy("when it happened"),
    "name": gettext_lazy("who or which group gets the message"),
}
OF_A_STEP: dict[str, Any] = {
    "step": gettext_lazy("the step"),
    "due": gettext_lazy("when the step is due"),
}
OF_A_DIGEST: dict[str, Any] = {
    "name": COMMON["name"],
    "count": gettext_lazy("how many messages"),
    "lines": gettext_lazy("the messages, a line each"),
    "link": gettext_lazy("address of the notifications"),
}
_VARIABLE = re.compile(r"\{([a-z]+)\}")
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


@dataclass(frozen=True)
class Wording:
    subject: str
    body: str


# By (kind, family, language): the wording made on screen.
Wordings = Mapping[tuple[str, str, str], Wording]


# ---------------------------------------------------------------------------- what may be said
def kinds() -> dict[str, Any]:
    """The kinds of events that people are told of, with their sentence."""
    return notices.WORDS


def words_of(kind: str) -> str:
    """The sentence of a kind; of the daily summary and of a test as well."""
    own = {DIGEST: _("Daily summary"), TEST: _("Test message")}
    return str(own.get(kind) or notices.WORDS.get(kind, kind))


def variables(kind: str) -> dict[str, Any]:
    """What may stand in braces for this kind, and what each says."""
    if kind == DIGEST:
        return OF_A_DIGEST
    return {**COMMON, **(OF_A_STEP if kind in notices.OF_STEPS else {})}


def check(text: str, kind: str) -> None:
    """Refuse any brace that does not hold a variable of this kind. Raises ValidationError."""
    allowed = variables(kind)
    for found in _BRACES.findall(text):
        name = _VARIABLE.fullmatch(found)
        if name is None or name[1] not in allowed:
            raise ValidationError(
                _("%(found)s is not a variable of this message. There are: %(names)s.")
                % {"found": found, "names": ", ".join(f"{{{name}}}" for name in allowed)}
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, once: a brace in a title stays a brace."""
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), text)


# ---------------------------------------------------------------------------- which wording
def in_force() -> dict[tuple[str, str, str], Wording]:
    """The wordings made on screen that hold now: one statement."""
    keys = ("kind", "family", "language")
    newest = MessageTemplate.objects.values(*keys).annotate(newest=Max("pk")).values("newest")
    rows = MessageTemplate.objects.filter(pk__in=newest).exclude(body="")
    return {(row.kind, row.family, row.language): Wording(row.subject, row.body) for row in rows}


def built_in(kind: str, family: str) -> Wording:
    """The wording that comes with Redress, in the language that is active."""
    if kind == DIGEST:
        return Wording(
            _("Summary of the day: {count}"), _("Hello {name},\n\n{lines}\n\nAll of it: {link}")
        )
    if kind == TEST:
        return Wording("{event}", _("{name} receives messages of Redress. Nothing is to be done."))
    step = _("\nStep: {step}\nDue: {due}") if kind in notices.OF_STEPS else ""
    if family == Family.ROBOT:
        return Wording(_("{event}: {number}"), "{title}" + step)
    body = _("Hello {name},\n\n{event}: {number} {title}")
    return Wording(_("{event}: {number} {title}"), body + step)


def wording(kind: str, family: str, language: str, held: Wordings) -> Wording:
    found = held.get((kind, family, language))
    if found is not None:
        return found
    with override(language):
        return built_in(kind, family)


def family_of(channel: str) -> str:
    return Family.EMAIL if channel in (Channel.EMAIL, Channel.DIGEST) else Family.ROBOT


# ---------------------------------------------------------------------------- putting into words
def message(row: Delivery, held: Wordings, *, members: Iterable[Delivery] = ()) -> Message:
    """The message of a delivery as it is worded now; a summary tells its members."""
    languages = LANGUAGES if row.language == BOTH else (row.language,)
    family, inside = family_of(row.channel), list(members)
    parts = []
    for language in languages:
        with override(language):
            parts.append(worded(wording(row.kind, family, language, held), row, inside))
    subject = " / ".join(dict.fromkeys(part.subject for part in parts))
    text = "\n\n".join(part.body for part in parts)
    html = ""
    if family == Family.EMAIL:
        with override(languages[0]):
            text, html = letter(text, address_of(row))
    return Message(
        key=row.key, subject=subject, text=text, url=address_of(row), html=html, data=facts(row)
    )


def worded(words: Wording, row: Delivery, members: list[Delivery]) -> Wording:
    values = values_of(row, members)
    subject = " ".join(fill(words.subject, values).split())
    return Wording(subject[:300], fill(words.body, values))


def values_of(row: Delivery, members: list[Delivery]) -> dict[str, str]:
    """What each variable says, in the language that is active."""
    return {
        "event": words_of(row.kind),
        "number": row.subject_number,
        "title": row.title,
        "link": address_of(row),
        "at": moment_words(row.at),
        "name": str(row.user or row.endpoint),
        "step": step_words(row.data.get("step", "")),
        "due": moment_words(read_moment(row.data.get("due", ""))),
        "count": ngettext("%(n)s message", "%(n)s messages", len(members)) % {"n": len(members)},
        "lines": "\n".join(digest_line(member) for member in members),
    }


def digest_line(row: Delivery) -> str:
    return f"{words_of(row.kind)}: {row.subject_number} {row.title}\n{address_of(row)}"


def step_words(name: str) -> str:
    """The title of "complaint.review"; nothing for a step that the code no longer has."""
    flow, _dot, node = name.partition(".")
    found = {one.key: one for one in registry.flows()}.get(flow)
    step = found.instance.node(node) if found and node else None
    return str(step.task_title) if step else ""


def read_moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def moment_words(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"{timezone.localtime(moment, timezone.get_default_timezone()):%Y-%m-%d %H:%M}"


def address_of(row: Delivery) -> str:
    """The absolute address of what the message is about; of the bell for a summary or a test."""
    if not row.subject_kind:
        return settings.SITE_URL + reverse("workflows:notifications")
    return settings.SITE_URL + registry.link(row.subject_kind, row.subject_number) + "#step"


def facts(row: Delivery) -> dict[str, Any]:
    """What a program reads of it, whatever the wording is."""
    return {
        "type": f"redress.{row.kind}",
        "at": row.at.isoformat(),
        "kind": row.kind,
        "subject_kind": row.subject_kind,
        "number": row.subject_number,
        "root_number": row.root_number,
        "title": row.title,
        "step": row.data.get("step", ""),
        "due": row.data.get("due", ""),
        "urgent": row.urgent,
    }


def letter(text: str, link: str) -> tuple[str, str]:
    """An e-mail as text and as HTML, with the foot that says why one gets it."""
    change = settings.SITE_URL + reverse("workflows:preferences")
    why = _("You get this e-mail because of your work in Redress.")
    where = _("What you get by e-mail, and when:")
    told = {
        "paragraphs": text.split("\n\n"),
        "link": link,
        "why": why,
        "change": change,
    }
    foot = f"{why}\n{where} {change}"
    return f"{text}\n\n{link}\n\n-- \n{foot}\n", render_to_string("workflows/mail.html", told)
