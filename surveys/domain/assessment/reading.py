"""What the yearly assessment of the regional units rests on, read in a few statements."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from surveys.domain import index, ledger, ranking
from surveys.domain.index import Result
from surveys.domain.periods import Period
from surveys.domain.ranking import Ranked
from surveys.enums import CampaignState, FindingState
from surveys.models import Campaign, DeductedCase, Finding, Invitee, Response
from workflows.errors import NotFound


@dataclass(frozen=True)
class Planned:
    """A campaign of the year that concerns a unit; `done` where valid forms came from there."""

    number: str
    title: str
    done: bool
    forms: int


@dataclass(frozen=True)
class Found:
    """A confirmed finding, and how many forms of the unit it took out."""

    number: str
    title: str
    forms: int


@dataclass(frozen=True)
class Charged:
    """A case that was deducted, with its share of the points of its entry."""

    number: str
    title: str
    rule: str
    points: Decimal


@dataclass
class Facts:
    """One unit: its line of each half-year (None where there is none), and what else counts."""

    key: str
    halves: tuple[Ranked | None, Ranked | None] = (None, None)
    campaigns: list[Planned] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    charged: list[Charged] = field(default_factory=list)


def gather(year: Period) -> list[Facts]:
    """Every unit with an answer, an invitation or a charged customer, in the order of names.
    Units that forms do not name are none."""
    halves = [ranked(half) for half in year.halves]
    plan, found, cases = campaigns(year), findings(year), charged(year)
    keys = {key for half in halves for key in half} | set(plan) | set(found) | set(cases)
    return [
        Facts(
            key,
            (halves[0].get(key), halves[1].get(key)),
            plan.get(key, []),
            found.get(key, []),
            cases.get(key, []),
        )
        for key in sorted(keys - {""})
    ]


def result_of(half: Period) -> Result | None:
    try:
        return index.current(half).result
    except NotFound:
        return None


def ranked(half: Period) -> dict[str, Ranked]:
    result = result_of(half)
    return {one.key: one for one in ranking.together(result)} if result else {}


def campaigns(year: Period) -> dict[str, list[Planned]]:
    """Campaigns for the index by unit. A draft concerns every unit: plans open one at the
    beginning of each window, and one that is never launched was not carried out."""
    rows = list(
        Campaign.objects.filter(period__in=[half.code for half in year.halves])
        .exclude(source="")
        .exclude(state__in=(CampaignState.NEW, CampaignState.CANCELLED))
        .order_by("starts_at", "pk")
    )
    asked = pairs(Invitee.objects.filter(campaign__in=rows))
    came = pairs(Response.objects.filter(campaign__in=rows, invalidated_by=None))
    units = {region for _campaign, region in (*asked, *came)}
    found: dict[str, list[Planned]] = defaultdict(list)
    for row in rows:
        launched = row.state == CampaignState.LAUNCHED
        for unit in units:
            forms = came.get((row.pk, unit), 0)
            if not launched or forms or (row.pk, unit) in asked:
                done = launched and forms > 0
                found[unit].append(Planned(row.number, row.title, done, forms))
    return found


def pairs(rows: QuerySet[Any]) -> dict[tuple[int, str], int]:
    """How many there are of each campaign and unit."""
    counted = rows.order_by().values_list("campaign", "region").annotate(n=Count("pk"))
    return {(campaign, region): n for campaign, region, n in counted}


def findings(year: Period) -> dict[str, list[Found]]:
    rows = (
        Finding.objects.filter(
            state=FindingState.CONFIRMED,
            campaign__period__in=[half.code for half in year.halves],
        )
        .filter(~Q(invalidated=None))
        .order_by("pk")
        .values_list("number", "title", "invalidated__region")
        .annotate(n=Count("invalidated"))
    )
    found: dict[str, list[Found]] = defaultdict(list)
    for number, title, region, forms in rows:
        found[region].append(Found(number, title, forms))
    return found


def charged(year: Period) -> dict[str, list[Charged]]:
    """Cases of the year's ledger by the region of their customer; the points of an entry are
    shared evenly among its cases."""
    rows = list(
        DeductedCase.objects.filter(entry__in=ledger.active(year), counted=True)
        .select_related("entry", "case__customer")
        .order_by("case__number")
    )
    size: dict[int, int] = defaultdict(int)
    for row in rows:
        size[row.entry_id] += 1
    found: dict[str, list[Charged]] = defaultdict(list)
    for row in rows:
        points = row.entry.points / size[row.entry_id]
        case = row.case
        found[case.customer.region].append(Charged(case.number, case.title, row.entry.rule, points))
    return found
