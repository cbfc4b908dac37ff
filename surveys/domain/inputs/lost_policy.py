"""The policy of lost business in versions: which one holds, making a new one, what it changes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.defaults import EXTRA, holds_from as from_the_beginning
from cases.validators import Problems
from surveys.domain.inputs.lost import Rules
from surveys.domain.periods import Period
from surveys.domain.policies import defaults
from surveys.enums import Comparison, Measure
from surveys.models import LostBusinessPolicy
from workflows.domain import versions
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction

FIGURES = ("comparison", "measure", "fall_percent", "floor")
MOST_PERCENT, MOST_FLOOR = Decimal(100), Decimal("9999999999999.99")
HUNDREDTH = Decimal("0.01")


def in_force(at: datetime) -> LostBusinessPolicy:
    """The version that holds at a moment; what a new installation begins with, where there is
    none (not saved then)."""
    return LostBusinessPolicy.objects.in_force(at).first() or first()


def first() -> LostBusinessPolicy:
    given = defaults()["lost_business"]
    return LostBusinessPolicy(
        holds_from=from_the_beginning(),
        comparison=given["comparison"],
        measure=given["measure"],
        fall_percent=Decimal(given["fall_percent"]),
        floor=Decimal(given["floor"]),
        made_at=now(),
    )


def ensure_policy() -> int:
    if LostBusinessPolicy.objects.exists():
        return 0
    first().save()
    return 1


def rules_of(policy: LostBusinessPolicy) -> Rules:
    return Rules(policy.fall_percent, policy.floor)


def new_lost_policy(
    *,
    by: User,
    holds_from: date,
    reason: str,
    comparison: str,
    measure: str,
    fall_percent: Decimal,
    floor: Decimal,
    seen: int | None = None,
    supersede: bool = False,
) -> LostBusinessPolicy:
    """A new version: guard → lock → check → save. A period is judged by the version that holds
    on its last day. Raises Forbidden, Stale, and ValidationError by field."""
    versions.guard(by)
    with business_transaction():
        versions.hold(LostBusinessPolicy, seen=seen)
        problems = Problems()
        opening = versions.opening(
            LostBusinessPolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede,
            found=problems.found,
        )  # fmt: skip
        if comparison not in Comparison.values:
            problems.add("comparison", _("Choose one of the list."))
        if measure not in Measure.values:
            problems.add("measure", _("Choose one of the list."))
        check_figure(problems, "fall_percent", fall_percent, HUNDREDTH, MOST_PERCENT)
        check_figure(problems, "floor", floor, Decimal(0), MOST_FLOOR)
        problems.check()
        return LostBusinessPolicy.objects.create(
            comparison=comparison, measure=measure, fall_percent=fall_percent, floor=floor,
            **opening,
        )  # fmt: skip


def check_figure(
    problems: Problems, name: str, value: Decimal, least: Decimal, most: Decimal
) -> None:
    if not value.is_finite() or not least <= value <= most or value % HUNDREDTH:
        problems.add(
            name,
            _("Between %(least)s and %(most)s, with two decimals.")
            % {"least": least, "most": most},
        )


# ---------------------------------------------------------------------------- reading
def all_versions() -> list[versions.Version]:
    """Every version, the one made last first: one statement."""
    return versions.story(LostBusinessPolicy.objects.select_related("made_by"), at=now())


def facts(row: LostBusinessPolicy) -> list[tuple[str, Any]]:
    values = [
        row.get_comparison_display(),
        row.get_measure_display(),
        f"{row.fall_percent.normalize():f} %",
        f"{row.floor.normalize():f}",
    ]
    names = [str(capfirst(label(name))) for name in FIGURES]
    return list(zip(names, values, strict=True))


def label(name: str) -> Any:
    return LostBusinessPolicy._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def changes(older: LostBusinessPolicy, newer: LostBusinessPolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it."""
    for (name, before), (_name, after) in zip(facts(older), facts(newer), strict=True):
        if before != after:
            yield FieldChange(name, str(before), str(after))


def judging(period: Period) -> LostBusinessPolicy:
    """The version that judges a period: of its last moment, or of now while it runs."""
    return in_force(min(period.ends_at - timedelta(seconds=1), now()))


# A new installation begins with one (manage.py setup_defaults).
EXTRA.append(("lost_business_policies", ensure_policy))
