"""The yearly assessment of the regional units: the sheet, one unit, and the documents of both."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.web.access import only
from cases.models import Case
from cases.web.documents import answer, language, marks
from cases.web.list_address import words
from surveys import permissions
from surveys.documents import assessment as paper
from surveys.domain import policies, policy as rules_of
from surveys.domain.assessment import points, policy, reading
from surveys.domain.assessment.points import Assessed
from surveys.domain.periods import Period
from surveys.domain.reports.freezing import company
from surveys.enums import DeductionRule
from surveys.models import AssessmentPolicy
from surveys.web.downloads import downloads
from surveys.web.index_page import answers_url, latest, period_of
from surveys.web.tabs import tabs

readers = only(permissions.may_read)
KINDS = (("xlsx", "Excel"), ("pdf", "PDF"), ("docx", "Word"))


@readers
@require_safe
def page(request: HttpRequest, code: str = "") -> HttpResponse:
    """All units, the best first; with `unit` one of them and what stands behind its figures."""
    year = year_of(code)
    rules, threshold, units = assessed(year)
    key = words(request.GET, "unit", most=60)
    alone = next((one for one in units if one.key == key), None)
    if key and alone is None:
        raise Http404
    context = {
        "tabs": tabs(request),
        "year": year,
        "years": near(year),
        "rows": [shown(year, one) for one in units],
        "alone": shown(year, alone) if alone else None,
        "cases": cases(request, alone) if alone else [],
        "rules": policy.facts(rules),
        "threshold": threshold,
        "downloads": offered(year, key),
    }
    template = "surveys/assessment_unit.html" if alone else "surveys/assessment.html"
    return render(request, template, context)


@readers
@require_safe
def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The sheet as a document, or one unit's own; `lang` chooses the language."""
    year = year_of(code)
    if kind not in dict(KINDS):
        raise Http404
    rules, threshold, units = assessed(year)
    key = words(request.GET, "unit", most=60)
    if key:
        units = [one for one in units if one.key == key]
        if not units:
            raise Http404
    with override(language(request)):
        made = paper.document(
            year, units, policy=rules, company=company().label, threshold=threshold,
            **marks(request),
        )  # fmt: skip
        name = f"assessment-{year.code}{'-' + key if key else ''}"
        return answer(made, kind, name, lists=paper.lists(units))


# ---------------------------------------------------------------------------- parts
def year_of(code: str) -> Period:
    """The year of a code; a half-year is part of none here."""
    year = period_of(code) if code else Period(latest().year)
    if year.half:
        raise Http404
    return year


def assessed(year: Period) -> tuple[AssessmentPolicy, Decimal, list[Assessed]]:
    rules = policy.judging(year)
    index_policy = policies.in_force(year)
    threshold = rules_of.read(index_policy.document).threshold if index_policy else Decimal(0)
    return rules, threshold, points.assess(reading.gather(year), rules, threshold=threshold)


def near(year: Period) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "url": reverse("surveys:assessment_of", args=[one.code]),
            "active": one == year,
            "count": None,
        }
        for one in (year.before, year, year.after)
    ]


def shown(year: Period, one: Assessed) -> dict[str, Any]:
    """A line with the list behind each of its figures."""
    here = reverse("surveys:assessment_of", args=[year.code]) + f"?{urlencode({'unit': one.key})}"
    return {
        "one": one,
        "url": here,
        "halves": [
            {"rank": line, "url": answers_url(half, region=one.key)}
            for half, line in zip(year.halves, one.facts.halves, strict=True)
        ],
        "forms_url": answers_url(year, region=one.key),
        "planned": len(one.facts.campaigns),
    }


def cases(request: HttpRequest, one: Assessed) -> list[dict[str, Any]]:
    """Deducted cases; a link only where the reader may see the case."""
    user: Any = request.user
    numbers = [row.number for row in one.facts.charged]
    visible = set(
        Case.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True)
    )
    names = dict(DeductionRule.choices)
    return [
        {"row": row, "rule": names.get(row.rule, row.rule), "visible": row.number in visible}
        for row in one.facts.charged
    ]


def offered(year: Period, key: str) -> list[dict[str, str]]:
    """The documents of this page; of one unit, where it shows one."""
    found = downloads("surveys:assessment_file", [year.code], *KINDS)
    more = f"&{urlencode({'unit': key})}" if key else ""
    return [{**one, "url": one["url"] + more} for one in found]
