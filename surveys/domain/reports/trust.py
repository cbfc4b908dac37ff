"""What was deducted, how far the answers can be relied on, and what became of earlier actions."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.enums import CaseState
from cases.models import Case
from surveys.domain.checks import CHECKS
from surveys.domain.reports import facts as read, words
from surveys.domain.reports.content import Chart, Column, Figure, Limit, Row, Section, Table, Words
from surveys.domain.reports.facts import Facts, Result
from surveys.domain.reports.results import EMPTY
from surveys.domain.reports.words import both, same
from surveys.enums import DeductionRule, FindingState, Mark
from surveys.models import Finding, SignedIndex


# ---------------------------------------------------------------------------- deductions
def deductions(facts: Facts) -> Section:
    """Each rule, below it its entries with their cases, at the end those that wait."""
    names = dict(DeductionRule.choices)
    ledger = f"/satisfaction/ledger/{facts.period.code}/"
    rows: list[Row] = []
    for one in facts.now["deductions"]:
        title = both(names.get(one["rule"], one["rule"]))
        head = (title, Figure(str(one["count"]), link=ledger), Figure(one["points"], link=ledger))
        rows.append(Row(one["rule"], (*head, same(""))))
        rows += entries(one)
    whole = (both(_("Together")), EMPTY, Figure(facts.now["deduction_total"], link=ledger))
    rows.append(Row("total", (*whole, same(""))))
    table = Table(
        "deductions",
        both(_("Deductions with their cases")),
        (
            Column("name", both(_("Deduction rule"))),
            Column("count", both(_("Cases")), "count"),
            Column("points", both(_("Points")), "points"),
            Column("cases", both(_("Numbers"))),
        ),
        tuple(rows),
    )
    return Section("deductions", both(_("Deductions")), (table,))


def entries(one: Result) -> Iterator[Row]:
    for number, entry in enumerate(one["entries"], start=1):
        numbers = same(" ".join(entry["cases"]))
        title = both(_("Entry %(number)s, rules version %(version)s"),
                     number=number, version=entry["policy_version"])  # fmt: skip
        cells = (title, Figure(str(len(entry["cases"]))), Figure(entry["points"]), numbers)
        yield Row(f"{one['rule']}:{number}", cells, 1)
    if one["waiting"]:
        numbers = same(" ".join(one["waiting"]))
        cells = (both(_("Not deducted yet")), Figure(str(len(one["waiting"]))), EMPTY, numbers)
        yield Row(f"{one['rule']}:waiting", cells, 1)


# ---------------------------------------------------------------------------- trust
def trust(facts: Facts) -> Section:
    tables = (rates(facts), findings(facts))
    return Section("trust", both(_("Response rates and integrity")), tables)


def rates(facts: Facts) -> Table:
    rows: list[Row] = []
    for source in facts.now["sources"]:
        link = words.answers(facts.period, source=source["key"])
        rows.append(Row(source["key"], rate_cells(source, words.named(source), link)))
        for part in source["by"]["campaign"]:
            here = f"/satisfaction/campaigns/{part['key']}/board/"
            name = Words(f"{part['key']} {part['name']}", f"{part['key']} {part['name']}", here)
            rows.append(Row(part["key"], rate_cells(part, name, here), 1))
    return Table(
        "rates",
        both(_("Response rates")),
        (
            Column("name", both(_("Source, campaign"))),
            Column("sent", both(_("Sent")), "count"),
            Column("received", both(_("Received")), "count"),
            Column("taken_out", both(_("Taken out")), "count"),
            Column("valid", both(_("Valid forms")), "count"),
            Column("rate", both(_("Response rate")), "percent"),
            Column("valid_rate", both(_("Valid rate")), "percent"),
        ),
        tuple(rows),
        charts=(Chart("column", "name", ("valid_rate",), level=0, limit=limit(facts)),),
        note=used_anyway(facts),
    )


def rate_cells(line: Result, name: Words, link: str) -> tuple[Any, ...]:
    marks = (str(Mark.NOT_REPRESENTATIVE),) if line["representative"] is False else ()
    sent = line["sent"]
    return (
        name,
        Figure(None if sent is None else str(sent), link=link),
        Figure(str(line["received"]), link=link),
        Figure(str(line["received"] - line["n"])),
        Figure(str(line["n"]), link=link),
        Figure(line["rate"], "%", link=link, marks=marks),
        Figure(line["valid_rate"], "%", marks=marks),
    )


def limit(facts: Facts) -> Limit:
    threshold = facts.now["threshold"]
    return Limit(both(_("Representative from %(rate)s %%"), rate=threshold), threshold)


def used_anyway(facts: Facts) -> Words:
    """The limit, and why a result below it was used: the reason of whoever signed the index."""
    signed = SignedIndex.objects.filter(period=facts.period.code).exclude(reason="")
    last = signed.order_by("-number").values_list("reason", flat=True).first()
    said = _("Below %(threshold)s %% valid forms a result is not representative.")
    limit = both(said, threshold=facts.now["threshold"])
    if last is None:
        return limit
    because = both(_("Used because: %(reason)s"), reason=last)
    return Words(f"{limit.zh}{because.zh}", f"{limit.en} {because.en}")


def findings(facts: Facts) -> Table:
    rows = tuple(finding_row(one) for one in read.findings(facts.period))
    return Table(
        "findings",
        both(_("Integrity findings")),
        (
            Column("name", both(_("Finding"))),
            Column("campaign", both(_("Campaign"))),
            Column("forms", both(_("Forms")), "count"),
            Column("out", both(_("Taken out")), "count"),
            Column("state", both(_("State"))),
            Column("case", both(_("Integrity case"))),
        ),
        rows,
        empty=both(_("The checks found nothing.")),
    )


def finding_row(one: Any) -> Row:
    check = CHECKS.get(one.check_key)
    title = both(check.title) if check else same(one.check_key)
    page = Finding.get_absolute_url(one)
    name = Words(f"{one.number} {title.zh}", f"{one.number} {title.en}", page)
    case = same(one.case.number, link=one.case.get_absolute_url()) if one.case else same("")
    state = both(FindingState(one.state).label)
    campaign = same(one.campaign.number, link=one.campaign.get_absolute_url())
    forms = Figure(str(one.forms), link=page)
    return Row(one.number, (name, campaign, forms, Figure(str(one.out), link=page), state, case))


# ---------------------------------------------------------------------------- earlier actions
def earlier(facts: Facts) -> Section:
    rows = tuple(action_row(case) for case in read.improvements(facts.period))
    table = Table(
        "improvements",
        both(_("Improvements that earlier periods called for")),
        (
            Column("name", both(_("Case"))),
            Column("owner", both(_("Owner"))),
            Column("ordered", both(_("Actions")), "count"),
            Column("done", both(_("Closed")), "count"),
            Column("state", both(_("State"))),
            Column("at", both(_("Closed on"))),
        ),
        rows,
        empty=both(_("Earlier periods called for no improvement that was still open.")),
    )
    return Section("earlier", both(_("Status of earlier improvement actions")), (table,))


def action_row(case: Any) -> Row:
    page = Case.get_absolute_url(case)
    department = case.department
    owner = (
        Words(department.name, department.name_en or department.name) if department else same("–")
    )
    return Row(
        case.number,
        (
            same(f"{case.number} {case.title}", link=page),
            owner,
            Figure(str(case.ordered), link=page),
            Figure(str(case.done), link=page),
            both(CaseState(case.state).label),
            same(f"{timezone.localtime(case.closed_at):%Y-%m-%d}" if case.closed_at else ""),
        ),
    )
