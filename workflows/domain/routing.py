"""Whom an event reaches beside the bell: by which channel, in which language, and when.

A number of statements that does not depend on how many people and endpoints there are.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, Subquery

from accounts.models import Department, User
from workflows.channels import email
from workflows.domain import calendar_books
from workflows.domain.calendars import Calendar
from workflows.domain.context import now
from workflows.domain.quiet import next_digest, quiet_until
from workflows.enums import Channel
from workflows.models import Choice, Delivery, Endpoint, Notification, Preference

# The columns of the matrix on one's own page. All are on until somebody switches them off.
BELL = "bell"
PERSONAL = (BELL, Channel.EMAIL.value)

_bell_only: ContextVar[bool] = ContextVar("bell_only", default=False)


@contextmanager
def bell_only() -> Iterator[None]:
    """Nothing leaves the house for what is told in the block: the demo lives through months."""
    token = _bell_only.set(True)
    try:
        yield
    finally:
        _bell_only.reset(token)


class About(NamedTuple):
    """What a line is about, as the bell shows it; `department` says which groups may hear it."""

    kind: str
    number: str
    root_number: str
    title: str
    department: int | None = None


@dataclass(frozen=True)
class Happening:
    """Something that people are told, once per `key`."""

    kind: str
    key: str
    about: About
    at: datetime
    urgent: bool = False
    data: dict[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        """What a line and a message have in common."""
        return {
            "kind": self.kind,
            "subject_kind": self.about.kind,
            "subject_number": self.about.number,
            "root_number": self.about.root_number,
            "title": self.about.title,
            "data": self.data,
            "at": self.at,
        }


@dataclass(frozen=True)
class Rows:
    lines: list[Notification]
    messages: list[Delivery]


def rows(told: Happening, people: Iterable[int]) -> Rows:
    """The lines behind the bells and the messages that go out, not yet stored."""
    keys = {person: f"{told.key}:{person}" for person in sorted(set(people))}
    if _bell_only.get():
        return Rows([line(told, person, key) for person, key in keys.items()], [])
    found = readers(keys)
    unwanted = refused(told.kind, keys)
    planner = Planner(told, now())
    lines, messages = [], planner.to_endpoints()
    for person in found:
        key, channel = keys[person.pk], ""
        if (person.pk, Channel.EMAIL) not in unwanted:
            for message in planner.to_person(person, key):
                channel = message.channel
                messages.append(message)
        muted = (person.pk, BELL) in unwanted
        lines.append(line(told, person.pk, key, channel=channel, muted=muted))
    return Rows(lines, messages)


def line(
    told: Happening, person: int, key: str, *, channel: str = "", muted: bool = False
) -> Notification:
    """A line behind the bell. A muted one is there to be looked up, and does not count."""
    read_at = told.at if muted else None
    return Notification(user_id=person, key=key, channel=channel, read_at=read_at, **told.columns())


def readers(keys: dict[int, str]) -> list[User]:
    """Active people who have not been told yet, with their wishes: one statement."""
    if not keys:
        return []
    told = Notification.objects.filter(key__in=keys.values()).values("user")
    people = User.objects.filter(pk__in=keys, is_active=True).exclude(pk__in=told)
    return list(people.select_related("preference").order_by("pk"))


def refused(kind: str, people: Iterable[int]) -> set[tuple[int, str]]:
    """(person, channel) pairs that a person does not want for this kind: one statement."""
    rows = Choice.objects.filter(user__in=list(people), kind=kind, on=False)
    return set(rows.values_list("user_id", "channel"))


def listening(kind: str, department: int | None) -> list[Endpoint]:
    """Endpoints that hear this kind and may hear of this department, or one below theirs."""
    place = Department.objects.filter(pk=department or 0).values("path")
    scope = Q(department=None) | Q(place__startswith=F("department__path"))
    rows = Endpoint.objects.filter(is_active=True).annotate(place=Subquery(place)).filter(scope)
    return [endpoint for endpoint in rows if kind in endpoint.kinds]


@dataclass
class Planner:
    """Makes the messages of one happening; the calendar is read when a summary asks for it."""

    told: Happening
    moment: datetime
    _calendar: tuple[Calendar | None] | None = None

    def to_endpoints(self) -> list[Delivery]:
        return [
            self.message(
                key=f"{self.told.key}:endpoint:{endpoint.pk}",
                channel=endpoint.channel,
                endpoint=endpoint,
                target=f"endpoint:{endpoint.pk}",
                language=endpoint.language,
                due=self.moment,
            )
            for endpoint in listening(self.told.kind, self.told.about.department)
        ]

    def to_person(self, person: User, key: str) -> Iterator[Delivery]:
        """The e-mail, where there is an address and a mail server: at once, after the quiet
        hours, or with the daily summary."""
        if not person.email or not email.is_on():
            return
        channel, due = self.when(getattr(person, "preference", None))
        yield self.message(
            key=f"{key}:email",
            channel=channel,
            user=person,
            target=f"user:{person.pk}",
            language=person.language,
            due=due,
        )

    def when(self, wishes: Preference | None) -> tuple[str, datetime]:
        if wishes is None or self.told.urgent:
            return Channel.EMAIL, self.moment
        if wishes.digest_at is not None:
            return Channel.DIGEST, next_digest(self.moment, wishes.digest_at, self.calendar())
        held = quiet_until(self.moment, wishes.quiet_from, wishes.quiet_until)
        return Channel.EMAIL, held or self.moment

    def calendar(self) -> Calendar | None:
        if self._calendar is None:
            self._calendar = (calendar_books.current().calendar(""),)
        return self._calendar[0]

    def message(self, **given: Any) -> Delivery:
        return Delivery(
            urgent=self.told.urgent, created=self.moment, **self.told.columns(), **given
        )
