"""The sections of the administration that a person may open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import may_administer


def sections(request: HttpRequest, active: str) -> list[dict[str, Any]]:
    every = [
        ("people", _("People"), "users", "accounts:people"),
        ("departments", _("Departments"), "sitemap", "accounts:departments"),
        ("leaves", _("Leave"), "calendar", "accounts:leaves"),
    ]
    shown = every if may_administer(request.user) else every[1:2]
    return [
        {"label": label, "icon": icon, "url": reverse(name), "active": key == active, "count": None}
        for key, label, icon, name in shown
    ]
