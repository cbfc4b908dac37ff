"""The calendar feed: the page that opens and closes it, and the file itself."""

from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from workflows.domain import feeds
from workflows.models import CalendarFeed


class FeedForm(forms.Form):
    with_pool = forms.BooleanField(
        label=gettext_lazy("Also what waits for my departments to be claimed"), required=False
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Open, renew or close my feed. The address is shown once: only its hash is kept."""
    user: Any = request.user
    if "close" in request.POST:
        feeds.close_feed(by=user)
        messages.success(request, _("The address works no longer."))
        return redirect("workflows:own_feed")
    feed = CalendarFeed.objects.filter(user=user).first()
    form = FeedForm(request.POST or None, initial={"with_pool": feed and feed.with_pool})
    address = ""
    if request.method == "POST" and form.is_valid():
        address = feeds.open_feed(by=user, **form.cleaned_data)
    given = {"feed": feed, "form": form, "address": address}
    return render(request, "workflows/feed.html", given)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The file; an address that is unknown, replaced or of somebody who left is not there."""
    found = feeds.find(token)
    if found is None:
        raise Http404
    with translation.override(found.user.language):
        body = feeds.written(feeds.due_dates(found))
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="redress.ics"'
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
