"""The deduction ledger of a half-year or year: entries that name their cases, never edited.

An entry stands as long as all its cases count under its rule and the policy in force deducts
the same for it; otherwise it is reversed, and the cases left form new entries, oldest first.
Everything that writes into one period queues on its PeriodLedger row.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from cases.domain.counting import ENTRANCE, OUT, counts
from cases.enums import PROCESSED
from cases.models import Case
from surveys.domain import ledger_reasons, periods, policies, policy as rules_of
from surveys.domain.periods import Period
from surveys.domain.standing import heading, substantiated, within
from surveys.models import DeductedCase, DeductionEntry, PeriodLedger, SatisfactionPolicy
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.scheduler import chore
from workflows.domain.transitions import business_transaction
from workflows.models import Outbox, Transition

NET = timedelta(minutes=10)


@dataclass(frozen=True)
class Book:
    """A period's ledger, open for writing: its lock is held."""

    period: Period
    version: SatisfactionPolicy
    rules: rules_of.Policy
    at: datetime
    by: User | None

    @property
    def live(self) -> list[str]:
        """The headings under which anything is deducted."""
        return [one.rule for one in self.rules.deductions if one.points > 0]

    @property
    def active(self) -> QuerySet[DeductionEntry]:
        return active(self.period)


def active(period: Period) -> QuerySet[DeductionEntry]:
    """The entries of a period that stand: no reversals, none reversed."""
    return DeductionEntry.objects.filter(period=period.code, reverses=None, reversed_by=None)


def reconcile(period: Period, *, at: datetime, by: User | None = None) -> int:
    """Make the ledger what it should be; how many entries that took. A constant number of
    statements, however many cases there are."""
    with business_transaction():
        book = opened(period, at, by)
        return settle(book) if book else 0


def follow(period: Period, case: int, *, at: datetime) -> int:
    """Reconcile if this case does not stand as it should: of a thousand changes that wait to be
    followed, the first one settles them all and the others find nothing to do."""
    with business_transaction():
        book = opened(period, at, None)
        return settle(book, case) if book and not stands_right(book, case) else 0


def opened(period: Period, at: datetime, by: User | None) -> Book | None:
    """Lock the ledger of a period; None where no policy holds. The policy is read behind the
    lock: whoever waited sees what was published meanwhile."""
    rows = PeriodLedger.objects.select_for_update().filter(period=period.code)
    if not rows:
        PeriodLedger.objects.bulk_create([PeriodLedger(period=period.code)], ignore_conflicts=True)
        PeriodLedger.objects.select_for_update().get(period=period.code)
    version = policies.in_force(period)
    return Book(period, version, rules_of.read(version.document), at, by) if version else None


def stands_right(book: Book, case: int) -> bool:
    """Whether the case is in an entry of its rule, or in none because it does not count."""
    rule = substantiated(book.period).filter(pk=case).values_list("rule", flat=True).first()
    held = DeductedCase.objects.filter(period=book.period.code, case=case, counted=True)
    entered = held.values_list("entry__rule", flat=True).first()
    return entered == (rule if rule in book.live else None)


def settle(book: Book, case: int | None = None) -> int:
    """Reverse what no longer stands (looking at the entry of one `case` only), enter what is not
    entered."""
    written = reverse(book, case) + enter(book)
    PeriodLedger.objects.filter(period=book.period.code).update(checked_at=book.at)
    return written


# ---------------------------------------------------------------------------- reversals
def reverse(book: Book, case: int | None) -> int:
    """Write a reversal for every entry that no longer stands and set its cases free."""
    reasons = broken(book, case)
    ended = Q(pk__in=list(reasons)) | (ruled_otherwise(book) if case is None else Q())
    entries = list(book.active.filter(ended))
    if not entries:
        return 0
    policy_changed = ledger_reasons.policy_changed(book.version.number)
    DeductionEntry.objects.bulk_create(
        DeductionEntry(
            period=entry.period,
            rule=entry.rule,
            points=entry.points,
            policy_id=entry.policy_id,
            reverses=entry,
            reason=reasons.get(entry.pk, policy_changed),
            at=book.at,
            by=book.by,
        )
        for entry in entries
    )
    DeductedCase.objects.filter(
        period=book.period.code, entry__reversed_by__isnull=False, counted=True
    ).release()
    return len(entries)


