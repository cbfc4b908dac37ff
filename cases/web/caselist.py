"""The list of cases: saved views as tabs, what is set as chips, pages by key."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department
from cases.domain import queries
from cases.domain.options import Options
from cases.domain.responsibility import NOBODY, may_see
from cases.enums import CaseState, CustomerType, Extent, Flag, Harm, Kind, Severity
from cases.permissions import may_log
from cases.web.case_looks import CASE_LOOKS
from cases.web.list_address import (
    address,
    filters_of,
    marks,
    pager,
    read_filter,
    share_of,
    whole,
)

# Filters whose choices come from the database: they are read when somebody asks for them.
READ = ("department", "product", "category", "cause", "channel")


def case_list(request: HttpRequest) -> HttpResponse:
    """The visible cases that fit."""
    user: Any = request.user
    given = request.GET
    sort = given.get("sort", "") if given.get("sort") in queries.ORDERS else "newest"
    found = queries.with_names(queries.cases(user, read_filter(request)))
    if sort == "due":
        found = queries.with_due(found)
    order = queries.ORDERS[sort]
    page = queries.page(found, order=order, **marks(request, order))
    steps = queries.open_steps(page.rows)
    fields = select_fields(request)
    context = {
        "rows": [
            {"case": case, "look": CASE_LOOKS[case.state], "step": steps.get(case.pk)}
            for case in page.rows
        ],
        "tabs": tabs(request),
        "fields": fields,
        "chips": chips(request, fields),
        "sort": sort,
        "given": given,
        "more": wants_more(request),
        "more_url": address(request, filters="1"),
        "page": pager(request, page),
        "may_log": may_log(user),
        "may_see_shares": may_see(user),
        "export_url": f"{reverse('cases:export')}?{given.urlencode()}",
    }
    return render(request, "cases/list.html", context)


def select_fields(request: HttpRequest) -> list[dict[str, Any]]:
    """The selects above the table, with what is chosen now."""
    fixed: list[tuple[str, Any, Any]] = [
        ("state", _("State"), CaseState.choices[1:]),
        ("kind", _("Kind"), Kind.choices),
        ("severity", _("Severity"), Severity.choices),
        ("harm", _("Harm"), Harm.choices),
        ("extent", _("Extent"), Extent.choices),
        ("flag", _("Flag"), Flag.choices),
        ("customer_type", _("Customer type"), CustomerType.choices),
    ]
    read = read_fields() if wants_more(request) else []
    return [
        {"name": name, "label": label, "choices": choices, "value": request.GET.get(name, "")}
        for name, label, choices in [*fixed, *read]
    ]


def read_fields() -> list[tuple[str, Any, Any]]:
    """Choices from the database: one statement for all."""
    options = Options()
    options.want(*READ)
    labels = {
        "department": _("Responsible department"),
        "product": _("Product"),
        "category": _("Category"),
        "cause": _("Cause"),
        "channel": _("Channel"),
    }
    return [
        (name, labels[name], [(str(option.pk), option.label) for option in options.found[name]])
        for name in READ
    ]


def wants_more(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in ("filters", *READ))


def chips(request: HttpRequest, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every filter that is set, in words; each leads to the list without it."""
    given = filters_of(request.GET)
    words = {
        field["name"]: f"{field['label']}: {label}"
        for field in fields
        for value, label in field["choices"]
        if value == field["value"] and value
    }
    words |= {
        name: f"{label}: {given[name]}"
        for name, label in (
            ("q", _("Search")),
            ("from", _("Received from")),
            ("to", _("Received to")),
            ("closed_from", _("Closed from")),
        )
        if name in given
    }
    words |= {
        name: label
        for name, label in (
            ("overdue", _("Overdue")),
            ("mine", _("Logged by me")),
            ("with_me", _("With me")),
        )
        if given.get(name) == "1"
    }
    if share := share_of(request.GET):
        words["share"] = share_words(share)
    if whole(given.get("customer", "")):
        words["customer"] = _("One customer")
    return [
        {"label": words[name], "url": address(request, **{name: ""}), "active": True, "count": None}
        for name in given
        if name in words
    ]


def share_words(share: str) -> str:
    """One statement for the name, where the list is opened from the department statistics."""
    if share == NOBODY:
        return _("Counts for no department yet")
    department = Department.objects.filter(pk=int(share)).first()
    return _("Bears a share: %(department)s") % {"department": department or "–"}


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Saved views."""
    ago = (timezone.localdate() - timedelta(days=90)).isoformat()
    views = [
        (_("All open"), {"group": "open"}),
        (_("With me"), {"with_me": "1"}),
        (_("Overdue"), {"overdue": "1"}),
        (_("Major"), {"severity": "major", "group": "open"}),
        (_("Logged by me"), {"mine": "1"}),
        (_("Closed, last 90 days"), {"state": "closed", "closed_from": ago}),
        (_("All"), {"group": "all"}),
    ]
    here = filters_of(request.GET) or {"group": "open"}
    return [
        {
            "label": label,
            "url": f"{reverse('cases:list')}?{urlencode(query)}",
            "active": here == query,
            "count": None,
        }
        for label, query in views
    ]
