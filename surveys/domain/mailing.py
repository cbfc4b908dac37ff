"""The e-mail with the personal link, in Chinese and in English below it."""

from typing import Any

from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _, override

from surveys.domain import sending, tokens
from surveys.enums import CampaignState
from surveys.models import Invitee
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.models import Outbox

# We do not know which language a customer reads: the company's own comes first.
LANGUAGES = ("zh-hans", "en")


@outbox.handles(sending.INVITATION, slow=True)
def mail_invitation(row: Outbox) -> None:
    """Make the link and send it. A second try makes a new link; the last mail's link works."""
    invitee = (
        Invitee.objects.select_related("campaign", "response")
        .filter(pk=row.payload["invitee"])
        .first()
    )
    if invitee is None or not wanted(invitee):
        return
    address = tokens.link(sending.issue(invitee))
    reminder = bool(row.payload.get("reminder"))
    subject, text = letter(invitee, address, reminder=reminder)
    send_mail(subject, text, None, [invitee.email])


def wanted(invitee: Invitee) -> bool:
    """Whether a link still makes sense when the mail's turn comes."""
    campaign = invitee.campaign
    return bool(
        invitee.email
        and not invitee.left_out_reason
        and not hasattr(invitee, "response")
        and campaign.state == CampaignState.LAUNCHED
        and now() < campaign.ends_at
    )


def letter(invitee: Invitee, address: str, *, reminder: bool) -> tuple[str, str]:
    """Subject and text of the mail; a title is one line, so it cannot add a header."""
    subjects, texts = [], []
    for language in LANGUAGES:
        with override(language):
            subjects.append(str(subject_line(reminder)))
            texts.append(body(invitee, address, reminder=reminder))
    return f"{' / '.join(subjects)}: {invitee.campaign.title}", "\n\n– – –\n\n".join(texts)


def subject_line(reminder: bool) -> str:
    return _("Reminder: please answer our survey") if reminder else _("Please answer our survey")


def body(invitee: Invitee, address: str, *, reminder: bool) -> str:
    last = timezone.localtime(invitee.campaign.ends_at)
    given: dict[str, Any] = {
        "name": invitee.name,
        "link": address,
        "until": f"{last:%Y-%m-%d %H:%M}",
    }
    lines = [
        _("Dear customer %(name)s,") % given,
        "",
        _("your opinion helps us to become better. Please open this link and answer our survey:"),
        address,
        "",
        _("The link is yours alone and works until %(until)s.") % given,
    ]
    if reminder:
        lines.append(_("It replaces the link that we sent you before."))
    return "\n".join(lines)
