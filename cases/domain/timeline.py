"""One timeline of everything that happened to a case, read with one statement.

It is the union of all sources (cases/domain/timeline_sources.py), ordered by moment. What belongs
to one deed (a step with its statement, its files and its signature) is one entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.domain import clock_words, timeline_words as words
from cases.domain.timeline_sources import Row, sources
from cases.models import Case, CorrectiveAction
from workflows.domain import registry

PAGE = 60
# Rows of one deed share its moment to the microsecond; a page cannot be cut between them.
MOST = 600
# A file is written a moment after the deed it belongs to.
TOGETHER = timedelta(seconds=20)
KINDS_BESIDE = ("extension", "response", "opinion", "appeal", "flag", "clock_extension")
# That these begin has been told by the act or the step that asked for them.
TOLD_ALREADY = {(kind, "start") for kind in KINDS_BESIDE}

# Whose deed brings what was written then; the rest belongs to a deed on the case.
HOMES = {"opinion": "opinion", "response": "response", "decision": "appeal"}

KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "steps": (_("Steps"), ("transition", "signature")),
    "changes": (_("Changed fields"), ("transition",)),
    "statements": (
        _("Statements and rulings"),
        (
            "statement",
            "investigation",
            "review",
            "opinion",
            "arbitration",
            "appeal",
            "decision",
            "motion",
            "flag",
            "unflag",
            "response",
            "plan",
            "closure",
        ),
    ),
    "customer": (_("To and from the customer"), ("reply", "answer")),
    "comments": (_("Comments"), ("comment",)),
    "files": (_("Files"), ("file",)),
}


@dataclass
class FileShown:
    """A file as lists and thumbnails print it."""

    name: str
    key: str
    content_type: str
    size: int
    by: str = ""
    at: datetime | None = None
    purpose: str = ""
    action_id: int | None = None

    @property
    def url(self) -> str:
        return f"/files/{self.key}/"

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def thumb_url(self) -> str:
        return f"{self.url}?thumb=1" if self.is_image else ""


@dataclass
class Entry:
    """One line of the timeline, as the template prints it. `mark` is the number of an action
    with its `url`, or what beside the steps a claim was about; `version` finds the field changes
    of a deed; `signed` is what was declared by it, `clocks` what it meant to them."""

    kind: str
    at: datetime
    title: str
    actor: str = ""
    on_behalf_of: str = ""
    mark: str = ""
    url: str = ""
    reason: str = ""
    body: str = ""
    sections: list[tuple[Any, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[FileShown] = field(default_factory=list)
    signed: str = ""
    clocks: list[str] = field(default_factory=list)
    tone: str = "grey"
    icon: str = "circle-dot"
    version: int | None = None
    subject: str = ""


@dataclass
class Timeline:
    """A page of entries, newest first; `older` is the moment the next page begins before."""

    rows: list[Row]
    entries: list[Entry]
    older: datetime | None = None
    whole: bool = True


def read(
    case: Case,
    *,
    viewer: User | None = None,
    action: CorrectiveAction | None = None,
    kind: str = "",
    before: datetime | None = None,
    size: int = PAGE,
) -> Timeline:
    """A page of the timeline of a case, or of one of its actions: one statement.

    `kind` is a key of KINDS (anything else shows all), `before` the moment where the page begins.
    Opinions that `viewer` may not read are there without what they say and without their files.
    """
    wanted = KINDS[kind][1] if kind in KINDS else ()
    first, *rest = [
        source
        for name, source in sources(case, action, before, viewer).items()
        if not wanted or name in wanted
    ]
    union = first.union(*rest, all=True) if rest else first
    found = [Row(*row) for row in union.order_by("-c_at", "-c_source", "-c_key")[: MOST + 1]]
    rows, older = cut(found, size)
    entries = gather(rows, case.flow_key, actions_too=action is None)
    return Timeline(rows, entries, older, whole=older is None and before is None and not wanted)


def cut(found: list[Row], size: int) -> tuple[list[Row], datetime | None]:
    """The rows of one page. A deed is never cut in two: all of its moment go on the next page."""
    if len(found) <= size:
        return found, None
    rows = [row for row in found[:size] if row.at != found[size].at]
    if not rows:
        rows = [row for row in found if row.at == found[0].at]
        if len(rows) == len(found):
            return found[:MOST], None
    return rows, rows[-1].at


# ---------------------------------------------------------------------------- rows to entries
def gather(rows: list[Row], flow_key: str, *, actions_too: bool) -> list[Entry]:
    """Entries newest first; what was written with a step stands in the step's entry."""
    made: list[tuple[Row, Entry]] = []
    deeds: dict[tuple[datetime, str], tuple[Row, Entry]] = {}
    for row in rows:
        # That an extension begins has been told by the act that asked for it.
        if row.source == "transition" and (row.kind, row.what) not in TOLD_ALREADY:
            entry = deed(row, flow_key, actions_too)
            made.append((row, entry))
            # The one deed of a moment that a person did: others follow of themselves.
            deeds.setdefault((row.at, row.kind), (row, entry))
            if (row.at, "") not in deeds or row.kind == "case":
                deeds[row.at, ""] = (row, entry)
    for row in rows:
        if row.source not in {"transition", "file", "signature"}:
            step = deeds.get((row.at, HOMES.get(row.source, "")))
            if step and row.who in {step[0].who, ""}:
                enrich(step[1], row)
            else:
                made.append((row, spoken(row)))
    sign(rows, made)
    add_files(rows, made)
    order = {row: turn for turn, row in enumerate(rows)}
    return [entry for row, entry in sorted(made, key=lambda pair: order[pair[0]])]


