"""What the pages of delivery share: who may, and the tabs above them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.web.access import only
from accounts.web.places import sections
from workflows.domain.delivery import Outcome, words
from workflows.permissions import may_operate

operators = only(may_operate)


def frame(request: HttpRequest, active: str) -> dict[str, Any]:
    """The sections of the administration, and below them the three pages of delivery."""
    pages = (
        ("log", _("Delivery log"), "list", "workflows:deliveries"),
        ("endpoints", _("Endpoints"), "speakerphone", "workflows:endpoints"),
        ("wordings", _("Wordings"), "message", "workflows:wordings"),
    )
    kinds = [
        {
            "label": label,
            "icon": icon,
            "url": reverse(page),
            "active": name == active,
            "count": None,
        }
        for name, label, icon, page in pages
    ]
    return {"tabs": sections(request, "delivery"), "kinds": kinds}


def told(outcome: Outcome) -> tuple[bool, str]:
    """Whether a test arrived, and the sentence that says so."""
    if outcome.error is None:
        return True, _("It arrived. Receipt: %(receipt)s") % {"receipt": outcome.receipt}
    return False, _("It did not arrive: %(error)s") % {"error": words(outcome.words)}
