"""Everything that was written about an incident or an arbitration, read with one statement: the
union of all kinds of rows, the facts of each row as one JSON value."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case as Choose,
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from cases.domain import incident_rows as rows, opinion_access
from cases.enums import Purpose
from cases.models import (
    Appeal,
    Arbitration,
    Attachment,
    Case,
    Closure,
    FlagMotion,
    Investigation,
    JointReview,
    MeasurePlan,
    Opinion,
    PlannedMeasure,
    Response,
    Share,
    Statement,
)
from workflows.models import Signature

# The files that came with what is shown.
EVIDENCE = (
    Purpose.STATEMENT, Purpose.RESPONSE, Purpose.INVESTIGATION, Purpose.OPINION, Purpose.MINUTES,
    Purpose.APPEAL, Purpose.FLAG,
)  # fmt: skip
Found = dict[str, list[Any]]


def has_file() -> Any:
    """Whether a case has anything of this, as a column of a statement on cases: each incident
    has had immediate responses, a complaint may have rulings and motions on flags."""
    kinds = (Response, Arbitration, FlagMotion)
    found = [Exists(kind._default_manager.filter(case=OuterRef("pk"))) for kind in kinds]
    return Choose(
        *(When(one, then=Value(True)) for one in found),
        default=Value(False),
        output_field=BooleanField(),
    )


def read(case: Case, user: User | None) -> Found:
    """All rows by their source, each kind in the order of its keys: one statement."""
    kinds = {kind.SOURCE: kind for kind, _rows in sources(case, user)}
    first, *rest = [facts(kind, found) for kind, found in sources(case, user)]
    made: Found = defaultdict(list)
    for source, key, values in first.union(*rest, all=True):
        made[source].append(row(kinds[source], key, values))
    for found in made.values():
        found.sort(key=lambda one: one.pk)
    return made


def sources(case: Case, user: User | None) -> Iterable[tuple[type[rows.Row], QuerySet[Any]]]:
    """What is read, and from where; opinions that are not to be read come without their texts."""
    opinions = Opinion.objects.filter(case=case).annotate(
        readable=opinion_access.is_readable(user), **opinion_access.texts(user)
    )
    files = Attachment.objects.filter(case=case, removed_at=None, purpose__in=EVIDENCE)
    return (
        (rows.ResponseRow, Response.objects.filter(case=case)),
        (rows.InvestigationRow, Investigation.objects.filter(case=case)),
        (rows.ReviewRow, JointReview.objects.filter(case=case)),
        (rows.OpinionRow, opinions),
        (rows.StatementRow, Statement.objects.filter(case=case)),
        (rows.ArbitrationRow, Arbitration.objects.filter(case=case)),
        (rows.ShareRow, Share.objects.filter(arbitration__case=case)),
        (rows.AppealRow, Appeal.objects.filter(case=case)),
        (rows.PlanRow, MeasurePlan.objects.filter(case=case)),
        (rows.MeasureRow, PlannedMeasure.objects.filter(plan__case=case)),
        (rows.MotionRow, FlagMotion.objects.filter(case=case)),
        (rows.ClosureRow, Closure.objects.filter(case=case)),
        (rows.SignatureRow, Signature.objects.filter(root_kind="case", root_id=case.pk)),
        (rows.FileRow, files.filter(opinion_access.files(user))),
    )


def facts(kind: type[rows.Row], found: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The SELECT of one kind: its name, the key, and its fields as JSON."""
    paths = {one.name: one.metadata.get("path", one.name) for one in fields(kind)}
    del paths["pk"]
    named = {
        "c_source": Value(kind.SOURCE, CharField()),
        "c_key": F("pk"),
        "c_facts": JSONObject(**paths),
    }
    return found.order_by().annotate(**named).values_list(*named)


# ---------------------------------------------------------------------------- JSON to Python
def moment(value: str | None) -> datetime | None:
    """SQLite writes moments without a zone: they are UTC."""
    found = parse_datetime(value) if value else None
    return timezone.make_aware(found, UTC) if found and timezone.is_naive(found) else found


def words(value: Any) -> list[str]:
    """A list kept as JSON; SQLite hands it on as text."""
    return list(json.loads(value) if isinstance(value, str) else value or [])


def truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


# What becomes of a value, by the type its field declares. SQLite knows no booleans.
BECOMES: dict[Any, Callable[[Any], Any]] = {
    str: lambda value: value or "",
    bool: bool,
    bool | None: truth,
    datetime: moment,
    datetime | None: moment,
    list[str]: words,
}


def row(kind: type[rows.Row], key: int, values: dict[str, Any]) -> rows.Row:
    given = {
        one.name: BECOMES.get(one.type, lambda value: value)(values[one.name])
        for one in fields(kind)
        if one.name != "pk"
    }
    return kind(pk=key, **given)
