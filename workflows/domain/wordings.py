"""The wordings that the company makes its own: kept in versions, previewed, tried out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, override

from accounts.models import User
from workflows.channels.base import Message
from workflows.domain import delivery, notices, wording
from workflows.domain.context import now
from workflows.domain.delivery import Outcome
from workflows.domain.endpoints import guard
from workflows.domain.wording import BODY_LENGTH, DIGEST, LANGUAGES, SUBJECT_LENGTH, Wording
from workflows.enums import Channel, Family
from workflows.models import Delivery, Endpoint, MessageTemplate, Notification
from workflows.validators import clean_text

# Drafts by language.
Drafts = dict[str, Wording]


# ---------------------------------------------------------------------------- keeping
def check(kind: str, drafts: Drafts) -> Drafts:
    """The drafts, cleaned. Raises ValidationError by field ("body_en")."""
    found: dict[str, Any] = {}
    cleaned = {}
    for language, draft in drafts.items():
        subject = checked(kind, f"subject_{short(language)}", draft.subject, SUBJECT_LENGTH, found)
        body = checked(kind, f"body_{short(language)}", draft.body, BODY_LENGTH, found)
        cleaned[language] = Wording(subject, body)
        for name, text in (("subject", subject), ("body", body)):
            if not text:
                found.setdefault(f"{name}_{short(language)}", [_("Please fill this in.")])
    if found:
        raise ValidationError(found)
    return cleaned


def checked(kind: str, field: str, text: str, most: int, found: dict[str, Any]) -> str:
    try:
        cleaned = clean_text(text, lines=field.startswith("body"), most=most)
        wording.check(cleaned, kind)
    except ValidationError as problem:
        found[field] = problem.messages
        return text
    return cleaned


def short(language: str) -> str:
    return language.partition("-")[0]


@transaction.atomic
def keep(*, by: User, kind: str, family: str, drafts: Drafts) -> int:
    """Keep the wordings that differ from what holds, as new versions; returns how many."""
    guard(by)
    cleaned, holding = check(kind, drafts), drafts_of(kind, family)
    rows = [
        version(by, kind, family, language, draft)
        for language, draft in cleaned.items()
        if draft != holding[language]
    ]
    MessageTemplate.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def back_to_built_in(*, by: User, kind: str, family: str) -> None:
    """Let the built-in wording hold again, in both languages; the versions stay."""
    guard(by)
    nothing = Wording("", "")
    MessageTemplate.objects.bulk_create(
        [version(by, kind, family, language, nothing) for language in LANGUAGES]
    )


def version(by: User, kind: str, family: str, language: str, words: Wording) -> MessageTemplate:
    return MessageTemplate(
        kind=kind,
        family=family,
        language=language,
        subject=words.subject,
        body=words.body,
        made_by=by,
        made_at=now(),
    )


# ---------------------------------------------------------------------------- reading
def drafts_of(kind: str, family: str, held: wording.Wordings | None = None) -> Drafts:
    """What holds in each language, the built-in wording where nothing was made on screen."""
    found = wording.in_force() if held is None else held
    return {language: wording.wording(kind, family, language, found) for language in LANGUAGES}


@dataclass(frozen=True)
class Entry:
    """A line of the list of wordings."""

    kind: str
    family: str
    own: bool


def entries() -> list[Entry]:
    """Every wording there is, and whether the company has made it its own: one statement."""
    held = {(kind, family) for kind, family, _language in wording.in_force()}
    pairs = [(kind, family) for kind in wording.kinds() for family in Family.values]
    pairs.append((DIGEST, Family.EMAIL.value))
    return [Entry(kind, family, (kind, family) in held) for kind, family in pairs]


def versions(kind: str, family: str) -> Iterable[MessageTemplate]:
    rows = MessageTemplate.objects.filter(kind=kind, family=family)
    return rows.select_related("made_by").order_by("-pk")[:20]


# ---------------------------------------------------------------------------- trying out
def preview(*, by: User, kind: str, family: str, drafts: Drafts) -> dict[str, Message]:
    """What each draft would say, of the last event of this kind that `by` was told of."""
    row, members = example(by, kind, family)
    told = {}
    for language, draft in drafts.items():
        row.language = language
        held = {(kind, family, language): draft}
        with override(language):
            told[language] = wording.message(row, held, members=members)
    return told


def send_to_me(*, by: User, kind: str, drafts: Drafts) -> Outcome:
    """A test e-mail of the draft in one's own language; it stands in the log."""
    guard(by)
    row, members = example(by, kind, Family.EMAIL)
    row.channel, row.language, row.data = Channel.EMAIL, by.language, {**row.data, "test": True}
    held = {(kind, Family.EMAIL.value, by.language): check(kind, drafts)[by.language]}
    return delivery.send_once(row, held, members=members)


def send_to(*, by: User, kind: str, drafts: Drafts, endpoint: Endpoint) -> Outcome:
    """A test message of the drafts to a group or a program; it stands in the log."""
    guard(by)
    row, members = example(by, kind, Family.ROBOT)
    row.channel, row.language, row.data = (
        endpoint.channel, endpoint.language, {**row.data, "test": True},
    )  # fmt: skip
    row.user, row.endpoint, row.target = None, endpoint, f"endpoint:{endpoint.pk}"
    cleaned = check(kind, drafts)
    held = {(kind, Family.ROBOT.value, language): words for language, words in cleaned.items()}
    return delivery.send_once(row, held, members=members)


def example(by: User, kind: str, family: str) -> tuple[Delivery, list[Delivery]]:
    """A message of the last event of this kind that `by` was told of, or of a made-up one; a
    summary has some of each kind."""
    channel = Channel.EMAIL if family == Family.EMAIL else Channel.WECOM
    common = {"user": by, "target": f"user:{by.pk}", "language": by.language, "channel": channel}
    if kind == DIGEST:
        members = [example(by, one, family)[0] for one in list(wording.kinds())[:3]]
        summary = Delivery(key=f"test:{uuid4()}", kind=kind, at=now(), **common)
        return summary, members
    found = Notification.objects.filter(user=by, kind=kind).order_by("-pk").first()
    row = Delivery(key=f"test:{uuid4()}", kind=kind, **(told_of(found) if found else made_up()))
    if kind in notices.OF_STEPS:
        row.data = {**made_up()["data"], **{k: v for k, v in row.data.items() if v}}
    for name, value in common.items():
        setattr(row, name, value)
    return row, []


def told_of(row: Notification) -> dict[str, Any]:
    columns = ("subject_kind", "subject_number", "root_number", "title", "data", "at")
    return {name: getattr(row, name) for name in columns}


def made_up() -> dict[str, Any]:
    """A complaint that nobody has made."""
    moment = now()
    number = f"TS-{timezone.localtime(moment).year}-000123"
    return {
        "subject_kind": "case",
        "subject_number": number,
        "root_number": number,
        "title": _("Bearing noise after two weeks"),
        "data": {"step": "complaint.review", "due": (moment + timedelta(days=1)).isoformat()},
        "at": moment,
    }
