"""A campaign from its draft to its launch; afterwards the clock alone ends it."""

from datetime import datetime, timedelta
from typing import cast

from django.utils.translation import gettext_lazy as _
from viewflow import this

from accounts.enums import Role
from surveys import permissions
from surveys.domain import campaigns, frames
from surveys.enums import CampaignState as S
from surveys.models import Campaign, CampaignProcess
from workflows.domain.acts import Act
from workflows.flows.base import BaseFlow
from workflows.flows.nodes import End, Start, Step
from workflows.models import Process

# How long a draft may wait once its window has begun.
TO_PREPARE = timedelta(days=5)


def in_department(process: Process) -> int:
    return campaign_of(process).department_id


def to_author(process: Process) -> int | None:
    """Whoever drew it up has it at once; what opens by itself waits in the pool."""
    return campaign_of(process).created_by_id


def before_it_starts(process: Process) -> datetime:
    campaign = campaign_of(process)
    return max(campaign.starts_at, campaign.created_at + TO_PREPARE)


def campaign_of(process: Process) -> Campaign:
    return cast(Campaign, process.root)


class CampaignFlow(BaseFlow):
    key = "campaign"
    process_title = _("Satisfaction campaign")
    process_class = CampaignProcess
    subject_model = Campaign

    start = Start("draw_up").Titled(_("Draw up")).Next(this.prepare)
    automatic = Start("launch").Titled(_("Launch by itself")).Next(this.ended)

    prepare = (
        Step(Role.MARKETING, at=in_department, to=to_author, due=before_it_starts)
        .Titled(_("Prepare the campaign"))
        .Outcome("launch", _("Launch"), campaigns.launch,
                 hint=_("The frame is frozen; answers are received while its window is open."))
        .Outcome("cancel", _("Cancel it"), reason=True)
        .Next(this.ended)
    )  # fmt: skip
    ended = End().Titled(_("Ended"))

    acts = (
        Act("edit", _("Change the draft"), permissions.runs, frozenset({S.DRAFT}),
            campaigns.edit, needs_reason=False),
        Act("draw", _("Draw the frame"), permissions.runs, frozenset({S.DRAFT}),
            frames.draw, needs_reason=False,
            hint=_("By chance from the population; an earlier frame is replaced.")),
        Act("declare_sent", _("Forms sent outside the frame"), permissions.runs,
            frozenset({S.LAUNCHED}), campaigns.declare_sent,
            hint=_("What an agency reports to have sent out; they count for the rate.")),
    )  # fmt: skip
