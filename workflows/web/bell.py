"""The bell: what happened that concerns me, newest first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from workflows.domain import notices, registry
from workflows.domain.context import now
from workflows.models import Notification

PAGE = 50


def notifications(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = Notification.objects.filter(user=user).order_by("-pk")
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 16:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    more = f"?after={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    lines = [{"row": row, "text": sentence(row), "link": link(row)} for row in found[:PAGE]]
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
