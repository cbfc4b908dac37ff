"""Where the timeline comes from: each source a SELECT with the columns of Row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.models import User
from cases.domain import opinion_access
from cases.enums import OpinionState, ResponseKind, ResponseState
from cases.models import (
    Appeal,
    Arbitration,
    Attachment,
    Case,
    Closure,
    Comment,
    CorrectiveAction,
    FlagMotion,
    FlagRecord,
    Investigation,
    JointReview,
    MeasurePlan,
    Opinion,
    Reply,
    Response,
    Statement,
)
from workflows.models import Signature, Transition

# The two names of a department, as the place of a row.
DEPARTMENT = {"place": F("department__name"), "place_en": F("department__name_en")}


class Row(NamedTuple):
    """One row of the union. `what` to `four` mean what their source says (see below)."""

    source: str
    key: int
    at: datetime
    who: str | None
    behalf: str | None
    what: str
    node: str
    before: str
    after: str
    kind: str
    number: str
    version: int | None
    place: str
    place_en: str
    one: str
    two: str | None
    three: str
    four: str


Selects = dict[str, QuerySet[Any, Any]]


def sources(
    case: Case,
    action: CorrectiveAction | None,
    until: datetime | None,
    viewer: User | None,
) -> Selects:
    """Every source of a case, or of one of its actions, as `viewer` may read it."""
    record = Transition.objects.filter(root_kind="case", root_id=case.pk)
    signed = Signature.objects.filter(root_kind="case", root_id=case.pk)
    files = Attachment.objects.filter(opinion_access.files(viewer), case=case, removed_at=None)
    if action is not None:
        # An extension is spoken of by its action's number.
        record = record.filter(subject_number=action.number)
        signed = signed.filter(transition__subject_number=action.number)
        files = files.filter(action=action)
    found = {
        "transition": columns(
            record, "transition", "at", until,
            who=F("by__name"), behalf=F("on_behalf_of__name"), what=F("act"), node=F("node"),
            before=F("from_state"), after=F("to_state"), kind=F("subject_kind"),
            number=F("subject_number"), version=F("version"), one=F("reason"),
            two=KeyTextTransform("to", "data"), three=KeyTextTransform("clocks", "data"),
        ),
        "signature": columns(
            signed, "signature", "at", until,
            key=F("transition_id"), who=F("by__name"), one=F("meaning"), two=F("meaning_en"),
        ),
        "file": columns(
            files, "file", "at", until,
            who=F("by__name"), what=F("purpose"), one=F("name"), two=F("content_type"),
            three=F("key"), version=F("size"), number=F("action__number"),
        ),
    }  # fmt: skip
    if action is not None:
        return found
    return {**found, **dict(said(case, until)), **dict(of_incident(case, until, viewer))}


def said(case: Case, until: datetime | None) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
    """What any case gathers on its way."""
    yield "statement", columns(
        Statement.objects.filter(case=case), "statement", "at", until,
        who=F("by__name"), **DEPARTMENT,
        one=F("facts"), two=F("cause_text"), three=F("remedy"), four=F("grounds"),
    )  # fmt: skip
    yield "arbitration", columns(
        Arbitration.objects.filter(case=case, at__isnull=False), "arbitration", "at", until,
        who=F("by__name"), **DEPARTMENT, one=F("ruling"), two=F("effects"),
    )  # fmt: skip
    yield "reply", columns(
        Reply.objects.filter(case=case), "reply", "at", until,
        who=F("by__name"), what=F("kind"), place=F("channel__name"),
        place_en=F("channel__name_en"), one=F("text"),
    )  # fmt: skip
    yield "answer", columns(
        Reply.objects.filter(case=case, answered_at__isnull=False), "answer", "answered_at", until,
        what=F("answer"), one=F("answer_text"),
    )  # fmt: skip
    yield "comment", columns(
        Comment.objects.filter(case=case), "comment", "at", until,
        who=F("by__name"), one=F("text"),
    )  # fmt: skip
    for source, holds in (("flag", True), ("unflag", False)):
        yield source, columns(
            FlagRecord.objects.filter(case=case, confirmed=holds), source, "at", until,
            who=Coalesce("seconded_by__name", "by__name"), what=F("flag"), one=F("evidence"),
        )  # fmt: skip


def of_incident(
    case: Case, until: datetime | None, viewer: User | None
) -> Iterator[tuple[str, QuerySet[Any, Any]]]:
    """What an incident gathers; the texts of opinions are empty for who may not read them."""
    yield "response", columns(
        Response.objects.filter(case=case, state=ResponseState.DONE)
        .exclude(kind=ResponseKind.ACKNOWLEDGEMENT),
        "response", "at", until,
        who=F("by__name"), what=F("kind"), **DEPARTMENT, one=F("report"), version=F("quantity"),
    )  # fmt: skip
    yield "investigation", columns(
        Investigation.objects.filter(case=case), "investigation", "at", until,
        who=F("by__name"), one=F("facts"), two=F("verified"), three=F("places"),
        four=F("persons"), what=F("batch"), version=F("quantity"),
    )  # fmt: skip
    yield "review", columns(
        JointReview.objects.filter(case=case), "review", "opened_at", until,
        who=F("opened_by__name"), one=F("question"),
    )  # fmt: skip
    yield "opinion", columns(
        Opinion.objects.filter(case=case, state=OpinionState.FILED), "opinion", "at", until,
        who=F("by__name"), **DEPARTMENT,
        one=opinion_access.text("cause", viewer),
        two=opinion_access.text("responsibility", viewer),
        three=opinion_access.text("measure", viewer),
    )  # fmt: skip
    yield "appeal", columns(
        Appeal.objects.filter(case=case), "appeal", "requested_at", until,
        who=F("requested_by__name"), **DEPARTMENT, one=F("grounds"),
    )  # fmt: skip
    yield "decision", columns(
        Appeal.objects.filter(case=case, decided_at__isnull=False), "decision", "decided_at", until,
        who=F("decided_by__name"), one=F("decision"),
    )  # fmt: skip
    yield "motion", columns(
        FlagMotion.objects.filter(case=case), "motion", "proposed_at", until,
        who=F("proposed_by__name"), what=F("flag"), one=F("evidence"),
    )  # fmt: skip
    yield "plan", columns(
        MeasurePlan.objects.filter(case=case), "plan", "drafted_at", until,
        who=F("drafted_by__name"), one=F("summary"), version=F("revision"),
    )  # fmt: skip
    yield "closure", columns(
        Closure.objects.filter(case=case), "closure", "at", until,
        who=F("by__name"), one=F("lessons"), two=F("similar"), three=F("documents"),
    )  # fmt: skip


# ---------------------------------------------------------------------------- columns
_TEXTS = ("what", "node", "before", "after", "kind", "number", "place", "place_en")
_LONG = ("one", "two", "three", "four")


def columns(
    queryset: QuerySet[Any], source: str, moment: str, until: datetime | None, /, **given: Any
) -> QuerySet[Any, Any]:
    """The queryset with the columns of Row, the missing ones empty."""
    if until is not None:
        queryset = queryset.filter(**{f"{moment}__lt": until})
    empty: dict[str, Any] = {
        "source": Value(source, CharField()),
        "key": F("pk"),
        "at": F(moment),
        "version": Value(0, IntegerField()),
        **dict.fromkeys(("who", "behalf", *_TEXTS), Value("", CharField())),
        **dict.fromkeys(_LONG, Value("", TextField())),
    }
    chosen = {**empty, **given}
    named = {f"c_{name}": chosen[name] for name in Row._fields}
    return queryset.order_by().annotate(**named).values_list(*named)
