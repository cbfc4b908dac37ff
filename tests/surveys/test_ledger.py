"""The deduction ledger: which cases count, where they stand, and that nothing is ever edited."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.enums import CaseState, Kind
from cases.models import Case
from surveys.domain import ledger, periods, policies
from surveys.domain.periods import Period
from surveys.models import DeductedCase, DeductionEntry, PeriodLedger
from tests import factories
from tests.factories import PASSWORD, bring, do, log
from tests.incidents import bring_incident, incident as log_incident
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.transitions import intervene
from workflows.errors import OutsideEngine
from workflows.models import Outbox

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def c(company):
    policies.ensure_policy()
    return company


def this_half() -> Period:
    return periods.half_of(now())


def counted(c, count: int, **given) -> list[Case]:
    """Complaints that were triaged, received one after the other."""
    start = now() - timedelta(minutes=count)
    return [
        bring(c, CaseState.STATEMENT, log(c, received_at=start + timedelta(minutes=n), **given))
        for n in range(count)
    ]


def settle(period: Period | None = None) -> int:
    return ledger.reconcile(period or this_half(), at=now())


def follow() -> None:
    """Let everything that waits in the outbox be carried out, as the relay does."""
    while outbox.drain(1000):
        pass
    assert not Outbox.objects.filter(sent=None).exists()


def standing(period: Period | None = None) -> list[tuple[str, Decimal, list[str]]]:
    """What stands: rule, points and the case numbers of each entry."""
    entries = ledger.active(period or this_half()).order_by("pk")
    return [
        (entry.rule, entry.points, [one.case.number for one in entry.cases.order_by("pk")])
        for entry in entries
    ]


def numbers(cases) -> list[str]:
    return [case.number for case in cases]


def flag(c, case, flag="media_exposed", *, sets=True):
    return factories.flag(c, case, flag, sets=sets)


# ---------------------------------------------------------------------------- how many
def test_nine_complaints_deduct_nothing(c):
    counted(c, 9)
    assert settle() == 0
    assert standing() == []
    assert ledger.total(this_half()) == 0


def test_the_tenth_complaint_writes_one_entry_that_names_the_ten(c):
    cases = counted(c, 10)
    assert settle() == 1
    assert standing() == [("general", Decimal("0.2"), numbers(cases))]
    assert settle() == 0, "a second run finds nothing to do"


def test_thirty_seven_complaints_deduct_three_times(c):
    cases = counted(c, 37)
    settle()
    found = standing()
    assert [names for _rule, _points, names in found] == [
        numbers(cases[start : start + 10]) for start in (0, 10, 20)
    ]
    assert ledger.total(this_half()) == Decimal("0.6")


def test_the_year_counts_on_its_own(c):
    half = this_half()
    other = half.before if half.half == 2 else half.after
    for number in range(12):
        period = half if number % 2 else other
        case = bring(c, CaseState.STATEMENT)
        Case.objects.filter(pk=case.pk).update(received_at=period.starts_at)
    for period in (half, other, Period(half.year)):
        settle(period)
    assert standing(half) == standing(other) == []
    assert ledger.total(Period(half.year)) == Decimal("0.2")


# ---------------------------------------------------------------------------- which
def test_what_is_not_triaged_or_ended_otherwise_never_counts(c):
    for state in (
        CaseState.ACKNOWLEDGEMENT, CaseState.TRIAGE, CaseState.REJECTED, CaseState.MERGED,
        CaseState.CONVERTED, CaseState.WITHDRAWN,
    ):  # fmt: skip
        bring(c, state)
    log(c, kind=Kind.INQUIRY)
    counted(c, 9)
    settle()
    assert standing() == []


@pytest.mark.parametrize("state", [CaseState.ARBITRATION, CaseState.ACTION, CaseState.CLOSED])
def test_whatever_was_triaged_counts_until_it_ends_and_after(c, state):
    counted(c, 9)
    bring(c, state)
    settle()
    assert len(standing()) == 1


def test_a_case_that_is_reopened_or_handed_back_keeps_counting(c):
    cases = counted(c, 9)
    do(cases[0], "return_to_triage", c.handler, reason="不归我车间")
    closed = bring(c, CaseState.CLOSED)
    settle()
    intervene(closed, "reopen", by=c.lead, reason="复发")
    assert Case.objects.get(pk=closed.pk).state == CaseState.TRIAGE
    assert settle() == 0
    assert len(standing()) == 1


def test_a_case_rejected_after_it_was_reopened_leaves_its_entry(c):
    counted(c, 9)
    closed = bring(c, CaseState.CLOSED)
    settle()
    intervene(closed, "reopen", by=c.lead, reason="复发")
    do(closed, "reject", c.lead, reason="非我司产品")
    follow()
    assert standing() == []
    assert (
        DeductionEntry.objects.get(period=this_half().code, reverses__isnull=False).reason
        == f"rejected {closed.number}"
    )


# ---------------------------------------------------------------------------- headings
def test_a_confirmed_flag_deducts_fifty_and_the_case_leaves_the_general_heading(c):
    cases = counted(c, 10)
    settle()
    flag(c, cases[3])
    settle()
    assert standing() == [("flagged", Decimal(50), [cases[3].number])]
    assert ledger.total(this_half()) == 50


def test_a_revoked_flag_is_reversed_and_the_case_counts_with_the_others_again(c):
    cases = counted(c, 10)
    flag(c, cases[3])
    settle()
    flag(c, Case.objects.get(pk=cases[3].pk), sets=False)
    settle()
    assert standing() == [("general", Decimal("0.2"), numbers(cases))]
    reversal = DeductionEntry.objects.get(reverses__isnull=False)
    assert (reversal.points, reversal.reverses.rule) == (Decimal(50), "flagged")
    assert reversal.reason == f"general {cases[3].number}"


def test_both_flags_deduct_once(c):
    [case] = counted(c, 1)
    flag(c, case)
    flag(c, Case.objects.get(pk=case.pk), "legal_liability")
    settle()
    assert ledger.total(this_half()) == 50


def test_a_flag_on_a_case_that_is_not_triaged_waits(c):
    case = bring(c, CaseState.TRIAGE)
    flag(c, case)
    settle()
    assert standing() == []
    do(case, "accept", c.lead, department=c.workshop)
    settle()
    assert len(standing()) == 1


def test_major_cases_deduct_nothing_and_do_not_count_as_general(c):
    counted(c, 9)
    incident = bring_incident(c, CaseState.CONVENING)
    assert incident.is_major
    do(bring(c, CaseState.TRIAGE), "raise_major", c.lead, department=c.workshop)
    settle()
    assert standing() == []


def test_the_policy_may_deduct_for_major_cases(c):
    version = policies.in_force(this_half())
    version.document["deductions"][2]["points"] = "1.5"
    version.save()
    incident = log_incident(c)
    settle()
    assert standing() == [], "before its investigation an incident is not substantiated"
    bring_incident(c, CaseState.CONVENING, incident)
    settle()
    assert standing() == [("major", Decimal("1.5"), [incident.number])]


# ---------------------------------------------------------------------------- later changes
def test_a_withdrawn_case_in_the_middle_reverses_its_entry_and_the_oldest_form_a_new_one(c):
    cases = counted(c, 25)
    settle()
    first, second = ledger.active(this_half()).order_by("pk")
    intervene(cases[4], "withdraw", by=c.agent, reason="客户撤回")
    assert settle() == 2
    left = cases[:4] + cases[5:10] + cases[20:21]
    assert standing() == [
        ("general", Decimal("0.2"), numbers(cases[10:20])),
        ("general", Decimal("0.2"), numbers(left)),
    ]
    reversal = DeductionEntry.objects.get(reverses=first)
    assert reversal.reason == f"withdrawn {cases[4].number}"
    assert not DeductionEntry.objects.filter(reverses=second).exists()
    assert not first.cases.filter(counted=True).exists()


def test_a_merged_case_leaves_with_its_reason(c):
    cases = counted(c, 10)
    settle()
    do(cases[0], "return_to_triage", c.handler, reason="重复")
    do(cases[0], "merge", c.lead, survivor=cases[1])
    settle()
    assert standing() == []
    assert DeductionEntry.objects.last().reason == f"merged {cases[0].number}"


def test_one_case_stands_under_one_heading_of_a_period(c):
    cases = counted(c, 10)
    settle()
    entry = ledger.active(this_half()).get()
    other = DeductionEntry.objects.create(
        period=entry.period, rule="flagged", points=50, policy=entry.policy, reason="x", at=now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        DeductedCase.objects.create(entry=other, period=entry.period, case=cases[0])


def test_entries_are_never_edited(c):
    counted(c, 10)
    settle()
    entry = ledger.active(this_half()).get()
    named = entry.cases.first()
    for refused in (
        lambda: DeductionEntry.objects.filter(pk=entry.pk).update(points=0),
        lambda: DeductionEntry.objects.filter(pk=entry.pk).delete(),
        lambda: DeductedCase.objects.filter(pk=named.pk).update(counted=False),
        lambda: DeductedCase.objects.filter(pk=named.pk).delete(),
        entry.save, entry.delete, named.save, named.delete,
    ):  # fmt: skip
        with pytest.raises(OutsideEngine):
            refused()


def test_entries_less_reversals_are_the_deduction(c):
    cases = counted(c, 21)
    settle()
    flag(c, cases[0])
    intervene(cases[12], "withdraw", by=c.agent, reason="客户撤回")
    settle()
    rows = DeductionEntry.objects.filter(period=this_half().code)
    signed = sum(row.points if row.reverses_id is None else -row.points for row in rows)
    assert (
        signed
        == ledger.total(this_half())
        == Decimal("50.2") - Decimal("0.2") + Decimal("0.2") * (19 // 10)
    )


# ---------------------------------------------------------------------------- where and when
def test_the_half_year_ends_at_the_companys_midnight(c):
    case = bring(c, CaseState.STATEMENT)
    flag(c, case)
    year = now().year - 1
    last = datetime(year, 6, 30, 23, 59, 59, tzinfo=SHANGHAI)
    for moment, half in ((last, 1), (last + timedelta(seconds=1), 2)):
        Case.objects.filter(pk=case.pk).update(received_at=moment)
        for number in (1, 2):
            settle(Period(year, number))
        assert ledger.total(Period(year, half)) == 50
        assert ledger.total(Period(year, 3 - half)) == 0


def test_every_change_is_followed_through_the_outbox(c):
    half = this_half()
    cases = counted(c, 10)
    follow()
    assert ledger.total(half) == ledger.total(Period(half.year)) == Decimal("0.2")
    flag(c, cases[0])
    follow()
    assert ledger.total(half) == ledger.total(Period(half.year)) == 50
    intervene(Case.objects.get(pk=cases[0].pk), "withdraw", by=c.agent, reason="客户撤回")
    follow()
    assert ledger.total(half) == ledger.total(Period(half.year)) == 0


def test_what_the_effects_missed_the_net_catches(c):
    counted(c, 10)
    assert ledger.catch_up() == 2, "the half-year and the year"
    assert PeriodLedger.objects.count() == 4, "and those before them"


def test_a_chain_of_changes_is_settled_by_the_first_and_the_rest_costs_little(c):
    counted(c, 30)
    follow()
    rows = list(Outbox.objects.filter(topic="transition"))
    with CaptureQueriesContext(connection) as seen:
        for row in rows:
            ledger.follow_case(row)
    written = [one for one in seen if one["sql"].startswith(("UPDATE", "INSERT"))]
    assert len(seen) / len(rows) < 6, "most acts cannot matter and cost one statement"
    assert not written, "nothing was left to settle"


@pytest.mark.parametrize("count", [10, 200])
def test_a_run_costs_the_same_however_many_cases_there_are(c, count):
    [model] = counted(c, 1)
    rows = [Case.objects.get(pk=model.pk) for _turn in range(count - 1)]
    for number, row in enumerate(rows):
        row.pk, row.number, row.form_key = None, f"TS-2000-{number:06d}", None
    Case.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as first:
        assert settle() == count // 10
    with CaptureQueriesContext(connection) as again:
        assert settle() == 0
    assert len(named(first)) == 10, named(first)
    assert len(named(again)) == 6, named(again)


def named(seen) -> list[str]:
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [one["sql"][:90] for one in seen if not one["sql"].startswith(frame)]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_in_whatever_order_the_ledger_says_what_a_count_says(c, seed):
    dice, half = random.Random(seed), this_half()
    cases = counted(c, 24)
    for _turn in range(12):
        case = Case.objects.get(pk=dice.choice(cases).pk)
        if case.has_ended:
            continue
        act = dice.choice(["flag", "flag", "withdraw", "major", "follow"])
        if act == "flag":
            flag(c, case, sets=not case.media_exposed)
        elif act == "withdraw":
            intervene(case, "withdraw", by=c.agent, reason="客户撤回")
        elif act == "major":
            act, by = ("lower", c.manager) if case.is_major else ("raise", c.engineer)
            intervene(case, f"{act}_severity", by=by, reason="重新评估", password=PASSWORD)
            if case.is_major:
                again = Case.objects.get(pk=case.pk)
                do(again, "accept", c.lead, department=c.workshop, severity_reason="单件")
        if dice.random() < 0.7:
            follow()
    follow()
    left = [case for case in Case.objects.all() if case.state != CaseState.WITHDRAWN]
    flagged = sum(case.media_exposed for case in left)
    general = sum(not case.media_exposed and not case.is_major for case in left)
    assert ledger.total(half) == 50 * flagged + general // 10 * Decimal("0.2")
    named = [number for _rule, _points, cases in standing() for number in cases]
    assert len(set(named)) == len(named)
    assert settle() == 0, "following case by case leaves nothing for the net"
