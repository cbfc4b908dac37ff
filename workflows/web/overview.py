"""The overview: what is late and at risk in each department, and the steps behind each figure."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Department
from accounts.web.access import only
from workflows.domain import overview, worklist
from workflows.domain.overview import GROUPS, Line
from workflows.web.inbox import dressed, read_key, sign_key

seers = only(overview.may_see)
# In an address: the steps that wait for a role, wherever it is held.
NOWHERE = "none"


@seers
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    found = overview.lines(user)
    most = max((line.open for line in found), default=0)
    sums = {name: sum(getattr(line, name) for line in found) for name in GROUPS}
    given = {
        "rows": [shown(line, most) for line in found],
        "sums": [{"n": sums[name], "url": address(name), **told(name)} for name in GROUPS],
    }
    return render(request, "workflows/overview.html", given)


def shown(line: Line, most: int) -> dict[str, Any]:
    """A line with its bar, in hundredths of the longest, and the lists behind its figures."""
    place = NOWHERE if line.department is None else str(line.department)
    parts, left = [], 0.0
    for name, number in (("overdue", line.overdue), ("risk", line.risk), ("rest", line.rest)):
        width = 100 * number / most
        parts.append({"name": name, "x": f"{left:.2f}", "width": f"{width:.2f}"})
        left += width
    return {
        "line": line,
        "name": line.name or _("No department: by role"),
        "parts": parts,
        "urls": {name: address(name, place) for name in GROUPS},
    }


def address(group: str, place: str = "") -> str:
    query = {"what": group, **({"department": place} if place else {})}
    return f"{reverse('workflows:overview_steps')}?{urlencode(query)}"


def told(group: str) -> dict[str, Any]:
    """The words and the look of a figure."""
    words = {
        "overdue": (_("Overdue"), "red", "alert-triangle"),
        "risk": (_("At risk"), "amber", "clock"),
        "open": (_("Open"), "blue", "circle-dot"),
        "unclaimed": (_("Not claimed"), "grey", "user"),
    }
    label, tone, icon = words[group]
    return {"name": group, "label": label, "tone": tone, "icon": icon}


@seers
@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """The steps behind a figure, the earliest due first."""
    user: Any = request.user
    group = request.GET.get("what", "")
    group = group if group in GROUPS else "overdue"
    place = request.GET.get("department", "")
    departments, name = read_place(place)
    found = overview.steps(user, group, departments=departments)
    rows, following = overview.page(
        found, worklist.COLUMNS, after=read_key(request.GET.get("after", ""))
    )
    here = address(group, place if name else "")
    tabs = [
        {"label": told(one)["label"], "url": address(one, place if name else ""),
         "active": one == group, "count": None, "icon": told(one)["icon"]}
        for one in GROUPS
    ]  # fmt: skip
    page = {
        "next_url": f"{here}&after={sign_key(following)}" if following else "",
        "prev_url": here if "after" in request.GET else "",
    }
    given = {"rows": [dressed(row) for row in rows], "tabs": tabs, "page": page, "place": name}
    return render(request, "workflows/overview_steps.html", given)


def read_place(text: str) -> tuple[set[int | None] | None, str]:
    """The department of an address with its name; (None, "") for all, and for what is none."""
    if text == NOWHERE:
        return {None}, _("No department: by role")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return None, ""
    found = Department.objects.filter(pk=int(text)).first()
    return ({found.pk}, found.label) if found else (None, "")
