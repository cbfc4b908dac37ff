"""Integrity findings: the list, the page of one, its steps; and proposals out of low scores."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.web.access import only
from accounts.web.own import me
from cases.domain.queries import NEWEST, page as page_of
from cases.permissions import may_open_finding
from cases.web.case_looks import case_look
from cases.web.case_steps import Sent
from cases.web.list_address import marks, pager, words
from surveys import permissions
from surveys.domain import finding_lists, index, periods, policy, proposals
from surveys.domain.finding_lists import VIEWS
from surveys.models import Finding
from surveys.web import finding_page
from surveys.web.steps import take
from surveys.web.tabs import tabs
from workflows.domain.context import now
from workflows.errors import EngineError, NotFound

readers = only(permissions.may_read)
BAD_INPUT = 422


@readers
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    asked, campaign = words(request.GET, "view"), words(request.GET, "campaign", most=30)
    view = asked if asked in VIEWS else "open"
    page = page_of(finding_lists.found(view, campaign=campaign), **marks(request, NEWEST))
    context = {
        "tabs": tabs(request),
        "rows": [(row, finding_page.title(row), finding_page.look(row)) for row in page.rows],
        "chips": chips(view, campaign),
        "page": pager(request, page),
        "low_scores": may_open_finding(request.user),
    }
    return render(request, "surveys/findings.html", context)


def chips(view: str, campaign: str) -> list[dict[str, Any]]:
    names = {"confirmed": _("Confirmed"), "dismissed": _("Dismissed"), "all": _("All")}
    found = [
        chip(label, name == view, view="open" if name == view else name, campaign=campaign)
        for name, label in names.items()
    ]
    if campaign:
        found.append(chip(_("Campaign %(number)s") % {"number": campaign}, True, view=view))
    return found


def chip(label: str, active: bool, **address: str) -> dict[str, Any]:
    given = {name: value for name, value in address.items() if value}
    return {"label": label, "url": f"?{urlencode(given)}", "active": active, "count": None}


def load(number: str) -> Finding:
    finding = finding_lists.by_number(number)
    if finding is None:
        raise Http404
    return finding


@readers
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, load(number))


def page(
    request: HttpRequest, finding: Finding, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    context = finding_page.context(request, finding, sent)
    return render(request, "surveys/finding.html", context, status=status)


@readers
def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Take up, dismiss or confirm."""
    finding = load(number)
    if request.method != "POST":
        return redirect(finding.get_absolute_url())
    subject, sent = take(request, finding, pk, outcome)
    if subject is not None:
        return redirect(finding.get_absolute_url())
    status = sent.status if sent.problem else BAD_INPUT
    return page(request, load(number), sent, status=status)


# ---------------------------------------------------------------------------- low scores
@only(may_open_finding)
def low_scores(request: HttpRequest, code: str = "") -> HttpResponse:
    """What scored low in a period, with what has been proposed; a POST proposes the rest."""
    try:
        period = periods.read(code) if code else periods.half_of(now())
        kept = index.current(period)
    except (ValidationError, NotFound):
        raise Http404 from None
    if request.method == "POST":
        try:
            made = proposals.propose_improvements(period, by=me(request))
            messages.success(request, _("Proposed: %(count)s") % {"count": len(made)})
        except EngineError as refusal:
            messages.error(request, str(refusal))
        return redirect("surveys:low_scores", period.code)
    lows = proposals.low_scores(kept.result, policy.read(kept.policy.document))
    there = proposals.proposed(lows)
    rows = [(low, there.get(low.external_ref)) for low in lows]
    context = {
        "tabs": tabs(request),
        "period": period,
        "limit": kept.policy.document.get("low_score", "80"),
        "before": period.before,
        "after": period.after,
        "rows": [(low, case, case and case_look(case.state)) for low, case in rows],
        "fresh": sum(case is None for _low, case in rows),
    }
    return render(request, "surveys/low_scores.html", context)
