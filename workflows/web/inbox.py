"""The inbox: what waits for me, what I may claim, what I did, what I set off."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from workflows.domain import registry, worklist
from workflows.models import Task

_KEYS = signing.Signer(salt="inbox-page")


def inbox(request: HttpRequest) -> HttpResponse:
    """One tab of the inbox, one page of it by key."""
    user: Any = request.user
    tab = request.GET.get("tab", "mine")
    tab = tab if tab in worklist.TABS else "mine"
    rows, following = worklist.page(user, tab, after=read_key(request.GET.get("after", "")))
    request.worklist_counts = counts = worklist.counts(user)  # type: ignore[attr-defined]
    given = {
        "tab": tab,
        "tabs": tabs(tab, counts),
        "rows": [dressed(row) for row in rows],
        "page": {"next_url": next_url(tab, following), "prev_url": first_url(request, tab)},
        "here": request.get_full_path(),
    }
    return render(request, "workflows/inbox.html", given)


def dressed(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the page prints it: what is to be done, of what, where it is shown."""
    node = row["flow_task"]
    row["todo"] = str(node.task_title) if node else ""
    outcome = node and getattr(node, "outcomes", {}).get(row["outcome"])
    row["done_as"] = str(outcome.title) if outcome else ""
    row["link"] = registry.link(row["subject_kind"], row["subject_number"]) + "#step"
    row["place"] = Task.place_of(row)
    return row


def tabs(active: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        "mine": _("Mine"),
        "pool": _("My departments"),
        "escalated": _("Overdue and brought to me"),
        "started": _("Started by me"),
        "done": _("Done by me"),
    }
    return [
        {
            "label": label,
            "url": f"{reverse('workflows:inbox')}?tab={name}",
            "active": name == active,
            "count": counts.get(name),
        }
        for name, label in labels.items()
        if name != "escalated" or counts["escalated"] or active == "escalated"
    ]


def next_url(tab: str, key: tuple[datetime, int] | None) -> str:
    if key is None:
        return ""
    return f"{reverse('workflows:inbox')}?tab={tab}&after={sign_key(key)}"


def sign_key(key: tuple[datetime, int]) -> str:
    """The key of a page as it stands in an address."""
    return _KEYS.sign_object([key[0].isoformat(), key[1]])


def first_url(request: HttpRequest, tab: str) -> str:
    return f"{reverse('workflows:inbox')}?tab={tab}" if "after" in request.GET else ""


def read_key(text: str) -> tuple[datetime, int] | None:
    """The key of a page; anything that we did not sign means the first page."""
    try:
        moment, pk = _KEYS.unsign_object(text)
        return datetime.fromisoformat(moment), int(pk)
    except (signing.BadSignature, ValueError, TypeError):
        return None