def broken(book: Book, case: int | None) -> dict[int, str]:
    """Entries with a case that no longer counts under their rule: {entry: why}."""
    held = DeductedCase.objects.filter(period=book.period.code, counted=True).annotate(
        rule=heading("case__")
    )
    if case is not None:
        held = held.filter(entry__in=list(held.filter(case=case).values_list("entry", flat=True)))
    right = counts("case__") & within(book.period, "case__") & Q(rule=F("entry__rule"))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = held.exclude(right).order_by("entry", "pk")
    for entry, number, state, rule in rows.values_list(
        "entry", "case__number", "case__state", "rule"
    ):
        found[entry].append((ledger_reasons.cause(state, rule), number))
    return {entry: ledger_reasons.left(causes) for entry, causes in found.items()}


def ruled_otherwise(book: Book) -> Q:
    """The entries written under a version that deducted something else under their rule."""
    others = book.active.exclude(policy=book.version).values_list("policy", "rule").distinct()
    pairs = set(others.order_by())
    if not pairs:
        return Q()
    versions = SatisfactionPolicy.objects.in_bulk({version for version, _rule in pairs})
    stale = Q()
    for key, rule in sorted(pairs):
        if rules_of.read(versions[key].document).deduction(rule) != book.rules.deduction(rule):
            stale |= Q(policy=key, rule=rule)
    return stale


# ---------------------------------------------------------------------------- new entries
def enter(book: Book) -> int:
    """Write entries for the cases that none names yet; fewer than a full one wait."""
    waiting = uncovered(book)
    parts = [
        (deduction, cases[start : start + deduction.every])
        for deduction in book.rules.deductions
        for cases in [waiting.get(deduction.rule, [])]
        for start in range(0, len(cases) - deduction.every + 1, deduction.every)
    ]
    if not parts:
        return 0
    entries = DeductionEntry.objects.bulk_create(
        DeductionEntry(
            period=book.period.code,
            rule=deduction.rule,
            points=deduction.points,
            policy=book.version,
            reason=ledger_reasons.REACHED,
            at=book.at,
            by=book.by,
        )
        for deduction, _cases in parts
    )
    DeductedCase.objects.bulk_create(
        DeductedCase(entry=entry, period=entry.period, case_id=case)
        for entry, (_deduction, cases) in zip(entries, parts, strict=True)
        for case in cases
    )
    return len(entries)


def uncovered(book: Book) -> dict[str, list[int]]:
    """Cases that count but stand in no entry, by rule, oldest first."""
    named = DeductedCase.objects.filter(period=book.period.code, case=OuterRef("pk"), counted=True)
    rows = (
        substantiated(book.period)
        .filter(~Exists(named), rule__in=book.live)
        .order_by("received_at", "pk")
        .values_list("rule", "pk")
    )
    waiting: dict[str, list[int]] = defaultdict(list)
    for rule, case in rows:
        waiting[rule].append(case)
    return waiting


# ---------------------------------------------------------------------------- when
@outbox.handles("transition")
def follow_case(row: Outbox) -> None:
    """What changes whether or how a case counts is followed in the ledgers of its periods."""
    if row.payload.get("kind", "case") != "case":
        return
    matters = (
        Q(from_state__in=sorted(ENTRANCE))
        | Q(to_state__in=sorted(OUT))
        | Q(act__in=("confirm_flag", "revoke_flag", "raise_severity", "lower_severity"))
    )
    moved = Transition.objects.filter(matters, pk=row.payload["transition"], subject_kind="case")
    found = moved.values_list("subject_id", flat=True).first()
    if found is None:
        return
    case = Case.objects.filter(pk=found, kind__in=sorted(PROCESSED)).only("received_at").first()
    if case is not None:
        for period in periods.holding(case.received_at):
            follow(period, case.pk, at=now())


@outbox.handles(policies.PUBLISHED)
def follow_policy(row: Outbox) -> None:
    """A version that is published rules every period from its day on, the past ones too."""
    version = SatisfactionPolicy.objects.get(pk=row.payload["policy"])
    known = PeriodLedger.objects.order_by("period").values_list("period", flat=True)
    ruled = [one for one in map(periods.read, known) if one.first_day >= version.holds_from]
    reconcile_all(ruled, at=now(), by=version.published_by)


@chore("ledger", every=NET)
def catch_up() -> int:
    """The net below the effects: the periods of today and those before them."""
    todays = periods.holding(now())
    return reconcile_all([*todays, *(period.before for period in todays)], at=now())


def reconcile_all(these: Iterable[Period], *, at: datetime, by: User | None = None) -> int:
    return sum(reconcile(period, at=at, by=by) for period in these)


# ---------------------------------------------------------------------------- figures
def total(period: Period) -> Decimal:
    """The points that stand: entries less reversals."""
    return sum(active(period).values_list("points", flat=True), Decimal(0))
