"""The page of a campaign: what it reads and how it is put together."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from cases.web.case_steps import Sent
from cases.web.forms.fields import Long
from cases.web.list_address import whole
from surveys import permissions
from surveys.domain import frames, sending
from surveys.domain.board import DEFAULT_THRESHOLD, Board
from surveys.enums import CampaignState
from surveys.models import Campaign, Invitee
from surveys.web import campaign_board, campaign_people, link_sheets
from surveys.web.campaign_looks import look, period_label, population_words, record
from surveys.web.steps import around
from surveys.web.tabs import tabs
from workflows.rules import Refusal


class SendForm(forms.Form):
    """To whom, and how; those who are not mailed come back as a file of links."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    mail = forms.BooleanField(
        label=gettext_lazy("By e-mail to those who have an address"), required=False
    )
    format = forms.ChoiceField(
        label=gettext_lazy("File of the links"), choices=link_sheets.FORMATS, required=False
    )

    def __init__(self, data: Any = None, *, units: Any = (), **given: Any) -> None:
        super().__init__(data, **given)
        fields: Any = self.fields
        fields["unit"].choices = [("", _("All")), *units]
        if sending.may_mail():
            fields["mail"].initial = True
        else:
            del self.fields["mail"]


class RemindForm(SendForm):
    """A reminder gives no file."""

    format = None  # type: ignore[assignment]


class LinksForm(SendForm):
    """New links come as a file only."""

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.fields.pop("mail", None)


class ReasonForm(forms.Form):
    reason = Long(label=gettext_lazy("Reason"), rows=2, max_length=300)


Asked = tuple[Invitee, ReasonForm]


def load(request: HttpRequest, number: str) -> Campaign:
    """The campaign, or 404 for one that is not there or not to be seen."""
    found = (
        Campaign.objects.filter(number=number.replace("\x00", ""))
        .select_related("questionnaire", "department", "plan", "created_by")
        .first()
    )
    if found is None or not permissions.may_read(request.user):
        raise Http404
    return found


def context(
    request: HttpRequest,
    campaign: Campaign,
    sent: Sent | None = None,
    *,
    asked: Asked | None = None,
) -> dict[str, Any]:
    """Everything the page prints. `sent` is a form that was refused a moment ago, `asked` one
    about an invitee."""
    user: Any = request.user
    shown = campaign_board.shown(campaign)
    board: Board = shown["board"]
    runs = permissions.may_survey(user)
    people = campaign_people.shown(request, board, user)
    return {
        **shown,
        **people,
        **plan_of_sample(campaign, board.threshold),
        **around(request, campaign, sent),
        **(refusals(board) if runs else {}),
        "tabs": tabs(request),
        "look": look(campaign, board.at),
        "period": period_label(campaign),
        "source": source_label(campaign),
        "population": population_words(campaign.population),
        "drawn": campaign.population.get("drawn"),
        "deeds": record(campaign),
        "runs": runs,
        "may_mail": sending.may_mail(),
        "send_form": SendForm(units=people["units"], auto_id="send-%s"),
        "remind_form": RemindForm(units=people["units"], auto_id="remind-%s"),
        "links_form": LinksForm(units=people["units"], auto_id="links-%s"),
        **(about_one(request, campaign, asked) if runs else {}),
    }


def source_label(campaign: Campaign) -> str:
    source = frames.source_of(campaign)
    return source.label if source else campaign.source


def plan_of_sample(campaign: Campaign, threshold: Decimal) -> dict[str, Any]:
    """Of a draft: how many fit, how many answers the margin needs, how many forms to send."""
    if campaign.state != CampaignState.DRAFT:
        return {}
    found = sample(campaign, threshold)
    if "forms" in found:
        campaign.__dict__["proposed_size"] = found["forms"]
    return {"sample": found}


def sample(campaign: Campaign, threshold: Decimal = DEFAULT_THRESHOLD) -> dict[str, Any]:
    """Figures of the sample plan: one statement besides those of the rules."""
    size = frames.population(campaign).count()
    found: dict[str, Any] = {"size": size, "margin": campaign.margin}
    if campaign.margin and size:
        found["needed"] = frames.required_n(campaign.margin, size)
        found["forms"] = frames.forms_for(found["needed"], threshold, size)
        found["threshold"] = threshold
    return found


def refusals(board: Board) -> dict[str, Refusal | None]:
    """Why nothing can be sent or nobody reminded now, in words at the button."""
    campaign, line = board.campaign, board.total
    if campaign.state != CampaignState.LAUNCHED:
        launch_first = Refusal(_("Launch the campaign first."))
        return {"no_send": launch_first, "no_remind": launch_first, "no_links": launch_first}
    over = Refusal(_("The time of this campaign is over."))
    no_send = no_remind = no_links = over if board.at >= campaign.ends_at else None
    if no_send is None and not line.waiting:
        no_send = Refusal(_("There is nobody to whom a form is still to be sent."))
    if no_remind is None and board.at < campaign.starts_at:
        no_remind = Refusal(_("It has not opened yet."))
    if no_remind is None and not line.to_remind:
        no_remind = Refusal(_("There is nobody to remind."))
    if no_links is None and not line.to_remind:
        no_links = Refusal(_("There is nobody who has not answered yet."))
    return {"no_send": no_send, "no_remind": no_remind, "no_links": no_links}


def about_one(request: HttpRequest, campaign: Campaign, asked: Asked | None) -> dict[str, Any]:
    """The one invitee whom somebody leaves out or reports as unreachable."""
    if asked is None:
        who = whole(request.GET.get("who", ""))
        invitee = campaign_people.one_of(campaign, who) if who else None
        asked = (invitee, ReasonForm(auto_id="who-%s")) if invitee else None
    return {"who": asked[0], "reason_form": asked[1]} if asked else {}
