"""Forms come back: over the personal link, or entered by staff. One form for one invitee."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import SKEW, Problems
from surveys import permissions
from surveys.domain import answers as reading, questionnaires, tokens
from surveys.enums import CampaignState, ResponseChannel
from surveys.errors import Gone
from surveys.models import Campaign, Invitee, Response
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden, NotFound

BY_STAFF = (ResponseChannel.PHONE, ResponseChannel.VISIT, ResponseChannel.PAPER)
# Longer than a day on one page is a page that was left open; the column holds no more anyway.
MOST_SECONDS = 10**6


def find(*, token: str, at: datetime | None = None) -> Invitee:
    """Whose link this is; writes nothing, so that a mail scanner changes nothing by looking.

    Raises NotFound (unknown, left out, or nothing was launched), Conflict (already answered),
    Forbidden (not open yet), Gone (over).
    """
    moment = at or now()
    invitee = (
        Invitee.objects.select_related("campaign__questionnaire", "response")
        .filter(token_hash=tokens.digest(token))
        .first()
    )
    if invitee is None or invitee.left_out_reason:
        raise NotFound(_("There is no survey behind this link."))
    campaign = invitee.campaign
    if campaign.state != CampaignState.LAUNCHED:
        raise NotFound(_("There is no survey behind this link."))
    if hasattr(invitee, "response"):
        raise already_answered()
    if moment < campaign.starts_at:
        raise Forbidden(_("This survey is not open yet."))
    if moment >= campaign.ends_at:
        raise Gone(_("This survey is over."))
    return invitee


def already_answered() -> Conflict:
    return Conflict(_("This form has already been answered. The first answer stands."))


def open_form(*, token: str, at: datetime | None = None) -> Invitee:
    """The invitee has the form before them: told by their browser, not by opening the link."""
    invitee = find(token=token, at=at)
    if invitee.opened_at is None:
        Invitee.objects.filter(pk=invitee.pk, opened_at=None).update(opened_at=at or now())
    return invitee


def save_draft(
    *,
    token: str,
    answers: Mapping[str, Any],
    texts: Mapping[str, Any],
    seconds: int | None = None,
    at: datetime | None = None,
) -> Invitee:
    """Keep what can be kept, to go on later under the same link; nothing is counted."""
    invitee, moment = find(token=token, at=at), at or now()
    form = questionnaires.read(document_of(invitee.campaign))
    kept = {**reading.keepable(form, answers, texts), "seconds": bounded(seconds)}
    with business_transaction():
        invitee = locked(invitee)
        if Response.objects.filter(invitee=invitee).exists():
            raise already_answered()
        invitee.draft, invitee.draft_at = kept, moment
        invitee.opened_at = invitee.opened_at or moment
        invitee.save(update_fields=["draft", "draft_at", "opened_at"])
    return invitee


def submit(
    *,
    token: str,
    answers: Mapping[str, Any],
    texts: Mapping[str, Any],
    seconds: int | None = None,
    device: str = "",
    address: str = "",
    signs: str = "",
    channel: str = ResponseChannel.LINK,
    at: datetime | None = None,
) -> Response:
    """The one form of this link. Raises what `find` raises, ValidationError by question key,
    and Conflict for everybody but the first."""
    invitee, moment = find(token=token, at=at), at or now()
    form, problems = questionnaires.read(document_of(invitee.campaign)), Problems()
    given = reading.check(problems, form, answers, texts)
    problems.check()
    response = copied(invitee, given, moment)
    response.channel, response.seconds = channel, bounded(seconds)
    response.device, response.address, response.signs = device, address, signs
    return store(response, invitee, opened=moment)


def enter(
    *,
    by: User,
    campaign: Campaign,
    invitee: Invitee,
    answers: Mapping[str, Any],
    texts: Mapping[str, Any],
    received_at: datetime,
    channel: str,
    interviewer: str = "",
    seconds: int | None = None,
) -> Response:
    """A form that came by telephone, visit or on paper, typed in by staff, whose name is kept.

    It was received inside the window; it may be typed in after it. Who asked is the interviewer,
    by default the person who types. A reason is not demanded of paper.
    """
    if not permissions.may_survey(by):
        raise Forbidden(_("Forms are entered by marketing and quality."))
    if invitee.campaign_id != campaign.pk:
        raise NotFound(_("This campaign has no such invitee."))
    if campaign.state != CampaignState.LAUNCHED:
        raise Conflict(_("This campaign has not been launched."))
    if invitee.left_out_reason:
        raise Conflict(_("This invitee was left out of the campaign."))
    problems = Problems()
    check_receipt(problems, campaign, received_at)
    if channel not in BY_STAFF:
        problems.add("channel", _("Choose how the form came in."))
    asked = channel != ResponseChannel.PAPER
    name = problems.text("interviewer", interviewer, most=80, lines=False)
    given = reading.check(
        problems, questionnaires.read(document_of(campaign)), answers, texts, reasons=asked
    )
    problems.check()
    response = copied(invitee, given, received_at)
    response.channel, response.seconds = channel, bounded(seconds)
    response.interviewer = name or (by.name[:80] if asked else "")
    response.entered_by = by
    return store(response, invitee, opened=None)


# ---------------------------------------------------------------------------- parts
def check_receipt(problems: Problems, campaign: Campaign, received_at: datetime) -> None:
    if received_at > now() + SKEW:
        problems.add("received_at", _("The date of receipt lies in the future."))
    elif not campaign.is_open(received_at):
        problems.add("received_at", _("The campaign was not open at that moment."))


def document_of(campaign: Campaign) -> Any:
    """Of a launched campaign: it has its questionnaire, a constraint sees to it."""
    assert campaign.questionnaire is not None
    return campaign.questionnaire.document


def bounded(seconds: int | None) -> int | None:
    return None if seconds is None else max(0, min(int(seconds), MOST_SECONDS))


def locked(invitee: Invitee) -> Invitee:
    """The row of one invitee, on which everybody who answers for them queues."""
    return Invitee.objects.select_for_update().get(pk=invitee.pk)


def copied(invitee: Invitee, given: reading.Answers, received_at: datetime) -> Response:
    """A form with what the frame says of the customer."""
    return Response(
        campaign_id=invitee.campaign_id,
        questionnaire=invitee.campaign.questionnaire,
        invitee=invitee,
        external_id=invitee.external_id,
        received_at=received_at,
        levels=given.levels,
        texts=given.texts,
        customer_id=invitee.customer_id,
        customer_type=invitee.customer_type,
        product_id=invitee.product_id,
        region=invitee.region,
        city=invitee.city,
        unit_id=invitee.unit_id,
        entered_at=now(),
    )


def store(response: Response, invitee: Invitee, *, opened: datetime | None) -> Response:
    """Write it unless somebody was faster; the draft has done its work and goes.

    The answer is looked for after the lock, in a statement of its own: one that had waited for
    the lock would still see the moment before.
    """
    try:
        with business_transaction():
            row = locked(invitee)
            if Response.objects.filter(invitee=row).exists():
                raise already_answered()
            if row.left_out_reason:
                raise NotFound(_("There is no survey behind this link."))
            response.save(force_insert=True)
            row.draft, row.draft_at = {}, None
            row.opened_at = row.opened_at or opened
            row.save(update_fields=["draft", "draft_at", "opened_at"])
    except IntegrityError:
        # The same form was imported under its external id.
        raise already_answered()
    return response
