"""The versions of the policy as a story: which holds from when until when, what each changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases.enums import CustomerType
from surveys.domain import periods, policy as rules_of
from surveys.domain.policy import Policy, Source
from surveys.domain.policy_document import figure
from surveys.enums import DeductionRule, QuestionnaireKind
from surveys.models import SatisfactionPolicy
from workflows.domain.changes import FieldChange
from workflows.domain.context import now

DRAFT, PLANNED, IN_FORCE, ENDED, OVERTAKEN = "draft", "planned", "in_force", "ended", "overtaken"


@dataclass(frozen=True)
class Told:
    """A version, how it stands, the first day it does not hold any more, and the version it
    differs from: the one it took over from, for a draft the one it would."""

    row: SatisfactionPolicy
    standing: str
    until: date | None = None
    before: SatisfactionPolicy | None = None

    @property
    def changes(self) -> list[FieldChange]:
        return list(changes(self.before.document, self.row.document)) if self.before else []


def story() -> list[Told]:
    """Every version, drafts first, then from the last start back: one statement."""
    rows = list(SatisfactionPolicy.objects.select_related("made_by", "published_by"))
    drafts = [row for row in rows if row.published_at is None]
    line = timeline(row for row in rows if row.published_at is not None)
    today = periods.half_of(now()).first_day
    told = [Told(row, DRAFT, before=holder(line, row.holds_from)) for row in drafts]
    for position in reversed(range(len(line))):
        row, before = line[position], line[position - 1] if position else None
        until = line[position + 1].holds_from if position + 1 < len(line) else None
        told.append(Told(row, standing_of(row, until, today), until, before))
    ruling = {row.pk for row in line}
    overtaken = [row for row in rows if row.published_at and row.pk not in ruling]
    return told + [Told(row, OVERTAKEN) for row in overtaken]


def timeline(published: Any) -> list[SatisfactionPolicy]:
    """The versions that come to hold, in the order of their days: of one day the last."""
    last = sorted(published, key=lambda row: (row.holds_from, row.published_at, row.number))
    return list({row.holds_from: row for row in last}.values())


def holder(line: list[SatisfactionPolicy], day: date) -> SatisfactionPolicy | None:
    """Which one holds on a day."""
    return next((row for row in reversed(line) if row.holds_from <= day), None)


def standing_of(row: SatisfactionPolicy, until: date | None, today: date) -> str:
    if row.holds_from > today:
        return PLANNED
    return ENDED if until is not None and until <= today else IN_FORCE


# ---------------------------------------------------------------------------- what changed
def changes(older: Any, newer: Any) -> Iterator[FieldChange]:
    """What a document says otherwise than another one, line by line."""
    before, after = (dict(lines(rules_of.read(document))) for document in (older, newer))
    labels = {key: label for found in (before, after) for key, (label, _value) in found.items()}
    for key, label in labels.items():
        old, new = (found.get(key, ("", "–"))[1] for found in (before, after))
        if old != new:
            yield FieldChange(label, old, new)


def lines(policy: Policy) -> Iterator[tuple[str, tuple[str, str]]]:
    """The policy as (key, (label, value)): keys tell the same line in two versions."""
    for level, worth in policy.points.items():
        yield f"points.{level}", (_("Points of level %(level)s") % {"level": level}, figure(worth))
    for source in policy.sources:
        name = {"name": source.label}
        yield f"{source.key}.name", (_("Name of “%(key)s”") % {"key": source.key}, source.label)
        yield f"{source.key}.weight", (_("Weight of “%(name)s”") % name, figure(source.weight))
        kind = str(QuestionnaireKind(source.kind).label)
        yield f"{source.key}.kind", (_("Kind of “%(name)s”") % name, kind)
        yield f"{source.key}.whom", (_("Whom “%(name)s” covers") % name, covers(source))
    for band in policy.bands:
        start = figure(band.start)
        yield f"band.{start}", (_("Band from %(start)s") % {"start": start}, band.label)
    for one in policy.deductions:
        label = str(DeductionRule(one.rule).label)
        yield f"{one.rule}.points", (_("Points: %(rule)s") % {"rule": label}, figure(one.points))
        yield f"{one.rule}.every", (_("For every: %(rule)s") % {"rule": label}, str(one.every))
    for key, label, value in limits(policy):
        yield key, (label, value)


def covers(source: Source) -> str:
    types = [str(CustomerType(one).label) for one in source.customer_types]
    return ", ".join([*types, *source.products]) or _("everybody")


def limits(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """The single figures: (key, label, value)."""
    missing = {
        "provisional": _("the index is provisional"),
        "renormalise": _("its weight is shared by the others"),
    }
    yield "threshold", _("Response rate that is representative"), f"{figure(policy.threshold)} %"
    yield "floor", _("The index never goes below"), figure(policy.floor)
    yield "minimum_n", _("Fewest answers for a score"), str(policy.minimum_n)
    yield "missing", _("When a source has no data"), missing[policy.missing]
    yield "low_score", _("A score below it proposes an action"), figure(policy.low_score)
    yield (
        "survey_cap_days",
        _("Days between two surveys of one person"),
        str(policy.survey_cap_days),
    )
    yield "approval", _("Questionnaires need approval"), _("yes") if policy.approval else _("no")
