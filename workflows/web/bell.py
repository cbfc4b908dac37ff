"""The bell: what happened that concerns me, newest first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from workflows.domain import notices, registry
from workflows.domain.context import now
from workflows.models import Notification

PAGE = 50
# Nobody reads a higher number off a bell, and counting on would cost more with each one.
MOST_COUNTED = 100


def notifications(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = Notification.objects.filter(user=user).order_by("-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 16:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    more = f"?after={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    lines = [{"row": row, "text": sentence(row)} for row in found[:PAGE]]
    given = {"lines": lines, "page": {"next_url": more, "prev_url": ""}}
    return render(request, "workflows/notifications.html", given)


def sentence(row: Notification) -> str:
    return str(notices.WORDS.get(row.kind, row.kind))


def link(row: Notification) -> str:
    return registry.link(row.subject_kind, row.subject_number) + "#step"


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read up to what the page showed."""
    user: Any = request.user
    Notification.objects.filter(user=user, read_at=None).update(read_at=now())
    return redirect("workflows:notifications")


@require_POST
def open_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a line to its page: it is read from now on."""
    user: Any = request.user
    row = get_object_or_404(Notification, pk=min(pk, 2**62), user=user)
    Notification.objects.filter(pk=row.pk, read_at=None).update(read_at=now())
    return redirect(link(row))


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The bell by itself, for the page that asks now and then; 204 while nothing has changed.
    One indexed statement beside the sign-in."""
    user: Any = request.user
    unread = Notification.objects.filter(user=user, read_at=None)[:MOST_COUNTED].count()
    if request.GET.get("seen") == str(unread):
        return HttpResponse(status=204)
    bell = {"url": reverse("workflows:notifications"), "count": unread}
    return render(request, "_components/bell.html", {"bell": bell})
