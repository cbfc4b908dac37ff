"""The ranking of the regional units: screen, PDF and Excel out of one reading."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, override
from django.views.decorators.http import require_safe

from accounts.web.access import only
from cases.web.documents import answer, language, marks
from surveys import permissions
from surveys.documents import ranking as paper
from surveys.domain import ranking
from surveys.domain.index import Result
from surveys.domain.periods import Period
from surveys.domain.ranking import Ranked
from surveys.domain.reports.freezing import company
from surveys.web.downloads import downloads
from surveys.web.index_page import answers_url, latest, near, period_of, stored
from surveys.web.source_page import result_of, source_in
from surveys.web.tabs import tabs
from surveys.web.words import label_of

readers = only(permissions.may_read)
KINDS = (("xlsx", "Excel"), ("pdf", "PDF"), ("docx", "Word"))


@readers
@require_safe
def page(request: HttpRequest, code: str = "") -> HttpResponse:
    """Together and within each source from the best to the worst, with interval and rate."""
    period = period_of(code) if code else latest()
    result = result_of(period)
    context = {
        "tabs": tabs(request),
        "period": period,
        "periods": [
            {**one, "url": one["url"].replace("/index/", "/ranking/")} for one in near(period)
        ],
        "minimum": result["minimum_n"],
        "threshold": result["threshold"],
        "boards": [
            {"label": label, "rows": [shown(period, source, one) for one in units]}
            for source, label, units in boards(result, stored(period.before))
        ],
        "downloads": downloads("surveys:ranking_file", [period.code], *KINDS),
    }
    return render(request, "surveys/ranking.html", context)


@readers
@require_safe
def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """As a document; `lang` chooses the language."""
    period = period_of(code)
    if kind not in dict(KINDS):
        raise Http404
    result = result_of(period)
    with override(language(request)):
        found = boards(result, stored(period.before))
        given = marks(request)
        made = paper.document(
            period, [(label, units) for _source, label, units in found],
            company=company().label, threshold=result["threshold"], minimum=result["minimum_n"],
            **given,
        )  # fmt: skip
        return answer(made, kind, f"ranking-{period.code}")


# ---------------------------------------------------------------------------- parts
def boards(result: Result, before: Result | None) -> list[tuple[str, str, list[Ranked]]]:
    """(source or nothing, title, units): together first."""
    found = [("", str(_("All sources together")), ranking.together(result, before))]
    for source in result["sources"]:
        units = ranking.of_source(source, source_in(before, source["key"]))
        found.append((source["key"], label_of(source), units))
    return found


def shown(period: Period, source: str, one: Ranked) -> dict[str, Any]:
    change, moved = one.change, one.moved
    return {
        "unit": one,
        "label": one.name or _("Not stated"),
        "change": "" if change is None else f"{change:+f}".replace("-", "−"),
        "moved": "" if moved is None else f"{moved:+d}".replace("-", "−") if moved else "0",
        "url": answers_url(period, source=source, region=one.key),
    }
