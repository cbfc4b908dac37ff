"""Sending out: personal links for print and mail merge, e-mails, reminders; whom we leave out.

Only the hash of a link's token is kept, so a link can be had once: in the file that sending
gives, or in the e-mail, whose token is made when it goes out. A new link makes the old one dead.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import Problems
from surveys import permissions
from surveys.domain import tokens
from surveys.enums import CampaignState
from surveys.models import Campaign, Invitee
from workflows.domain import record
from workflows.domain.context import now
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden
from workflows.models import Outbox

INVITATION = "survey_invitation"
AT_ONCE = 5000
Link = tuple[Invitee, str]


def may_mail() -> bool:
    """Whether e-mail is set up: nobody is told that mails went out which nothing sends."""
    smtp = settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    return not smtp or settings.EMAIL_HOST != "localhost"


# ---------------------------------------------------------------------------- who is meant
def waiting(campaign: Campaign) -> QuerySet[Invitee]:
    """Those of the frame to whom nothing was sent yet."""
    return campaign.invitees.filter(sent_at=None, left_out_reason="")


def unanswered(campaign: Campaign) -> QuerySet[Invitee]:
    """Those who have a form and have not sent it back, and can be reached."""
    return campaign.invitees.filter(
        sent_at__isnull=False, unreachable="", response__isnull=True
    )  # fmt: skip


def chosen(rows: QuerySet[Invitee], only: QuerySet[Invitee] | None) -> list[Invitee]:
    found = rows if only is None else rows.filter(pk__in=only.values("pk"))
    return list(found.select_related("unit").order_by("pk"))


# ---------------------------------------------------------------------------- links
def issue(invitee: Invitee) -> str:
    """A fresh token for an invitee; their earlier link is dead from now on."""
    token = tokens.new()
    invitee.token_hash = tokens.digest(token)
    invitee.save(update_fields=["token_hash"])
    return token


def links(rows: Iterable[Invitee]) -> list[Link]:
    """A fresh link for each, all written with one prepared statement."""
    fresh = [(row, tokens.new()) for row in rows]
    for row, token in fresh:
        row.token_hash = tokens.digest(token)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE surveys_invitee SET token_hash = %s WHERE id = %s",
            [(row.token_hash, row.pk) for row, _token in fresh],
        )
    return [(row, tokens.link(token)) for row, token in fresh]


# ---------------------------------------------------------------------------- commands
def send(
    *,
    campaign: Campaign,
    by: User | None,
    only: QuerySet[Invitee] | None = None,
    mail: bool | None = None,
) -> list[Link]:
    """Send the forms out to whom nothing was sent yet: lock → mark → e-mails and links.

    With `mail` (by default where e-mail is set up) those who have an address get an e-mail; the
    links of all the others are returned, this once, for print or mail merge.
    """
    guard(by)
    with business_transaction():
        campaign = locked(campaign)
        moment = now()
        if moment >= campaign.ends_at:
            raise Conflict(_("The time of this campaign is over."))
        mail = may_mail() if mail is None else mail
        found = chosen(waiting(campaign), only)
        if not found:
            raise Conflict(_("There is nobody to whom a form is still to be sent."))
        mailed = [row for row in found if mail and row.email]
        if mailed and moment < campaign.starts_at:
            raise Conflict(_("E-mails go out once the campaign has begun."))
        for row in found:
            row.sent_at = moment
        mark(found, sent_at=moment)
        invite(mailed, turn="0")
        note(campaign, by, "send", sent=len(found), mailed=len(mailed))
        return links(row for row in found if not (mail and row.email))


def remind(
    *,
    campaign: Campaign,
    by: User,
    only: QuerySet[Invitee] | None = None,
    mail: bool | None = None,
) -> int:
    """Remind those who have not answered; how many. With `mail` by a new link in an e-mail."""
    guard(by)
    with business_transaction():
        campaign = locked(campaign)
        moment = now()
        if not campaign.is_open(moment):
            raise Conflict(_("Reminders go out while the campaign is open."))
        mail = may_mail() if mail is None else mail
        found = chosen(unanswered(campaign), only)
        if not found:
            raise Conflict(_("There is nobody to remind."))
        mark(found, reminders=F("reminders") + 1, reminded_at=moment)
        for row in found:
            row.reminders += 1
        invite((row for row in found if mail and row.email), turn="reminder")
        note(campaign, by, "remind", reminded=len(found))
        return len(found)


def links_again(
    *, campaign: Campaign, by: User, only: QuerySet[Invitee] | None = None
) -> list[Link]:
    """New links for those who have not answered, when a file was lost; the old ones are dead."""
    guard(by)
    with business_transaction():
        campaign = locked(campaign)
        if now() >= campaign.ends_at:
            raise Conflict(_("The time of this campaign is over."))
        found = chosen(unanswered(campaign), only)
        if not found:
            raise Conflict(_("There is nobody who has not answered yet."))
        note(campaign, by, "links_again", links=len(found))
        return links(found)


def leave_out(*, invitee: Invitee, by: User, reason: str) -> Invitee:
    """Take somebody out of the count before anything was sent to them; the reason is shown."""
    guard(by)
    text = checked_reason(reason)
    with business_transaction():
        campaign, invitee = together(invitee)
        if campaign.state not in {CampaignState.DRAFT, CampaignState.LAUNCHED}:
            raise Conflict(_("This campaign was cancelled."))
        if invitee.sent_at is not None or hasattr(invitee, "response"):
            raise Conflict(
                _("A form was sent to them already: say that they cannot be reached instead.")
            )
        if invitee.left_out_reason:
            raise Conflict(_("They were left out already."))
        invitee.left_out_reason, invitee.left_out_by = text, by
        invitee.token_hash = None
        invitee.save(update_fields=["left_out_reason", "left_out_by", "token_hash"])
        note(campaign, by, "leave_out", text, invitee=invitee.external_id)
    return invitee


def unreachable(*, invitee: Invitee, by: User, reason: str) -> Invitee:
    """A form was sent and does not arrive: they are not reminded, and stay in the rate."""
    guard(by)
    text = checked_reason(reason)
    with business_transaction():
        campaign, invitee = together(invitee)
        if invitee.sent_at is None:
            raise Conflict(_("Nothing was sent to them yet."))
        if hasattr(invitee, "response"):
            raise Conflict(_("They have answered."))
        invitee.unreachable = text
        invitee.save(update_fields=["unreachable"])
        note(campaign, by, "unreachable", text, invitee=invitee.external_id)
    return invitee


# ---------------------------------------------------------------------------- parts
def guard(by: User | None) -> None:
    """None is the system itself."""
    if by is not None and not permissions.may_survey(by):
        raise Forbidden(_("Campaigns are run by marketing and quality."))


def locked(campaign: Campaign) -> Campaign:
    """The row everybody who sends queues on; of a launched campaign."""
    found = Campaign.locked(campaign.pk)
    if found.state != CampaignState.LAUNCHED:
        raise Conflict(_("This campaign has not been launched."))
    return found


def together(invitee: Invitee) -> tuple[Campaign, Invitee]:
    """Campaign and invitee, both locked, in this order."""
    campaign = Campaign.locked(invitee.campaign_id)
    found = Invitee.objects.select_for_update(of=("self",)).get(pk=invitee.pk)
    found.campaign = campaign
    return campaign, found


def mark(rows: Sequence[Invitee], **fields: Any) -> None:
    """Write the same on many rows; a statement takes only so many keys."""
    for first in range(0, len(rows), AT_ONCE):
        keys = [row.pk for row in rows[first : first + AT_ONCE]]
        Invitee.objects.filter(pk__in=keys).update(**fields)


def checked_reason(reason: str) -> str:
    problems = Problems()
    text = problems.text("reason", reason, most=300, lines=False, needed=True)
    problems.check()
    return text


def invite(rows: Iterable[Invitee], *, turn: str) -> None:
    """An e-mail to each, once: the first one, or the reminder of this number."""
    moment = now()
    Outbox.objects.bulk_create(
        (
            Outbox(
                topic=INVITATION,
                key=f"{INVITATION}:{row.pk}:{turn}:{row.reminders}",
                payload={"invitee": row.pk, "reminder": turn == "reminder"},
                created=moment,
                due=moment,
            )
            for row in rows
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )


def note(campaign: Campaign, by: User | None, act: str, reason: str = "", **data: Any) -> None:
    """Write into the record what happened beside the states."""
    deed = Deed(by=by, act=act, reason=reason, data=data)
    state = str(campaign.state)
    record.write(campaign, deed, (state, state), versioned=False)


def last_reminded(campaign: Campaign) -> Any:
    return campaign.invitees.aggregate(at=Max("reminded_at"))["at"]
