"""What the page of a ledger shows: its headings, and its entries page by page."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from accounts.models import User
from cases.models import Case
from surveys.domain import ledger, ledger_reasons, policy as rules_of, standing
from surveys.domain.figures import points
from surveys.domain.periods import Period
from surveys.domain.policy import Policy
from surveys.enums import DeductionRule
from surveys.models import DeductedCase, DeductionEntry, SatisfactionPolicy

SIZE = 50
# An entry may count thousands of cases; the page names so many of each.
MOST_CASES = 30


@dataclass(frozen=True)
class Heading:
    """A rule with what counts under it: `every` and `each` of the policy, `until` the next."""

    rule: str
    count: int
    entries: int
    points: Decimal
    every: int = 0
    each: Decimal = Decimal(0)

    @property
    def label(self) -> str:
        return str(DeductionRule(self.rule).label)

    @property
    def taken(self) -> str:
        return minus(self.points)

    @property
    def cost(self) -> str:
        return points(self.each)

    @property
    def until(self) -> int:
        """How many more bring the next entry; 0 where none does."""
        return self.every - self.count % self.every if self.every and self.each else 0


@dataclass
class Line:
    """An entry as it is read: cases as (number, whether this person may open it)."""

    row: DeductionEntry
    reversed_by: int | None
    cases: list[tuple[str, bool]] = field(default_factory=list)
    more: int = 0

    @property
    def label(self) -> str:
        return str(DeductionRule(self.row.rule).label)

    @property
    def is_reversal(self) -> bool:
        return self.row.reverses_id is not None

    @property
    def points(self) -> str:
        """As it changes the index."""
        return ("+" if self.is_reversal else "−") + points(self.row.points)

    @property
    def reasons(self) -> list[str]:
        return list(ledger_reasons.sentences(self.row.reason))


def minus(value: Decimal) -> str:
    return ("−" if value else "") + points(value)


def headings(period: Period, version: SatisfactionPolicy | None) -> list[Heading]:
    """Every rule of the policy, and every other one that an entry names: two statements."""
    policy = rules_of.read(version.document) if version else None
    counts = dict(
        standing.substantiated(period)
        .order_by()
        .values("rule")
        .annotate(found=Count("pk"))
        .values_list("rule", "found")
    )
    entered: dict[str, Any] = {
        row["rule"]: row
        for row in ledger.active(period)
        .order_by()
        .values("rule")
        .annotate(entries=Count("pk"), taken=Sum("points"))
    }
    return [
        heading(rule, counts.get(rule, 0), entered.get(rule, {}), policy)
        for rule in DeductionRule.values
    ]


def heading(rule: str, count: int, row: dict[str, Any], policy: Policy | None) -> Heading:
    found = policy.deduction(rule) if policy else None
    return Heading(
        rule,
        count,
        row.get("entries", 0),
        row.get("taken") or Decimal(0),
        every=found.every if found else 0,
        each=found.points if found else Decimal(0),
    )


def page(period: Period, user: User, *, before: int = 0) -> tuple[list[Line], int]:
    """A page of entries, the latest first, and the key the next one goes on from: four
    statements."""
    rows = DeductionEntry.objects.filter(period=period.code).select_related("policy", "by")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("reversed_by").order_by("-pk")[: SIZE + 1])
    shown = found[:SIZE]
    lines = {row.pk: Line(row, reversal_of(row)) for row in shown}
    name_cases(lines, user)
    return list(lines.values()), shown[-1].pk if len(found) > SIZE else 0


def reversal_of(row: DeductionEntry) -> int | None:
    reversal = getattr(row, "reversed_by", None)
    return reversal.pk if reversal else None


def name_cases(lines: dict[int, Line], user: User) -> None:
    """The cases of each entry, oldest first; a reversal names those of what it takes back."""
    wanted = {line.row.reverses_id or pk for pk, line in lines.items()}
    rows = DeductedCase.objects.filter(entry__in=wanted).order_by("entry", "pk")
    named: dict[int, list[tuple[int, str]]] = defaultdict(list)
    counts: Counter[int] = Counter()
    for entry, case, number in rows.values_list("entry", "case", "case__number"):
        counts[entry] += 1
        if len(named[entry]) < MOST_CASES:
            named[entry].append((case, number))
    keys = {case for found in named.values() for case, _number in found}
    visible = set(Case.objects.filter(pk__in=keys).visible_to(user).values_list("pk", flat=True))
    for pk, line in lines.items():
        entry = line.row.reverses_id or pk
        line.cases = [(number, case in visible) for case, number in named[entry]]
        line.more = counts[entry] - len(line.cases)
