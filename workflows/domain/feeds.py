"""Due dates in one's own calendar program: an address that nobody can guess, and what it holds."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from workflows.domain import worklist
from workflows.domain.context import now
from workflows.models import CalendarFeed, Task

# More than anybody works off before the program asks again.
MOST = 500
# A deadline is a point; programs show what has a length, so it ends where it is due.
SHOWN = timedelta(minutes=30)
REFRESH = timedelta(minutes=30)


@transaction.atomic
def open_feed(*, by: User, with_pool: bool = False) -> str:
    """A new address for a person's due dates; the one before it stops working. Returns it."""
    token = secrets.token_urlsafe(16)
    CalendarFeed.objects.update_or_create(
        user=by,
        defaults={"token_hash": digest(token), "with_pool": with_pool, "made_at": now()},
    )
    return settings.SITE_URL + reverse("workflows:feed", args=[token])


def close_feed(*, by: User) -> None:
    """Make the address worthless."""
    CalendarFeed.objects.filter(user=by).delete()


def digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def find(token: str) -> CalendarFeed | None:
    """The feed of an address, of somebody who still works here: one statement."""
    found = CalendarFeed.objects.filter(token_hash=digest(token), user__is_active=True)
    return found.select_related("user").first()


def due_dates(feed: CalendarFeed) -> list[Task]:
    """Open steps with a due moment, soonest first: mine and of whom I stand in for today, and
    where it is wished what I may claim. Two statements."""
    wanted = worklist.mine(feed.user)
    if feed.with_pool:
        wanted |= worklist.pool(feed.user)
    steps = Task.objects.filter(wanted, due__isnull=False, flow_task_type="HUMAN")
    return list(steps.order_by("due", "pk")[:MOST])


def written(steps: Iterable[Task]) -> bytes:
    """The steps as iCalendar (RFC 5545), in the language of the moment."""
    calendar = Calendar()
    calendar.add("prodid", "-//Redress//Due dates//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Due dates (Redress)"))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for step in steps:
        calendar.add_component(event(step))
    return calendar.to_ical()


def event(step: Task) -> Event:
    """One step: what is to be done first, as in the inbox. It makes nobody look busy."""
    assert step.due is not None
    entry = Event()
    words = {"todo": step.flow_task_title, "number": step.subject_number, "title": step.title}
    address = settings.SITE_URL + reverse("workflows:task", args=[step.pk])
    entry.add("uid", f"step-{step.pk}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("summary", _("%(todo)s %(number)s %(title)s") % words)
    entry.add("dtstamp", step.created)
    entry.add("dtstart", step.due - SHOWN)
    entry.add("dtend", step.due)
    entry.add("url", address)
    entry.add("description", described(step, address))
    entry.add("transp", "TRANSPARENT")
    return entry


def described(step: Task, address: str) -> str:
    lines = [step.customer, step.product, address]
    if step.provisional:
        lines.insert(0, _("Provisional: the public holidays of that year are not published yet."))
    return "\n".join(line for line in lines if line)
