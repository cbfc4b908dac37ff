"""The policy of the yearly assessment in versions: which one holds, making a new one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.defaults import EXTRA, holds_from as from_the_beginning
from cases.validators import Problems
from surveys.domain.inputs.lost_policy import check_figure
from surveys.domain.periods import Period
from surveys.domain.policies import defaults
from surveys.models import AssessmentPolicy
from workflows.domain import versions
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction

# These four are parts of a hundred.
PARTS = ("result", "rate", "campaigns", "integrity")
FIGURES = (*PARTS, "finding_points", "most_deducted")
HUNDRED = Decimal(100)


def in_force(at: datetime) -> AssessmentPolicy:
    """The version that holds at a moment; what a new installation begins with, where there is
    none (not saved then)."""
    return AssessmentPolicy.objects.in_force(at).first() or first()


def judging(year: Period) -> AssessmentPolicy:
    """The version that judges a year: of its last moment, or of now while it runs."""
    return in_force(min(year.ends_at - timedelta(seconds=1), now()))


def first() -> AssessmentPolicy:
    given = defaults()["assessment"]
    return AssessmentPolicy(
        holds_from=from_the_beginning(),
        made_at=now(),
        **{name: Decimal(given[name]) for name in FIGURES},
    )


def ensure_policy() -> int:
    if AssessmentPolicy.objects.exists():
        return 0
    first().save()
    return 1


def new_assessment_policy(
    *,
    by: User,
    holds_from: date,
    reason: str,
    seen: int | None = None,
    supersede: bool = False,
    **figures: Decimal,
) -> AssessmentPolicy:
    """A new version: guard → lock → check → save. `figures` are all of FIGURES. Raises Forbidden,
    Stale, and ValidationError by field."""
    versions.guard(by)
    with business_transaction():
        versions.hold(AssessmentPolicy, seen=seen)
        problems = Problems()
        opening = versions.opening(
            AssessmentPolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede,
            found=problems.found,
        )  # fmt: skip
        for name in FIGURES:
            check_figure(problems, name, figures[name], Decimal(0), HUNDRED)
        if not problems.found and sum(figures[name] for name in PARTS) != HUNDRED:
            problems.add("result", _("Result, rate, campaigns and integrity are 100 together."))
        problems.check()
        chosen = {name: figures[name] for name in FIGURES}
        return AssessmentPolicy.objects.create(**chosen, **opening)


# ---------------------------------------------------------------------------- reading
def all_versions() -> list[versions.Version]:
    """Every version, the one made last first: one statement."""
    return versions.story(AssessmentPolicy.objects.select_related("made_by"), at=now())


def facts(row: AssessmentPolicy) -> list[tuple[str, Any]]:
    return [(str(capfirst(label(name))), f"{getattr(row, name).normalize():f}") for name in FIGURES]


def label(name: str) -> Any:
    return AssessmentPolicy._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def changes(older: AssessmentPolicy, newer: AssessmentPolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it."""
    for (name, before), (_name, after) in zip(facts(older), facts(newer), strict=True):
        if before != after:
            yield FieldChange(name, str(before), str(after))


# A new installation begins with one (manage.py setup_defaults).
EXTRA.append(("assessment_policies", ensure_policy))
