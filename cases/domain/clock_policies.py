"""The policy of clocks in versions: an ordered table of rules, and making a new version of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from cases.domain.clock_words import target
from cases.enums import ClockName, Kind, Severity
from cases.models import Channel, CustomerClass, Product
from cases.validators import Problems
from workflows.domain import policies, versions
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.enums import ClockUnit
from workflows.models import ClockPolicy, ClockRule

MOST_RULES = 80
MOST_DAYS = 730
PAUSE_LABEL = gettext_lazy("Pause by people, at most")
# What a rule may ask, in the order in which it is read.
FACTS: dict[str, Any] = {
    "kind": gettext_lazy("Kind"),
    "severity": gettext_lazy("Severity"),
    "product": gettext_lazy("Product"),
    "customer_class": gettext_lazy("Customer class"),
    "channel": gettext_lazy("Channel"),
}
Labels = dict[str, dict[Any, str]]


@dataclass(frozen=True)
class RuleDraft:
    """A line as it is proposed; `conditions` as in ClockRule."""

    name: str
    amount: Decimal
    unit: str
    conditions: Mapping[str, list[Any]] = field(default_factory=dict)
    warn_percent: int = 80
    statutory: bool = False
    again: bool = True


def field_name(place: int, name: str) -> str:
    """What a form and an error call a cell of the table; places count from 0."""
    return f"rules.{place}.{name}"


def new_clock_policy(
    *,
    by: User,
    holds_from: date,
    reason: str,
    pause_hours: Decimal,
    rules: Sequence[RuleDraft],
    seen: int | None = None,
    supersede: bool = False,
) -> ClockPolicy:
    """A new version: guard → lock → check → save it with its rules. Clocks that run keep the rule
    they were started by. `seen` and `supersede` as in `new_case_policy`. Raises Forbidden, Stale,
    and ValidationError by field; a cell of the table is the field `field_name` says."""
    versions.guard(by)
    with business_transaction():
        versions.hold(ClockPolicy, seen=seen)
        problems = Problems()
        opening = versions.opening(
            ClockPolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede,
            found=problems.found,
        )  # fmt: skip
        if not pause_hours.is_finite() or not 0 <= pause_hours <= policies.MOST:
            problems.add("pause_hours", _("Between 0 and %(most)s.") % {"most": policies.MOST})
        check_rules(problems, rules)
        problems.check()
        policy = ClockPolicy.objects.create(pause_hours=pause_hours, **opening)
        ClockRule.objects.bulk_create(
            ClockRule(policy=policy, position=place, **{**vars(rule), "conditions": told(rule)})
            for place, rule in enumerate(rules, start=1)
        )
    return policy


def told(rule: RuleDraft) -> dict[str, list[Any]]:
    return {fact: list(values) for fact, values in rule.conditions.items() if values}


def check_rules(problems: Problems, rules: Sequence[RuleDraft]) -> None:
    if not rules:
        problems.add("pause_hours", _("A version needs at least one rule."))
    if len(rules) > MOST_RULES:
        problems.add("pause_hours", _("At most %(most)s rules.") % {"most": MOST_RULES})
    known = labels()
    for place, rule in enumerate(rules):
        check_rule(problems, place, rule, known)
        if before := hiding(rules[:place], rule):
            problems.add(
                field_name(place, "name"),
                _("It never holds: rule %(n)s above takes every such case.") % {"n": before},
            )


def check_rule(problems: Problems, place: int, rule: RuleDraft, known: Labels) -> None:
    if rule.name not in ClockName.values:
        problems.add(field_name(place, "name"), _("Choose one of the list."))
    if rule.unit not in ClockUnit.values:
        problems.add(field_name(place, "unit"), _("Choose one of the list."))
    if not rule.amount.is_finite() or rule.amount <= 0:
        problems.add(field_name(place, "amount"), _("More than nothing."))
    elif rule.unit == ClockUnit.HOURS:
        if not policies.LEAST <= rule.amount <= policies.MOST or rule.amount % Decimal("0.01"):
            problems.add(
                field_name(place, "amount"),
                _("Between %(least)s and %(most)s hours, with two decimals.")
                % {"least": policies.LEAST, "most": policies.MOST},
            )
    elif rule.amount % 1 or rule.amount > MOST_DAYS:
        text = _("Whole days, at most %(most)s.") % {"most": MOST_DAYS}
        problems.add(field_name(place, "amount"), text)
    if not 1 <= rule.warn_percent <= 100:
        problems.add(field_name(place, "warn_percent"), _("Between 1 and 100."))
    for fact, values in rule.conditions.items():
        if set(values) - set(known[fact]):
            problems.add(field_name(place, fact), _("Choose one of the list."))


def hiding(above: Iterable[RuleDraft], rule: RuleDraft) -> int | None:
    """The number of a rule above that takes every case this one is for, so far as the table
    itself shows: it asks nothing, or the same and nothing more."""
    for number, one in enumerate(above, start=1):
        if one.name == rule.name and all(
            set(rule.conditions.get(fact, ())) and set(rule.conditions[fact]) <= set(values)
            for fact, values in told(one).items()
        ):
            return number
    return None


# ---------------------------------------------------------------------------- reading
def all_versions() -> list[versions.Version]:
    """Every version with its rules, the one made last first: two statements."""
    rows = ClockPolicy.objects.select_related("made_by").prefetch_related("rules")
    return versions.story(rows, at=now())


def labels() -> Labels:
    """What conditions may name, with its words: three statements."""
    return {
        "kind": {key: str(label) for key, label in Kind.choices},
        "severity": {key: str(label) for key, label in Severity.choices},
        "product": {one.pk: indented(one) for one in Product.objects.order_by("path")},
        "customer_class": {one.pk: one.label for one in CustomerClass.objects.all()},
        "channel": {one.pk: one.label for one in Channel.objects.all()},
    }


def indented(product: Product) -> str:
    """A product under its families, which it counts to."""
    return "— " * (product.path.strip("/").count("/")) + product.label


def condition_words(conditions: Mapping[str, list[Any]], known: Labels) -> str:
    """“Severity: Major · Channel: 12315 platform”; a dash for none."""
    parts = [
        f"{label}: {_(', ').join(named(known[fact], conditions[fact]))}"
        for fact, label in FACTS.items()
        if conditions.get(fact)
    ]
    return " · ".join(parts) or _("all cases")


def named(known: Mapping[Any, str], values: Iterable[Any]) -> list[str]:
    return [str(known.get(value, value)).removeprefix("— ") for value in values]


def rule_words(rule: ClockRule, known: Labels) -> str:
    words = [condition_words(rule.conditions, known), target(rule)]
    words.append(_("warning at %(n)s %%") % {"n": rule.warn_percent})
    words += [_("set by law")] if rule.statutory else []
    words += [] if rule.again else [_("not again after reopening")]
    return " → ".join([words[0], _(", ").join(words[1:])])


def facts(row: ClockPolicy) -> list[tuple[str, Any]]:
    return [(str(PAUSE_LABEL), policies.words(row.pause_hours))]


def table(row: ClockPolicy) -> list[dict[str, Any]]:
    """The rules in their order, in words."""
    known = labels()
    return [
        {
            "position": rule.position,
            "clock": ClockName(rule.name).label if rule.name in ClockName.values else rule.name,
            "conditions": condition_words(rule.conditions, known),
            "target": target(rule),
            "rule": rule,
        }
        for rule in row.rules.all()
    ]


def changes(older: ClockPolicy, newer: ClockPolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it, clock by clock."""
    if older.pause_hours != newer.pause_hours:
        before, after = (policies.words(row.pause_hours) for row in (older, newer))
        yield FieldChange(str(PAUSE_LABEL), before, after)
    same = [[rule_key(rule) for rule in row.rules.all()] for row in (older, newer)]
    if same[0] == same[1]:
        return
    known = labels()
    for name in ClockName:
        before, after = (
            "; ".join(rule_words(rule, known) for rule in row.rules.all() if rule.name == name)
            for row in (older, newer)
        )
        if before != after:
            yield FieldChange(str(name.label), before or "–", after or "–")


def rule_key(rule: ClockRule) -> tuple[Any, ...]:
    return (
        rule.name, rule.conditions, rule.amount, rule.unit, rule.warn_percent, rule.statutory,
        rule.again,
    )  # fmt: skip
