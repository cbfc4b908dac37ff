"""What a period would have been under other rules, and what one more complaint costs (试算)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from surveys.domain import deductions, index, periods, policies, policy as rules_of
from surveys.domain.deductions import Line
from surveys.domain.periods import Period
from surveys.domain.policy import Named
from surveys.enums import DeductionRule
from workflows.domain.context import now

Result = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A line of the index under both rules; None where it has no figure. `kind` is "source",
    "deduction" or "sum", `key` the source, the rule or the name of the sum."""

    kind: str
    key: str
    label: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Cost:
    """What the next case under a rule would take off, and after how many more `each` is due."""

    rule: str
    points: Decimal
    until: int
    each: Decimal

    @property
    def label(self) -> str:
        return str(DeductionRule(self.rule).label)


@dataclass(frozen=True)
class WhatIf:
    """`before` is the index as it stands, None where no policy holds; `costs` under the new
    rules, with the cases of the period as they are."""

    period: Period
    before: Result | None
    after: Result
    changes: tuple[Change, ...]
    costs: tuple[Cost, ...]

    @property
    def band(self) -> str:
        return Named(self.after["band"] or "", self.after["band_en"] or "").label


def last_period() -> Period:
    """The half-year that has ended."""
    return periods.half_of(now()).before


def what_if(document: Any, period: Period) -> WhatIf:
    """The period under the rules of a document. Raises ValidationError for a bad one."""
    rules = rules_of.read(document)
    lines = deductions.supposed(period, rules)
    after = index.compute(period, rules, lines=lines)
    before = index.current(period).result if policies.in_force(period) else None
    return WhatIf(period, before, after, tuple(changes(before or {}, after)), tuple(costs(lines)))


def changes(before: Result, after: Result) -> Iterator[Change]:
    """Line by line, from the sources down to the index."""
    yield from rows("source", before, after, "sources", "key", "contribution")
    yield total("gross", before, after)
    for one in rows("deduction", before, after, "deductions", "rule", "points"):
        yield replace(one, before=taken(one.before), after=taken(one.after))
    yield total("net_before_floor", before, after)
    yield total("net", before, after)


def rows(
    kind: str, before: Result, after: Result, table: str, key: str, figure: str
) -> Iterator[Change]:
    old, new = (
        {row[key]: decimal(row[figure]) for row in result.get(table, ())}
        for result in (before, after)
    )
    labels = {
        row[key]: label_of(kind, row) for result in (before, after) for row in result.get(table, ())
    }
    for name, label in labels.items():
        yield Change(kind, name, label, old.get(name), new.get(name))


def label_of(kind: str, row: Result) -> str:
    if kind == "deduction":
        return str(DeductionRule(row["rule"]).label)
    return Named(row["name"], row["name_en"]).label


def total(name: str, before: Result, after: Result) -> Change:
    labels = {
        "gross": _("Before deductions"),
        "net_before_floor": _("After deductions"),
        "net": _("Index"),
    }
    return Change("sum", name, labels[name], decimal(before.get(name)), decimal(after[name]))


def decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def taken(points: Decimal | None) -> Decimal | None:
    return None if points is None else -points


def costs(lines: Iterable[Line]) -> Iterator[Cost]:
    """One more general complaint costs nothing nine times and 0.2 the tenth time."""
    for line in lines:
        until = line.every - len(line.cases) % line.every
        yield Cost(line.rule, line.each if until == 1 else Decimal(0), until, line.each)
