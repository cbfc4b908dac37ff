"""Nothing falls silent: what waits too long is brought from rung to rung, each once and in order.

The sweep takes batches of rows to be looked at. It holds each row and then the row of its case
and waits for neither (SKIP LOCKED), so any number of dispatchers work side by side: what another
one holds is its business, what a person works on has its turn in the next round. A rung is
decided, written and marked on the row in one transaction; a missed sweep changes nothing but the
time of the alert, and a worker that was asleep fires rung after rung.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from workflows.domain import calendar_books, context, deadlines, ladders, notices, outbox, record
from workflows.domain.answering import Answering, Told
from workflows.domain.ladders import Ladder, Step
from workflows.domain.record import Deed, Entry
from workflows.enums import Event, Rung
from workflows.models import Outbox
from workflows.models.ladder import Laddered

logger = logging.getLogger(__name__)
TOPIC = "rung"
BATCH = 100
CHANGED = ("rung", "next_at", "escalated_at", "answering")


# ---------------------------------------------------------------------------- what climbs
@dataclass(frozen=True)
class Climbing:
    """One model of laddered rows. `waiting` are the rows that are not finished, with their
    department; `hold` locks the cases of rows without waiting and says where to write, leaving
    out what somebody else holds; `about` and `data` are what a message says of a row."""

    name: str
    waiting: Callable[[], QuerySet[Any]]
    hold: Callable[[list[Any]], dict[int, Callable[[Deed], Entry]]]
    about: Callable[[Any], notices.About]
    data: Callable[[Any], dict[str, Any]]


CLIMBING: dict[str, Climbing] = {}


def climbs(kind: Climbing) -> None:
    """Let the rows of a model climb ladders."""
    CLIMBING[kind.name] = kind


# ---------------------------------------------------------------------------- the sweep
class Batch(NamedTuple):
    seen: int
    fired: int


def escalate_overdue(moment: datetime | None = None, *, limit: int = 500) -> int:
    """Fire the rungs that have come by a moment, about `limit` at most; returns how many."""
    moment, fired = moment or judged_at(), 0
    for kind in CLIMBING.values():
        passed_over: set[int] = set()
        size = BATCH
        while fired < limit:
            try:
                batch = look(kind, moment, passed_over, size)
            except Exception:
                logger.exception("the ladders of %s failed", kind.name)
                batch, size = alone(kind, moment, passed_over, size), 1
            if not batch.seen:
                break
            fired += batch.fired
    return fired


def alone(kind: Climbing, moment: datetime, passed_over: set[int], size: int) -> Batch:
    """After a batch has failed its rows go one by one, and the one that fails is passed over: it
    delays no other."""
    if size == 1:
        passed_over.update(waiting_at(kind, moment, passed_over).values_list("pk", flat=True)[:1])
    return Batch(1, 0)


def judged_at() -> datetime:
    """The moment that decides what has come: the database's clock, one for all workers however
    their own are set. SQLite has no other than the machine's."""
    given = context.given()
    if given is not None or connection.vendor != "postgresql":
        return given or context.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


class Look(NamedTuple):
    """What a row comes to next: a rung and its moment, or nothing more."""

    row: Any
    ladder: Ladder
    step: Step | None
    at: datetime | None

    def has_come(self, moment: datetime) -> bool:
        return self.at is not None and self.at <= moment


def waiting_at(kind: Climbing, moment: datetime, passed_over: set[int]) -> QuerySet[Any]:
    waiting = kind.waiting().filter(next_at__lte=moment).exclude(pk__in=passed_over)
    return waiting.order_by("next_at", "pk")


@transaction.atomic
def look(kind: Climbing, moment: datetime, passed_over: set[int], size: int = BATCH) -> Batch:
    """Look at the next rows of a kind: fire at most one rung each, put the others off.

    Rows whose case somebody else holds are added to `passed_over`. At most twelve statements.
    """
    waiting = waiting_at(kind, moment, passed_over)
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:size])
    if not rows:
        return Batch(0, 0)
    reader = Reader()
    looks = [reader.look(row) for row in rows]
    come = [found for found in looks if found.has_come(moment)]
    places = kind.hold([found.row for found in come])
    passed_over.update(found.row.pk for found in come if found.row.pk not in places)
    for found in looks:
        found.row.next_at = found.at
    fired = [found for found in come if found.row.pk in places]
    if fired:
        fire(kind, fired, places, reader, moment)
    put_off = [found.row for found in looks if not found.has_come(moment)]
    if put_off:
        type(rows[0])._default_manager.bulk_update(put_off, ["next_at"])
    return Batch(len(rows), len(fired))


