"""The ledger of a period on screen: entries with their cases, reversals, the sum."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.web.access import only
from accounts.web.own import me
from surveys.domain import ledger_page, periods, policies
from surveys.domain.periods import Period
from surveys.permissions import may_read
from surveys.web.tabs import tabs
from workflows.domain.context import now

readers = only(may_read)


@readers
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    return redirect("surveys:ledger", periods.half_of(now()).code)


@readers
@require_safe
def ledger(request: HttpRequest, period: str) -> HttpResponse:
    found = read(period)
    version = policies.in_force(found)
    before = request.GET.get("before", "")
    lines, following = ledger_page.page(
        found, me(request), before=int(before[:18]) if before.isascii() and before.isdigit() else 0
    )
    headings = ledger_page.headings(found, version)
    page = {
        "period": found,
        "whole": Period(found.year),
        "version": version,
        "headings": headings,
        "total": ledger_page.minus(sum((one.points for one in headings), Decimal(0))),
        "lines": lines,
        "page": {
            "next_url": f"?before={following}" if following else "",
            "prev_url": "?" if before else "",
        },
        "tabs": tabs(request),
    }
    return render(request, "surveys/ledger.html", page)


def read(code: str) -> Period:
    try:
        return periods.read(code)
    except ValidationError:
        raise Http404 from None
