"""Finding the invitee whose form lies on the desk: by number, name, or the scanned code."""

from django.db.models import Q

from surveys.domain import tokens
from surveys.models import Campaign, Invitee

MOST = 20


def matching(campaign: Campaign, text: str) -> list[Invitee]:
    """A scanned link or an exact number finds one; else names and numbers that hold the text."""
    rows = campaign.invitees.select_related("response", "campaign__questionnaire").order_by("pk")
    if "/a/" in text:
        token = text.partition("/a/")[2].split("/")[0].strip()
        return list(rows.filter(token_hash=tokens.digest(token)))
    exact = list(rows.filter(external_id=text))
    if exact:
        return exact
    return list(rows.filter(Q(name__icontains=text) | Q(external_id__icontains=text))[:MOST])