class Reader:
    """The ladders and calendars that hold for some rows: three statements at most."""

    def __init__(self) -> None:
        self.policies = ladders.policies()
        self.calendar = deadlines.calendar_reader(calendar_books.current())

    def look(self, row: Laddered) -> Look:
        """The next rung of a row and its moment, counted anew."""
        ladder = self.policies.of(row)
        step = ladder.after(row.rung)
        if step is None or row.due is None:
            return Look(row, ladder, None, None)
        calendar = self.calendar(row.department.path if row.department else "")
        at = ladders.moment_of(ladder, step, calendar, since=row.waits_since, due=row.due)
        return Look(row, ladder, step, at)


def fire(
    kind: Climbing,
    fired: list[Look],
    places: dict[int, Callable[[Deed], Entry]],
    reader: Reader,
    moment: datetime,
) -> None:
    """Tell a rung of each row: record, effect and mark, for all of them at once."""
    answering = Answering([found.row for found in fired], moment)
    entries, effects = [], []
    for found in fired:
        row, step = found.row, found.step
        assert step is not None
        told = answering.of(row, step.rung)
        entries.append(places[row.pk](deed_of(found, moment)))
        effects.append(effect_of(kind, found, told, moment))
        mark(row, step.rung, told, moment)
        row.next_at = reader.look(row).at
    record.write_all(entries)
    outbox.emit_all(effects)
    type(fired[0].row)._default_manager.bulk_update([one.row for one in fired], CHANGED)


def mark(row: Laddered, rung: Rung, told: Told, moment: datetime) -> None:
    """Write onto the row how far it has come."""
    row.rung = rung
    if rung > Rung.OWNER and row.escalated_at is None:
        row.escalated_at = moment
    if rung == Rung.HEAD:
        row.answering_id = told.department  # type: ignore[attr-defined]


def deed_of(found: Look, moment: datetime) -> Deed:
    """What the record says: to whom, and the moments that it went by."""
    step: Any = found.step
    act = Event.WARN if step.rung == Rung.OWNER else Event.ESCALATE
    data = {
        "to": step.rung.name.lower(),
        "rung": int(step.rung),
        "due": found.row.due.isoformat(),
        "moment": found.at.isoformat() if found.at else "",
    }
    return Deed(by=None, act=act, at=moment, data=data)


# ---------------------------------------------------------------------------- who is told
def effect_of(kind: Climbing, found: Look, told: Told, moment: datetime) -> Outbox:
    """The effect of a rung: one for each row, due moment and rung, however often it is tried."""
    row, step = found.row, found.step
    assert step is not None and row.due is not None
    return Outbox(
        topic=TOPIC,
        key=f"rung:{kind.name}:{row.pk}:{int(row.due.timestamp())}:{int(step.rung)}",
        payload={
            "of": kind.name,
            "row": row.pk,
            "rung": int(step.rung),
            "due": row.due.isoformat(),
            "kind": sentence(row, step, moment),
            "urgent": found.ladder.urgent,
            "people": sorted(told.people),
        },
        created=moment,
        due=moment,
    )


def sentence(row: Laddered, step: Step, moment: datetime) -> str:
    """The kind of line that is behind the bell of whom a rung tells."""
    if step.rung != Rung.OWNER:
        return {Rung.HEAD: "escalated", Rung.QUALITY: "escalated_quality"}.get(
            step.rung, "escalated_management"
        )
    assert row.due is not None
    return ("due_soon" if moment < row.due else "overdue") + ("" if row.owner_id else "_pool")


@outbox.handles(TOPIC)
def tell_rung(row: Outbox) -> None:
    """Put the rung behind the bell of whom it is for."""
    given = row.payload
    kind = CLIMBING[given["of"]]
    waiting = kind.waiting().model._default_manager.get(pk=given["row"])
    notices.tell(
        given["people"],
        kind=given["kind"],
        key=row.key,
        about=kind.about(waiting),
        at=row.created,
        data={**kind.data(waiting), "rung": given["rung"], "due": given["due"]},
        urgent=given["urgent"],
    )


def rungs_left(rows: Iterable[Laddered]) -> list[Look]:
    """What each row comes to next, for those who look at ladders without firing."""
    reader = Reader()
    return [reader.look(row) for row in rows]
