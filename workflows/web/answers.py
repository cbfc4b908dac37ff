"""Error answers in the clothes the caller wears: page, htmx fragment or problem+json."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from workflows.domain.context import request_id

PAGES = frozenset({400, 403, 404, 409, 413, 500, 503})


def answer(
    request: HttpRequest, status: int, message: str, *, details: Sequence[Any] = ()
) -> HttpResponse:
    """Say no in the way the caller understands; never a trace."""
    identity = request_id()
    if "application/json" in request.headers.get("Accept", ""):
        body = {"title": message, "status": status, "request_id": identity}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    if request.headers.get("HX-Request"):
        return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    page = status if status in PAGES else 400
    given = {"message": message, "details": [shown(row) for row in details]}
    given |= {"request_id": identity, "back_url": back(request)}
    return render(request, f"errors/{page}.html", given, status=status)


def shown(row: Any) -> str:
    """A detail as a line: a field change as before → after by whom."""
    if hasattr(row, "before"):
        return _("%(label)s: %(before)s → %(after)s (%(name)s)") % {
            "label": row.label,
            "before": row.before,
            "after": row.after,
            "name": row.by or "–",
        }
    return str(row)


def back(request: HttpRequest) -> str:
    """The way back: the page itself for a GET, the inbox otherwise."""
    return "/inbox/" if request.method == "GET" else request.headers.get("Referer", "/inbox/")
