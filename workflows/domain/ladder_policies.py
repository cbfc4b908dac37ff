"""The escalation policy: its versions, and making a new one."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from workflows.domain import ladders, registry, versions
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.ladders import WHOLE, Ladder, Step
from workflows.domain.transitions import business_transaction
from workflows.enums import Rung
from workflows.models import EscalationPolicy
from workflows.validators import clean_text

MOST_LADDERS = 8
NAME_LENGTH = 60
MOST_PERCENT, MOST_HOURS = Decimal(1000), Decimal(1000)
RUNGS = tuple(rung for rung in Rung if rung)


def field(place: int, name: str) -> str:
    """What a form calls a part of the ladder at a place."""
    return f"ladder.{place}.{name}"


# ---------------------------------------------------------------------------- making
def new_ladders(
    *,
    by: User,
    holds_from: date,
    reason: str,
    ladders: dict[int, Ladder],
    seen: int | None = None,
    supersede: bool = False,
) -> EscalationPolicy:
    """A new version of the ladders: guard → lock → check → save. What waits already keeps its
    ladder.

    `ladders` in their order, by the place where a form shows them; of these the first that fits
    holds. Raises Forbidden, Stale, and ValidationError by field.
    """
    versions.guard(by)
    with business_transaction():
        versions.hold(EscalationPolicy, seen=seen)
        found: versions.Found = {}
        opening = versions.opening(
            EscalationPolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede, found=found,
        )  # fmt: skip
        document = checked(ladders, found)
        if found:
            raise ValidationError(found)
        return EscalationPolicy.objects.create(ladders=document, **opening)


def checked(given: dict[int, Ladder], found: versions.Found) -> list[dict[str, Any]]:
    """The ladders as they are kept; what is wrong with them is put into `found` by field."""
    if len(given) > MOST_LADDERS:
        raise TypeError("more ladders than there is room for")
    for place, ladder in given.items():
        check_name(place, ladder, found)
        check_steps(place, ladder, found)
        if unknown := ladder.flows - flow_titles().keys():
            raise TypeError(f"no such flow: {sorted(unknown)}")
    places = sorted(given)
    if not places or not given[places[-1]].is_general:
        last = field(places[-1] if places else 0, "flows")
        add(found, last, _("The last ladder is for everything, so that nothing falls silent."))
    for place in places[:-1]:
        if given[place].is_general:
            text = _("This one is for everything: what stands below it would never be used.")
            add(found, field(place, "flows"), text)
    return [ladders.written(given[place]) for place in places]


def add(found: versions.Found, name: str, text: str) -> None:
    found.setdefault(name, []).append(text)


def check_name(place: int, ladder: Ladder, found: versions.Found) -> None:
    for name in ("name", "name_en"):
        try:
            clean_text(getattr(ladder, name), lines=False, most=NAME_LENGTH)
        except ValidationError as error:
            add(found, field(place, name), error.messages[0])
    if not ladder.name:
        add(found, field(place, "name"), _("Please fill this in."))


def check_steps(place: int, ladder: Ladder, found: versions.Found) -> None:
    """Somebody above the owner is told, and nobody above the owner before the due moment."""
    if not any(step.rung > Rung.OWNER for step in ladder.steps):
        text = _("Somebody above whom it waits for must be told.")
        add(found, field(place, Rung.HEAD.name.lower()), text)
    for step in ladder.steps:
        if text := wrong(step):
            add(found, field(place, step.rung.name.lower()), text)
    for lower, higher in zip(ladder.steps, ladder.steps[1:], strict=False):
        if is_before(higher, lower):
            text = _("This comes before the one above it.")
            add(found, field(place, higher.rung.name.lower()), text)


def wrong(step: Step) -> str:
    value, most = (step.percent, MOST_PERCENT) if step.hours is None else (step.hours, MOST_HOURS)
    least = Decimal(1) if step.hours is None else Decimal(0)
    if value is None or not value.is_finite() or not least <= value <= most:
        return _("Between %(least)s and %(most)s.") % {"least": least, "most": most}
    if value % Decimal("0.01"):
        return _("At most two decimals.")
    if step.is_early and step.rung > Rung.OWNER:
        return _("From the due moment on: at least 100 %.")
    return ""


def is_before(step: Step, other: Step) -> bool:
    """Whether a rung would come before another one; shares and hours are compared only where it
    is certain for every target."""
    if step.percent is not None and other.percent is not None:
        return step.percent < other.percent
    if step.hours is not None and other.hours is not None:
        return step.hours < other.hours
    return step.percent is not None and step.percent <= WHOLE and bool(other.hours)


# ---------------------------------------------------------------------------- reading
def flow_titles() -> dict[str, str]:
    """The flows with steps of people, by key, as their titles read."""
    return {str(flow.key): str(flow.process_title) for flow in registry.flows()}


def all_versions() -> list[versions.Version]:
    """Every version of the ladders: one statement."""
    return versions.story(EscalationPolicy.objects.select_related("made_by"), at=now())


def changes(older: EscalationPolicy, newer: EscalationPolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it, ladder by ladder."""
    was, now_is = (told(ladders.read(row.ladders)) for row in (older, newer))
    for label in dict.fromkeys((*was, *now_is)):
        before, after = was.get(label, "–"), now_is.get(label, "–")
        if before != after:
            yield FieldChange(label, before, after)


def told(found: tuple[Ladder, ...]) -> dict[str, str]:
    return {
        f"{place}. {ladder}": "; ".join(
            [scope(ladder), *(f"{step.rung.label}: {words(step, ladder)}" for step in ladder.steps)]
        )
        for place, ladder in enumerate(found, 1)
    }


def scope(ladder: Ladder) -> str:
    """What a ladder is for, and whether it waits for working time."""
    titles = flow_titles()
    what = ", ".join(titles.get(key, key) for key in sorted(ladder.flows)) or _("All processes")
    parts = [what, _("major cases only") if ladder.major_only else ""]
    parts.append(_("at night and on free days too") if ladder.urgent else _("at working time"))
    return ", ".join(part for part in parts if part)


def words(step: Step | None, ladder: Ladder) -> str:
    """When a rung comes: “at 80 % of the time”, “when overdue”, “16 h after it is due”."""
    if step is None:
        return "–"
    if step.hours is not None:
        given = {"hours": f"{step.hours.normalize():f}"}
        if not step.hours:
            return _("when it is due")
        if ladder.urgent:
            return _("%(hours)s h after it is due") % given
        return _("%(hours)s working hours after it is due") % given
    if step.percent == WHOLE:
        return _("when it is due")
    return _("after %(percent)s %% of the time") % {"percent": f"{step.percent:f}"}
