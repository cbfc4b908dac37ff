"""Typing in a form that came by telephone, visit or on paper: one digit a question."""

import unicodedata
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.web.access import only
from accounts.web.fields import LineField
from accounts.web.own import me
from cases.web.list_address import whole, words
from surveys import permissions
from surveys.documents import paper
from surveys.domain import invitees, questionnaires, responses
from surveys.enums import LEVELS, NOT_APPLICABLE, CampaignState, ResponseChannel
from surveys.models import Campaign, Invitee
from surveys.web.answer_steps import Filled, steps
from surveys.web.campaign_page import load
from surveys.web.fields import Moment
from surveys.web.tabs import tabs
from workflows.domain.context import now
from workflows.errors import EngineError
from workflows.rules import Refusal

runners, readers = only(permissions.may_survey), only(permissions.may_read)
BAD_INPUT = 422
# What is typed for "not applicable" where a digit is expected.
NA_KEYS = frozenset({"0", NOT_APPLICABLE})
# What stays for the next form of the pile.
STICKY = ("channel", "interviewer", "received_at")


class EntryForm(forms.Form):
    """How the form came in."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it came in"),
        choices=[(one.value, one.label) for one in responses.BY_STAFF],
    )
    received_at = Moment(label=gettext_lazy("Received at"))
    interviewer = LineField(
        label=gettext_lazy("Interviewer"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Of a call or visit; left empty it is you."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes it took"), required=False, min_value=0, max_value=1440
    )


@runners
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, number: str) -> HttpResponse:
    """Find the invitee, type the answers, go on with the next."""
    campaign = load(request, number)
    if request.method == "POST":
        return take(request, campaign)
    text, who = words(request.GET), whole(request.GET.get("who", ""))
    found = invitees.matching(campaign, text) if text else []
    chosen = one_of(campaign, who) if who else None
    if chosen is None and len(found) == 1:
        chosen = found[0]
    return page(request, campaign, chosen, found=found, text=text)


def one_of(campaign: Campaign, pk: int) -> Invitee:
    row = (
        campaign.invitees.select_related("response", "campaign__questionnaire")
        .filter(pk=min(pk, 2**62))
        .first()
    )
    if row is None:
        raise Http404
    return row


def take(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Hand what was typed to the command; whatever it refuses, everything stays typed."""
    invitee = one_of(campaign, whole(request.POST.get("who", "")))
    form, filled = EntryForm(request.POST), typed(request)
    if not form.is_valid():
        return page(request, campaign, invitee, form=form, filled=filled, status=BAD_INPUT)
    given = dict(form.cleaned_data)
    minutes = given.pop("minutes")
    try:
        responses.enter(
            by=me(request),
            campaign=campaign,
            invitee=invitee,
            answers=filled.answers,
            texts=filled.texts,
            seconds=None if minutes is None else minutes * 60,
            **given,
        )
    except ValidationError as problem:
        filled = filled.told(problem.message_dict)
        for name in set(filled.errors) & {*form.fields}:
            form.add_error(name, filled.errors[name])
        return page(request, campaign, invitee, form=form, filled=filled, status=BAD_INPUT)
    except EngineError as refusal:
        filled = filled.told({NON_FIELD_ERRORS: [refusal.message]})
        return page(request, campaign, invitee, form=form, filled=filled, status=refusal.status)
    messages.success(request, _("Form %(number)s is entered.") % {"number": invitee.external_id})
    kept = {name: request.POST.get(name, "") for name in STICKY}
    return redirect(f"{reverse('surveys:enter', args=[campaign.number])}?{urlencode(kept)}")


def typed(request: HttpRequest) -> Filled:
    """Full-width digits of a Chinese keyboard count like others."""
    given = Filled.of_post(request.POST)
    return Filled({key: folded(value) for key, value in given.answers.items()}, given.texts)


def folded(value: str) -> str:
    sign = unicodedata.normalize("NFKC", value).strip()
    return NOT_APPLICABLE if sign in NA_KEYS else sign


def page(
    request: HttpRequest,
    campaign: Campaign,
    invitee: Invitee | None,
    *,
    found: list[Invitee] | None = None,
    text: str = "",
    form: EntryForm | None = None,
    filled: Filled | None = None,
    status: int = 200,
) -> HttpResponse:
    refusal = why_not(campaign, invitee if form is None else None)
    context: dict[str, Any] = {
        "campaign": campaign,
        "tabs": tabs(request),
        "q": text,
        "found": found or [],
        "invitee": invitee,
        "refusal": refusal,
    }
    if campaign.questionnaire is not None and invitee is not None and refusal is None:
        asked = questionnaires.read(campaign.questionnaire.document)
        filled = filled or Filled()
        context |= {
            "form": form or EntryForm(initial=starting(request)),
            "steps": steps(asked, filled),
            "general": filled.errors.get(NON_FIELD_ERRORS, []),
            "words": [(level, asked.label(level)) for level in LEVELS],
        }
    return render(request, "surveys/enter.html", context, status=status)


def starting(request: HttpRequest) -> dict[str, Any]:
    """What stood in the form before, for a pile of them."""
    given = {name: request.GET[name] for name in STICKY if request.GET.get(name)}
    return {"channel": ResponseChannel.PAPER, "received_at": now(), **given}


def why_not(campaign: Campaign, invitee: Invitee | None) -> Refusal | None:
    if campaign.state != CampaignState.LAUNCHED:
        return Refusal(_("This campaign has not been launched."))
    if invitee is not None and hasattr(invitee, "response"):
        return Refusal(_("This form has already been answered. The first answer stands."))
    if invitee is not None and invitee.left_out_reason:
        return Refusal(_("This invitee was left out of the campaign."))
    return None


@readers
@require_safe
def print_form(request: HttpRequest, number: str) -> HttpResponse:
    """The questionnaire on paper, in the reader's language."""
    campaign = load(request, number)
    if campaign.questionnaire is None:
        raise Http404
    answer = HttpResponse(paper.of_campaign(campaign), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{campaign.number}.pdf"'
    return answer
