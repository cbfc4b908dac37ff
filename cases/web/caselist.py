"""The lists of cases and of corrective actions."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from cases.domain import queries
from cases.domain.options import Options
from cases.domain.queries import CaseFilter
from cases.enums import ActionState, CaseState, Flag, Kind, Severity
from cases.permissions import may_log
from cases.web.case_looks import ACTION_LOOKS, CASE_LOOKS
from workflows.validators import clean_text

KEYS = ("department", "product", "category", "channel", "customer")
MOST_KEY = 2**62


def whole(text: str) -> int:
    """A key from the address; anything that is none counts as none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number < MOST_KEY else 0


def moment(text: str, *, days: int = 0) -> datetime | None:
    """The start of a day of the company, `days` later."""
    try:
        day = parse_date(text)
        if day is None or not 1900 < day.year < 2200:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
    except ValueError:
        return None


def read_filter(request: HttpRequest) -> CaseFilter:
    """The filter from the address; what it does not know it ignores."""
    given = request.GET
    try:
        text = clean_text(given.get("q", "")[:100], lines=False)
    except Exception:  # noqa: BLE001 (a text that cannot be stored finds nothing)
        text = ""
    return CaseFilter(
        text=text,
        group=given.get("group", "" if given else "open"),
        state=given.get("state", ""),
        kind=given.get("kind", ""),
        severity=given.get("severity", ""),
        flag=given.get("flag", ""),
        received_from=moment(given.get("from", "")),
        received_to=moment(given.get("to", ""), days=1),
        overdue=given.get("overdue") == "1",
        logged_by=request.user.pk if given.get("mine") == "1" else 0,  # type: ignore[arg-type]
        **{name: whole(given.get(name, "")) for name in KEYS},
    )


def case_list(request: HttpRequest) -> HttpResponse:
    """Cases: saved views as tabs, filters as chips, pages by key."""
    user: Any = request.user
    wanted = read_filter(request)
    found = queries.with_names(queries.cases(user, wanted))
    rows, following = queries.page(found, after=whole(request.GET.get("after", "")))
    steps = queries.open_steps([case.number for case in rows])
    given = {
        "rows": [{"case": case, "look": CASE_LOOKS[case.state], "step": steps.get(case.number)}
                 for case in rows],
        "tabs": tabs(request),
        "fields": select_fields(request),
        "given": request.GET,
        "more": more_filters(request),
        "page": pager(request, following),
        "may_log": may_log(user),
        "export_url": f"{reverse('cases:export')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "cases/list.html", given)


def select_fields(request: HttpRequest) -> list[dict[str, Any]]:
    """The selects above the table, with what is chosen now.

    Those that need the database come when somebody asks for more filters or uses one of them:
    one statement for all four.
    """
    fixed: list[tuple[str, Any, Any]] = [
        ("state", _("State"), CaseState.choices[1:]),
        ("kind", _("Kind"), Kind.choices),
        ("severity", _("Severity"), Severity.choices),
        ("flag", _("Flag"), Flag.choices),
    ]
    labels = {
        "department": _("Responsible department"),
        "product": _("Product"),
        "category": _("Category"),
        "channel": _("Channel"),
    }
    read: list[tuple[str, Any, Any]] = []
    if more_filters(request):
        options = Options()
        options.want(*labels)
        read = [
            (name, label, [(str(option.pk), option.label) for option in options.found[name]])
            for name, label in labels.items()
        ]
    return [
        {"name": name, "label": label, "choices": choices, "value": request.GET.get(name, "")}
        for name, label, choices in [*fixed, *read]
    ]


def more_filters(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in ("filters", *KEYS[:4]))


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Saved views."""
    ago = (timezone.localdate() - timedelta(days=90)).isoformat()
    views = [
        (_("All open"), {"group": "open"}),
        (_("Overdue"), {"overdue": "1"}),
        (_("Major"), {"severity": "major", "group": "open"}),
        (_("Logged by me"), {"mine": "1"}),
        (_("Closed, last 90 days"), {"state": "closed", "from": ago}),
        (_("All"), {"group": "all"}),
    ]
    here = request.GET.dict() or {"group": "open"}
    return [
        {
            "label": label,
            "url": f"{reverse('cases:list')}?{urlencode(query)}",
            "active": here == query,
            "count": None,
        }
        for label, query in views
    ]


def pager(request: HttpRequest, following: int) -> dict[str, str]:
    rest = request.GET.copy()
    rest.pop("after", None)
    first = f"?{rest.urlencode()}"
    rest["after"] = str(following)
    return {
        "next_url": f"?{rest.urlencode()}" if following else "",
        "prev_url": first if "after" in request.GET else "",
    }


def action_list(request: HttpRequest) -> HttpResponse:
    """Corrective actions of visible cases."""
    user: Any = request.user
    state = request.GET.get("state", "open")
    found = queries.actions(
        user,
        state=state,
        mine=request.GET.get("mine") == "1",
        overdue=request.GET.get("overdue") == "1",
    )
    rows, following = queries.page(found, after=whole(request.GET.get("after", "")))
    given = {
        "rows": [{"action": action, "look": ACTION_LOOKS[action.state]} for action in rows],
        "tabs": action_tabs(request),
        "states": ActionState.choices[1:],
        "state": state,
        "page": pager(request, following),
    }
    return render(request, "cases/actions_list.html", given)


def action_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    views = [
        (_("All open"), {"state": "open"}),
        (_("Mine"), {"state": "open", "mine": "1"}),
        (_("Overdue"), {"overdue": "1"}),
        (_("All"), {"state": "all"}),
    ]
    here = request.GET.dict() or {"state": "open"}
    base = reverse("cases:actions")
    return [
        {"label": label, "url": f"{base}?{urlencode(query)}", "active": here == query}
        for label, query in views
    ]
