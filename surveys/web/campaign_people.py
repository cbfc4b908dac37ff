"""The invitees of a campaign on its page: views of the frame, by unit, in pages by key."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.domain.customers import masked
from cases.web.list_address import address, whole
from surveys.domain import sending
from surveys.domain.board import Board
from surveys.enums import CampaignState
from surveys.models import Campaign, Invitee

PAGE = 50


def views(campaign: Campaign) -> dict[str, Any]:
    """Rows of each view, none of them read yet."""
    frame = campaign.invitees
    return {
        "remind": sending.unanswered(campaign),
        "waiting": sending.waiting(campaign),
        "answered": frame.filter(response__isnull=False),
        "left_out": frame.exclude(left_out_reason=""),
        "unreachable": frame.exclude(unreachable=""),
        "all": frame.all(),
    }


def labels(board: Board) -> dict[str, tuple[str, int | None]]:
    line = board.total
    return {
        "remind": (_("To remind"), line.to_remind),
        "waiting": (_("Not sent yet"), line.waiting),
        "answered": (_("Answered"), None),
        "left_out": (_("Left out"), line.left_out),
        "unreachable": (_("Cannot be reached"), line.unreachable),
        "all": (_("All"), line.frame - board.campaign.declared_sent),
    }


def usual(board: Board) -> str:
    """What one looks for first."""
    if board.campaign.state != CampaignState.LAUNCHED:
        return "all"
    return "waiting" if board.total.waiting else "remind"


def shown(request: HttpRequest, board: Board, user: Any) -> dict[str, Any]:
    """Context of surveys/campaign_people.html: one statement."""
    campaign, given = board.campaign, request.GET
    view = given.get("view", "")
    known = labels(board)
    view = view if view in known else usual(board)
    rows = views(campaign)[view].select_related("unit").order_by("pk")
    unit = given.get("unit", "")
    if unit == "none":
        rows = rows.filter(unit=None)
    elif whole(unit):
        rows = rows.filter(unit=whole(unit))
    if after := whole(given.get("after", "")):
        rows = rows.filter(pk__gt=after)
    found = list(rows[: PAGE + 1])
    more = len(found) > PAGE
    return {
        "people": [{"invitee": one, "phone": masked(one.phone, user)} for one in found[:PAGE]],
        "view": view,
        "unit": unit,
        "people_tabs": [
            {"label": label, "url": address(request, view=name, unit=unit, act=""),
             "active": name == view, "count": count}
            for name, (label, count) in known.items()
        ],
        "people_page": {
            "next_url": address(request, after=str(found[PAGE - 1].pk)) if more else "",
            "prev_url": "",
        },
        "units": [
            (str(line.unit.pk) if line.unit else "none", line.unit or _("No unit"))
            for line in board.lines
        ],
    }  # fmt: skip


def one_of(campaign: Campaign, pk: int) -> Invitee | None:
    return campaign.invitees.filter(pk=min(pk, 2**62)).first()
