"""The tabs above every page of the module; a page that is not there yet has no tab."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from surveys import permissions


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """For `_components/tabs.html`; the current one is told by the path."""
    user: Any = request.user
    places = [
        (_("Index"), "surveys:index", permissions.may_read),
        (_("Campaigns"), "surveys:campaigns", permissions.may_read),
        (_("Questionnaires"), "surveys:questionnaires", permissions.may_read),
        (_("Integrity"), "surveys:findings", permissions.may_read),
        (_("Ranking"), "surveys:ranking", permissions.may_read),
        (_("Management reviews"), "surveys:reviews", permissions.reads_reviews),
        (_("Other inputs"), "surveys:inputs_home", permissions.may_read_inputs),
        (_("Rules"), "surveys:policy", permissions.may_read),
    ]
    found = [(label, address(name)) for label, name, may in places if may(user)]
    return [
        {"label": label, "url": url, "active": is_here(request, url, found), "count": None}
        for label, url in found
        if url
    ]


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def is_here(request: HttpRequest, url: str, found: list[tuple[str, str]]) -> bool:
    """The longest address that the path begins with is the current one."""
    fitting = [other for _label, other in found if other and request.path.startswith(other)]
    return bool(fitting) and url == max(fitting, key=len)
