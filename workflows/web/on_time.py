"""How clocks were kept: rates with elapsed, paused and actual time, and the clocks behind them."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Department
from workflows.domain import clock_plans, on_time, registry
from workflows.domain.on_time import ENDED, OPEN, PERIODS, Row
from workflows.models import Clock
from workflows.web.inbox import read_key, sign_key
from workflows.web.overview import NOWHERE, read_place, seers

PERIOD_WORDS = {
    "month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
    "half": gettext_lazy("This half-year"),
    "last_half": gettext_lazy("Last half-year"),
    "year": gettext_lazy("This year"),
}
LIST_WORDS = {
    "overdue": gettext_lazy("Overdue"),
    "at_risk": gettext_lazy("At risk"),
    "paused": gettext_lazy("Paused"),
    "running": gettext_lazy("Running"),
    "all": gettext_lazy("Ended"),
    "on_time": gettext_lazy("Kept"),
    "missed": gettext_lazy("Missed"),
}


def asked_period(request: HttpRequest) -> str:
    name = request.GET.get("period", "")
    return name if name in PERIODS else "half"


@seers
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    name = asked_period(request)
    period = on_time.period(name)
    clocks = on_time.by_clock(user, period)
    places = on_time.by_department(user, period)
    titles, labels = clock_plans.names(), labels_of(places)
    given = {
        "period": period,
        "chips": [
            {"label": words, "url": f"?period={one}", "active": one == name, "count": None}
            for one, words in PERIOD_WORDS.items()
        ],
        "clocks": [shown(row, titles.get(row.key, row.key), name, name=row.key) for row in clocks],
        "places": [
            shown(row, labels[row.key], name, department=row.key or NOWHERE) for row in places
        ],
    }
    return render(request, "workflows/on_time.html", given)


def labels_of(rows: list[Row]) -> dict[str, str]:
    """The departments of rows by their keys: one statement."""
    keys = [int(row.key) for row in rows if row.key]
    found = {str(one.pk): one.label for one in Department.objects.filter(pk__in=keys)}
    return {"": _("No department: by role"), **found}


def shown(row: Row, label: Any, period: str, **what: str) -> dict[str, Any]:
    lists = {which: address(which, period=period, **what) for which in ENDED}
    return {"row": row, "label": label, "urls": lists, "width": f"{row.percent:.1f}"}


def address(which: str, **what: str) -> str:
    query = {"what": which, **{name: value for name, value in what.items() if value}}
    return f"{reverse('workflows:clocks')}?{urlencode(query)}"


@seers
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """The clocks behind a figure."""
    user: Any = request.user
    which = request.GET.get("what", "")
    which = which if which in ENDED or which in OPEN else "overdue"
    name, period = request.GET.get("name", ""), asked_period(request)
    titles = clock_plans.names()
    name = name if name in titles else ""
    place = request.GET.get("department", "")
    departments, label = read_place(place)
    found = on_time.clocks(
        user, which, period=on_time.period(period), name=name, departments=departments
    )
    rows, following = on_time.page(found, which, after=read_key(request.GET.get("after", "")))
    what = {"name": name, "department": place if label else "", "period": period}
    here = address(which, **what)
    given = {
        "rows": [dressed(row, titles) for row in rows],
        "tabs": [
            {"label": words, "url": address(one, **what), "active": one == which, "count": None}
            for one, words in LIST_WORDS.items()
        ],
        "ended": which in ENDED,
        "period": PERIOD_WORDS[period] if which in ENDED else "",
        "place": label,
        "clock": titles.get(name, ""),
        "page": {
            "next_url": f"{here}&after={sign_key(following)}" if following else "",
            "prev_url": here if "after" in request.GET else "",
        },
    }
    return render(request, "workflows/clocks.html", given)


def dressed(clock: Clock, titles: dict[str, Any]) -> dict[str, Any]:
    return {
        "clock": clock,
        "title": titles.get(clock.name, clock.name),
        "link": registry.link(clock.subject_kind, clock.subject_number),
        "hours": [hours(span) for span in (clock.elapsed, clock.paused, clock.actual)],
    }


def hours(span: timedelta | None) -> str:
    """Hours to one place: days of working time are no days of twenty-four hours."""
    return "–" if not span else f"{span / timedelta(hours=1):.1f}"
