"""Compiled from the surveys: the index with its trend, lowest results, return, made-up answers."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from surveys.domain import index
from surveys.domain.periods import Period
from surveys.domain.reviews.compiling import compiles
from surveys.domain.reviews.parts import About, Part, Row, address, both, cell, named, part, row
from surveys.enums import FindingState as F
from surveys.models import Finding
from workflows.errors import Conflict, NotFound

# The period and those before it that show the trend.
TREND = 4
LOWEST = 10


@compiles("index")
def index_and_trend(about: About) -> Part | None:
    """The index of the period and of those before it, with gross, deductions and band."""
    found = [(period, result) for period in back(about.period) if (result := indexed(period))]
    if not found or found[0][0] != about.period:
        return None
    now_, before = found[0][1], found[1][1] if len(found) > 1 else None
    summary = both(
        _("Index %(net)s (%(band)s); the period before: %(before)s."),
        net=now_["net"],
        band=named(now_["band"] or "–", now_["band_en"] or "–"),
        before=before["net"] if before else "–",
    )
    return part(
        "index",
        _("Satisfaction index and trend"),
        summary,
        (_("Period"), _("Gross"), _("Deductions"), _("Index"), _("Band")),
        [of_period(period, result) for period, result in found],
    )


def back(period: Period) -> Iterator[Period]:
    """The period and those before it, the latest first."""
    for _turn in range(TREND):
        yield period
        period = period.before


def indexed(period: Period) -> dict[str, Any] | None:
    """The index as it stands; None where no rules hold or nothing at all is known."""
    try:
        result: dict[str, Any] = index.current(period).result
    except (NotFound, Conflict):
        return None
    return result if result["band"] else None


def of_period(period: Period, result: dict[str, Any]) -> Row:
    link = f"/satisfaction/index/{period.code}/"
    return row(
        period.code,
        cell(both(lambda: period.label), link),
        result["gross"],
        result["deduction_total"],
        cell(result["net"], link),
        named(result["band"], result["band_en"]),
    )


@compiles("low_items")
def lowest(about: About) -> Part | None:
    """The sub-items with the lowest scores among those with enough answers."""
    result = indexed(about.period)
    if result is None:
        return None
    rows = sorted(scores(about, result), key=lambda one: one[0])[:LOWEST]
    if not rows:
        return None
    return part(
        "low_items",
        _("Lowest results of the surveys"),
        both(_("The lowest score is %(score)s."), score=f"{rows[0][0]:.2f}"),
        (_("Source"), _("Item"), _("Score"), _("Answers")),
        [one for _score, one in rows],
    )


def scores(about: About, result: dict[str, Any]) -> Iterator[tuple[float, Row]]:
    for source in result["sources"]:
        link = f"/satisfaction/index/{about.period.code}/{source['key']}/"
        for item in source["items"]:
            for sub in item["subitems"]:
                if sub["score"] is not None and not sub["below_minimum"]:
                    yield (
                        float(sub["score"]),
                        row(
                            f"{source['key']}:{sub['key']}",
                            cell(named(source["name"], source["name_en"]), link),
                            named(sub["name"], sub.get("name_en", "")),
                            sub["score"],
                            sub["n"],
                        ),
                    )


@compiles("response_rates")
def response_rates(about: About) -> Part | None:
    """What came back of each source, and whether it may stand for all."""
    result = indexed(about.period)
    if result is None:
        return None
    rows = [
        row(
            source["key"],
            cell(
                named(source["name"], source["name_en"]),
                f"/satisfaction/index/{about.period.code}/{source['key']}/",
            ),
            source["sent"],
            source["received"],
            f"{source['rate']} %" if source["rate"] is not None else "–",
            both(_("Representative") if source["representative"] else _("Not representative")),
        )
        for source in result["sources"]
    ]
    weak = sum(not source["representative"] for source in result["sources"])
    return part(
        "response_rates",
        _("Surveys and their return"),
        both(_("%(weak)s of %(all)s sources are not representative."), weak=weak, all=len(rows)),
        (_("Source"), _("Sent"), _("Forms received"), _("Return"), _("Representative")),
        rows,
    )


@compiles("integrity")
def integrity(about: About) -> Part:
    """Findings about made-up answers in the campaigns of the period: one statement."""
    halves = [half.code for half in about.period.halves]
    rows = list(
        Finding.objects.filter(campaign__period__in=halves)
        .order_by("campaign__number")
        .values_list("campaign__number", "campaign__title")
        .annotate(
            open=Count("pk", filter=Q(state__in=(F.PROPOSED, F.PURSUED))),
            confirmed=Count("pk", filter=Q(state=F.CONFIRMED)),
            dismissed=Count("pk", filter=Q(state=F.DISMISSED)),
        )
    )
    views = ("open", "confirmed", "dismissed")
    return part(
        "integrity",
        _("Integrity of the answers"),
        both(
            _("Findings: %(open)s open, %(confirmed)s confirmed, %(dismissed)s dismissed."),
            **{name: sum(one[2 + place] for one in rows) for place, name in enumerate(views)},
        ),
        (_("Campaign"), _("Open"), _("Confirmed"), _("Dismissed")),
        [
            row(
                number,
                cell(f"{number} {title}", f"/satisfaction/campaigns/{number}/"),
                *(
                    cell(count, address("/satisfaction/findings/", view=view, campaign=number))
                    for view, count in zip(views, counts, strict=True)
                ),
            )
            for number, title, *counts in rows
        ],
    )
