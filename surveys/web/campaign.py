"""The page of a campaign with its live board, and what is sent from it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.access import only
from accounts.web.answers import show
from accounts.web.own import me
from cases.web.case_posts import do_act
from cases.web.case_steps import Sent
from surveys import permissions
from surveys.domain import campaign_file, sending
from surveys.models import Campaign, Invitee
from surveys.web import campaign_board, campaign_page, campaign_people, link_sheets
from surveys.web.campaign_page import Asked, ReasonForm, SendForm, load
from surveys.web.steps import take

runners = only(permissions.may_survey)
BAD_INPUT = 422


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, load(request, number))


def page(
    request: HttpRequest,
    campaign: Campaign,
    sent: Sent | None = None,
    *,
    status: int = 200,
    asked: Asked | None = None,
) -> HttpResponse:
    context = campaign_page.context(request, campaign, sent, asked=asked)
    return render(request, "surveys/campaign.html", context, status=status)


def again(request: HttpRequest, number: str, sent: Sent) -> HttpResponse:
    """The page once more, with the refusal on top and everything typed."""
    status = sent.status if sent.problem else BAD_INPUT
    return page(request, load(request, number), sent, status=status)


@require_GET
def board(request: HttpRequest, number: str) -> HttpResponse:
    """The board alone, for a page that stays open."""
    context = campaign_board.shown(load(request, number))
    return render(request, "surveys/campaign_board.html", context)


def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Launch or cancel a draft."""
    if request.method != "POST":
        return redirect("surveys:campaign", number)
    subject, sent = take(request, load(request, number), pk, outcome)
    return again(request, number, sent) if subject is None else redirect("surveys:campaign", number)


def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do an act beside the steps; its form stands on the page."""
    if request.method != "POST":
        return redirect(f"/satisfaction/campaigns/{number}/?act={act}#act")
    subject, sent = do_act(request, load(request, number), act)
    return again(request, number, sent) if subject is None else redirect("surveys:campaign", number)


# ---------------------------------------------------------------------------- sending
def meant(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """To whom and how, from the form; what is no choice counts as none."""
    units = [
        (str(key) if key else "none", "")
        for key in campaign.invitees.order_by().values_list("unit", flat=True).distinct()
    ]
    form = SendForm(request.POST, units=units)
    if not form.is_valid():
        raise ValidationError(_("Choose one of those on offer."))
    unit = form.cleaned_data["unit"]
    rows = campaign.invitees.filter(unit=None if unit == "none" else unit) if unit else None
    return {
        "only": rows,
        "mail": form.cleaned_data.get("mail", False),
        "format": form.cleaned_data["format"],
    }


@runners
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Send out; the links of those who are not mailed are the answer, once."""
    campaign = load(request, number)
    given = meant(request, campaign)
    form = given.pop("format")
    links = sending.send(campaign=campaign, by=me(request), **given)
    return handed(request, campaign, links, form)


@runners
@require_POST
def links(request: HttpRequest, number: str) -> HttpResponse:
    campaign = load(request, number)
    given = meant(request, campaign)
    found = sending.links_again(campaign=campaign, by=me(request), only=given["only"])
    return handed(request, campaign, found, given["format"])


def handed(
    request: HttpRequest, campaign: Campaign, links: list[sending.Link], form: str
) -> HttpResponse:
    if links:
        return link_sheets.answer(campaign, links, form)
    messages.success(request, _("Sent out."))
    return redirect("surveys:campaign", campaign.number)


@runners
@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    campaign = load(request, number)
    given = meant(request, campaign)
    count = sending.remind(
        campaign=campaign, by=me(request), only=given["only"], mail=given["mail"]
    )
    messages.success(request, _("Reminded: %(count)s") % {"count": count})
    return redirect("surveys:campaign", number)


# ---------------------------------------------------------------------------- one invitee
@runners
@require_POST
def leave_out(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return about_one(request, number, pk, sending.leave_out)


@runners
@require_POST
def unreachable(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return about_one(request, number, pk, sending.unreachable)


def about_one(request: HttpRequest, number: str, pk: int, command: Any) -> HttpResponse:
    """Leave one invitee out, or say that they cannot be reached; both with a reason."""
    campaign = load(request, number)
    invitee = of_campaign(campaign, pk)
    form = ReasonForm(request.POST, auto_id="who-%s")
    if form.is_valid():
        try:
            command(invitee=invitee, by=me(request), reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            show(form, problem)
        else:
            messages.success(request, _("Noted: %(name)s") % {"name": invitee.name})
            return redirect("surveys:campaign", number)
    return page(request, campaign, status=BAD_INPUT, asked=(invitee, form))


def of_campaign(campaign: Campaign, pk: int) -> Invitee:
    found = campaign_people.one_of(campaign, pk)
    if found is None:
        raise Http404
    return found


@runners
@require_GET
def as_file(request: HttpRequest, number: str) -> HttpResponse:
    """The campaign with its frame as TOML."""
    campaign = load(request, number)
    text = campaign_file.dumps(campaign, by=me(request))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{campaign.number}.toml"'
    return response
