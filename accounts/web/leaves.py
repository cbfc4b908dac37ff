"""Who is away when, and who stands in: the overview for administrators."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain import people, queries
from accounts.errors import AccountRefused
from accounts.models import Leave
from accounts.web.access import administrators
from accounts.web.answers import DONE, submit
from accounts.web.forms import LeaveOfForm
from accounts.web.own import me
from accounts.web.places import sections


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def leaves(request: HttpRequest) -> HttpResponse:
    form = LeaveOfForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = submit(form, lambda given: people.plan_leave(by=me(request), **given))
    if status == DONE:
        messages.success(request, _("The leave is planned."))
        return redirect("accounts:leaves")
    past = request.GET.get("past") == "1"
    today = timezone.localdate()
    rows, after = queries.page_of_leaves(past=past, today=today, after=key_of(request))
    page = {
        "rows": rows,
        "today": today,
        "past": past,
        "pager": {"next_url": address(past, after) if after else None},
        "chips": chips(past),
        "form": form,
        "tabs": sections(request, "leaves"),
    }
    return render(request, "accounts/leaves.html", page, status=status)


def key_of(request: HttpRequest) -> tuple[date, int] | None:
    """The key of a page, "2026-11-23_17"; nonsense is the first page."""
    day, _sign, number = request.GET.get("after", "").partition("_")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def address(past: bool, after: tuple[date, int]) -> str:
    return f"?{'past=1&' if past else ''}after={after[0]:%Y-%m-%d}_{after[1]}"


def chips(past: bool) -> list[dict[str, Any]]:
    """One filter: leave that is over, instead of what is now and later."""
    base = reverse("accounts:leaves")
    url = base if past else f"{base}?past=1"
    return [{"label": _("Past leave"), "url": url, "active": past, "count": None}]


@administrators
@require_POST
def end_leave(request: HttpRequest, pk: int) -> HttpResponse:
    leave = get_object_or_404(Leave, pk=pk)
    try:
        people.end_leave(by=me(request), leave=leave)
    except AccountRefused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The leave is ended."))
    return redirect("accounts:leaves")
