"""The deadline policy: its steps, its versions, and making a new one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import dates
from django.utils.translation import gettext as _

from accounts.models import User
from workflows.domain import registry, versions
from workflows.domain.calendars import Calendar, clock, read_week
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.deadlines import company_calendar, due_after
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict
from workflows.models import DeadlinePolicy, DeadlineRule

LEAST, MOST = Decimal("0.25"), Decimal(1000)


class Key(NamedTuple):
    """What a rule is about: a step of a flow, for all cases or for major ones."""

    flow: str
    node: str
    major: bool

    @property
    def field(self) -> str:
        """What a form calls it."""
        return f"{self.flow}.{self.node}{'.major' if self.major else ''}"


Hours = Mapping[Key, Decimal]


@dataclass(frozen=True)
class Ruled:
    """A step whose deadline the policy decides, in the words people read."""

    flow: str
    node: str
    process: Any
    title: Any

    def key(self, *, major: bool) -> Key:
        return Key(self.flow, self.node, major)


def ruled() -> list[Ruled]:
    """Every step of a person that has no due date of its own, as its flow reads."""
    return [
        Ruled(flow.key, node.name, flow.process_title, node.task_title)
        for flow in registry.flows()
        for node in as_written(flow)
        if node.task_type == "HUMAN" and node._due is None
    ]


def as_written(flow: Any) -> list[Any]:
    """The nodes in the order of the flow class, inherited ones last; viewflow sorts by name."""
    names = list(vars(flow))
    return sorted(
        flow.instance.nodes(),
        key=lambda node: names.index(node.name) if node.name in names else len(names),
    )


def hours_of(policy: DeadlinePolicy) -> dict[Key, Decimal]:
    return {Key(rule.flow, rule.node, rule.major_only): rule.hours for rule in policy.rules.all()}


# ---------------------------------------------------------------------------- making
def new_deadlines(
    *,
    by: User,
    holds_from: date,
    reason: str,
    default_hours: Decimal,
    hours: Hours,
    seen: int | None = None,
    supersede: bool = False,
) -> DeadlinePolicy:
    """A new version of the deadlines: guard → lock → check → save the version and its rules.

    A step that `hours` leaves out takes the default, for major cases the general hours. The
    working week and the rules of steps with a due date of their own are taken over. Steps that
    wait already keep their due moment. Raises Forbidden, Stale, and ValidationError by field.
    """
    versions.guard(by)
    with business_transaction():
        versions.hold(DeadlinePolicy, seen=seen)
        found: versions.Found = {}
        opening = versions.opening(
            DeadlinePolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede, found=found,
        )  # fmt: skip
        base = DeadlinePolicy.objects.in_force(opening["holds_from"] or now()).first()
        if base is None:
            raise Conflict(_("There is no version to begin with."))
        policy = DeadlinePolicy(week=base.week, default_hours=default_hours, **opening)
        check_hours(policy, hours, found)
        if found:
            raise ValidationError(found)
        policy.save()
        write_rules(policy, {**taken_over(base), **hours})
    return policy


def check_hours(policy: DeadlinePolicy, hours: Hours, found: versions.Found) -> None:
    known = {step.key(major=major) for step in ruled() for major in (False, True)}
    if unknown := hours.keys() - known:
        raise TypeError(f"no such step: {sorted(unknown)}")
    calendar = company_calendar(policy)
    given = {"default_hours": policy.default_hours, **{key.field: hours[key] for key in hours}}
    for field, value in given.items():
        if not value.is_finite() or not LEAST <= value <= MOST or value % Decimal("0.01"):
            found.setdefault(field, []).append(
                _("Between %(least)s and %(most)s hours, with two decimals.")
                % {"least": LEAST, "most": MOST}
            )
        elif not within_reach(calendar, value):
            found.setdefault(field, []).append(_("With this working week that lies years ahead."))


def within_reach(calendar: Calendar, hours: Decimal) -> bool:
    try:
        due_after(calendar, hours, at=now())
    except ValueError:
        return False
    return True


def taken_over(base: DeadlinePolicy) -> dict[Key, Decimal]:
    """Rules that no screen shows: a step with a due date of its own falls back on them."""
    shown = {(step.flow, step.node) for step in ruled()}
    return {key: value for key, value in hours_of(base).items() if key[:2] not in shown}


def write_rules(policy: DeadlinePolicy, hours: Hours) -> None:
    DeadlineRule.objects.bulk_create(
        DeadlineRule(policy=policy, flow=key.flow, node=key.node, major_only=key.major, hours=value)
        for key, value in hours.items()
    )


# ---------------------------------------------------------------------------- reading
def all_versions() -> list[versions.Version]:
    """Every version of the deadlines with its rules: two statements."""
    rows = DeadlinePolicy.objects.select_related("made_by").prefetch_related("rules")
    return versions.story(rows, at=now())


def changes(older: DeadlinePolicy, newer: DeadlinePolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it."""
    pairs = [
        (
            _("Hours for a step without a rule"),
            *(words(row.default_hours) for row in (older, newer)),
        ),
        (_("Working week"), *(week_words(row.week) for row in (older, newer))),
    ]
    was, now_is = hours_of(older), hours_of(newer)
    titles = {(step.flow, step.node): f"{step.process} · {step.title}" for step in ruled()}
    for key in sorted({*was, *now_is}, key=lambda key: (order(titles, key), key.major)):
        label = titles.get(key[:2], f"{key.flow} · {key.node}")
        if key.major:
            label = _("%(step)s (major cases)") % {"step": label}
        pairs.append((label, words(was.get(key)), words(now_is.get(key))))
    for label, before, after in pairs:
        if before != after:
            yield FieldChange(label, before, after)


def order(titles: Mapping[tuple[str, str], str], key: Key) -> int:
    known = list(titles)
    return known.index(key[:2]) if key[:2] in titles else len(known)


def words(hours: Decimal | None) -> str:
    """2.5 h, without the zeros a database adds."""
    return "–" if hours is None else _("%(hours)s h") % {"hours": f"{hours.normalize():f}"}


def week_words(week: Mapping[str, Any]) -> str:
    """Mon, Tue 08:30–12:00, 13:00–17:30: days with the same hours together."""
    together: dict[str, list[str]] = {}
    for day, intervals in sorted(read_week(week).items()):
        hours = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in intervals)
        together.setdefault(hours, []).append(str(dates.WEEKDAYS_ABBR[day]))
    return "; ".join(f"{', '.join(days)} {hours}" for hours, days in together.items())