def sign(rows: Iterable[Row], made: Iterable[tuple[Row, Entry]]) -> None:
    """Put what was declared at the deed that declared it."""
    declared = {row.key: row for row in rows if row.source == "signature"}
    for row, entry in made:
        if row.source == "transition" and row.key in declared:
            entry.signed = words.meaning(declared[row.key])


def deed(row: Row, flow_key: str, actions_too: bool) -> Entry:
    key = {"action": "corrective_action", "case": flow_key}.get(row.kind, row.kind)
    event = not row.version
    tone, icon = words.look_of(row.what, row.after, row.kind, event)
    foreign = row.kind in {"action", "extension"} and actions_too
    beside = words.beside(row.kind) if event else ""
    return Entry(
        kind="event" if event else "transition",
        at=row.at,
        title=words.deed_title(key, row.node, row.what, to=row.two or ""),
        actor=row.who or "",
        on_behalf_of=row.behalf or "",
        mark=row.number if foreign else beside,
        url=registry.link(row.kind, row.number) if foreign else "",
        reason=row.one,
        clocks=clock_words.told(row.three),
        tone=tone,
        icon=icon,
        version=row.version or None,
        subject=row.kind,
    )


def enrich(entry: Entry, row: Row) -> None:
    """Put what was said with a step into its entry."""
    entry.sections += words.sections(row)


def spoken(row: Row) -> Entry:
    """What is no step of its own: a comment, or (under a filter) a statement, a reply."""
    tone, icon = words.LOOKS[row.source]
    return Entry(
        kind=row.source,
        at=row.at,
        title=words.spoken_title(row),
        actor=row.who or "",
        body=row.one if row.source == "comment" else "",
        sections=[] if row.source == "comment" else words.sections(row),
        tone=tone,
        icon=icon,
    )


def shown_file(row: Row) -> FileShown:
    return FileShown(
        name=row.one, content_type=row.two or "", key=row.three, size=row.version or 0,
        by=row.who or "", at=row.at, purpose=row.what,
    )  # fmt: skip


def add_files(rows: Iterable[Row], made: list[tuple[Row, Entry]]) -> None:
    """Files go to the deed that brought them; others, gathered by upload, are their own entry."""
    steps = [(row, entry) for row, entry in made if entry.kind == "transition"]
    uploads: list[tuple[Row, Entry]] = []
    for row in rows:
        if row.source != "file":
            continue
        home = next((entry for step, entry in steps if came_with(row, step)), None)
        if home is None:
            home = next((entry for upload, entry in uploads if same_upload(row, upload)), None)
        if home is None:
            home = spoken(row)
            home.mark = row.number or ""
            home.url = registry.link("action", row.number) if row.number else ""
            uploads.append((row, home))
        home.files.append(shown_file(row))
    made += uploads


def came_with(row: Row, step: Row) -> bool:
    """Whether the file came with a step: same person, written just after it, of its kind."""
    if row.who != step.who or not timedelta(0) <= row.at - step.at <= TOGETHER:
        return False
    if (row.number or "") != (step.number if step.kind == "action" else ""):
        return False
    return step.what in words.BRINGS_FILES.get(row.what, ())


def same_upload(row: Row, upload: Row) -> bool:
    return (
        row.who == upload.who
        and row.number == upload.number
        and abs(row.at - upload.at) <= TOGETHER
    )
