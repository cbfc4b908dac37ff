"""What all pages of inputs have around them: tabs, who may, the kind in the address."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.web.access import only
from surveys import permissions
from surveys.domain.inputs.lists import by_key
from surveys.enums import InputKind
from surveys.web.tabs import tabs

readers, loggers = only(permissions.may_read_inputs), only(permissions.may_log_inputs)
LOST = "lost"
MOST_KEY = 2**62
ICONS = {
    InputKind.PRESS: "speakerphone",
    InputKind.RETURNS: "package",
    InputKind.QUALITY: "percentage",
    InputKind.SALES: "chart-line",
}


def kind_of(text: str) -> InputKind:
    try:
        return InputKind(text)
    except ValueError:
        raise Http404 from None


def entry_of(kind: str, pk: int) -> Any:
    entry = by_key(kind_of(kind), min(pk, MOST_KEY))
    if entry is None:
        raise Http404
    return entry


def frame(request: HttpRequest, active: str) -> dict[str, Any]:
    """The tabs of the module, and below them one for each kind of input."""
    places: list[tuple[str, Any, str, str]] = [
        (kind.value, kind.label, reverse("surveys:inputs", args=[kind.value]), ICONS[kind])
        for kind in InputKind
    ]
    places.append((LOST, _("Lost business"), reverse("surveys:lost"), "trending-down"))
    return {
        "tabs": tabs(request),
        "kinds": [
            {"label": label, "url": url, "active": key == active, "icon": icon, "count": None}
            for key, label, url, icon in places
        ],
        "kind": active,
        "logs": permissions.may_log_inputs(request.user),
    }
