"""The list of campaigns, a new one, and one from a file."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.access import only
from accounts.web.own import me
from cases.validators import Problems
from cases.web.list_address import whole, words
from surveys import permissions
from surveys.domain import campaign_file, campaigns, frames, periods
from surveys.domain.board import Line, percent
from surveys.enums import CampaignState as S
from surveys.models import Campaign, Invitee, Response
from surveys.web import campaign_choices
from surveys.web.campaign_looks import look
from surveys.web.campaign_page import sample
from surveys.web.forms_campaign import CampaignForm
from surveys.web.tabs import tabs
from workflows.domain.context import now

PAGE = 50
readers, runners = only(permissions.may_read), only(permissions.may_survey)


# ---------------------------------------------------------------------------- the list
def groups() -> dict[str, tuple[Any, Q]]:
    moment = now()
    launched = Q(state=S.LAUNCHED)
    return {
        "running": (_("Drafts and running"), Q(state=S.DRAFT) | launched & Q(ends_at__gt=moment)),
        "over": (_("Over"), launched & Q(ends_at__lte=moment)),
        "all": (_("All"), Q()),
    }


@readers
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first, in pages by key."""
    known, given = groups(), request.GET
    group = given.get("group", "")
    group = group if group in known else "running"
    rows = Campaign.objects.filter(known[group][1])
    if text := words(given):
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
    found, following = page(rows, whole(given.get("after", "")))
    query = given.copy()
    query["after"] = str(following)
    context = {
        "tabs": tabs(request),
        "groups": [
            {"label": label, "url": f"?group={name}", "active": name == group, "count": None}
            for name, (label, _condition) in known.items()
        ],
        "group": group,
        "q": text,
        "rows": shown(found),
        "page": {"next_url": f"?{query.urlencode()}" if following else ""},
        "runs": permissions.may_survey(request.user),
    }
    return render(request, "surveys/campaign_list.html", context)


def page(rows: QuerySet[Campaign], after: int) -> tuple[list[Campaign], int]:
    """One page, and the key after which the next one begins (0 at the end)."""
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.select_related("department").order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def shown(found: Sequence[Campaign]) -> list[dict[str, Any]]:
    """The rows with their rates: three statements for all of them."""
    keys, moment = [one.pk for one in found], now()
    sent = counted(Invitee.objects.filter(campaign__in=keys, sent_at__isnull=False))
    received = counted(
        Response.objects.filter(
            campaign__in=keys,
            received_at__gte=F("campaign__starts_at"),
            received_at__lt=F("campaign__ends_at"),
        )
    )
    sources = campaign_choices.all_sources()
    return [
        {
            "campaign": one,
            "look": look(one, moment),
            "source": sources.get(one.source, one.source),
            "sent": (count := sent.get(one.pk, 0) + one.declared_sent),
            "received": received.get(one.pk, 0),
            "rate": percent(Line(sent=count, received=received.get(one.pk, 0)).rate),
        }
        for one in found
    ]


def counted(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("campaign").annotate(n=Count("pk")))


# ---------------------------------------------------------------------------- a new one
@runners
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Draw up a campaign; its frame is drawn on its page."""
    form = CampaignForm(request.POST or None, by=me(request))
    if request.method == "POST" and form.is_valid():
        try:
            campaign = campaigns.draw_up(by=me(request), **form.given())
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return redirect("surveys:campaign", campaign.number)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "tabs": tabs(request)}
    return render(request, "surveys/campaign_add.html", context, status=status)


@runners
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How many fit what is typed so far, and how many the margin needs; nothing is kept."""
    form, problems = CampaignForm(request.POST, by=me(request)), Problems()
    form.is_valid()
    given = form.cleaned_data
    starts_at = given.get("starts_at") or now()
    campaign = Campaign(source=given.get("source", ""), period=periods.half_of(starts_at).code)
    campaign.population = frames.read_scope(problems, given.get("population")).document()
    campaign.margin = campaigns.checked_margin(problems, given.get("margin"))
    found = {"sample": None if problems.found else sample(campaign)}
    return render(request, "surveys/campaign_sample.html", found)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".toml", "data-accept": ".toml"}),
        help_text=gettext_lazy("TOML, as a campaign page gives it; it becomes a draft."),
    )


@runners
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = campaign_file.load(form.cleaned_data["file"].read(), by=me(request))
        except ValidationError as problem:
            for sentence in problem.messages:
                form.add_error("file", sentence)
        else:
            return redirect("surveys:campaign", campaign.number)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "tabs": tabs(request)}
    return render(request, "surveys/campaign_upload.html", context, status=status)
