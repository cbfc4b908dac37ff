"""The sections of the administration that a person may open; upper apps add theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_administer, may_read_chart


@dataclass(frozen=True)
class Section:
    """One tab of the administration: its key, its words, the page it leads to, and for whom."""

    key: str
    label: Any
    icon: str
    page: str
    may: Callable[[Any], bool]


_sections = {
    one.key: one
    for one in (
        Section("people", _("People"), "users", "accounts:people", may_administer),
        Section("departments", _("Departments"), "sitemap", "accounts:departments", may_read_chart),
        Section("leaves", _("Leave"), "calendar", "accounts:leaves", may_administer),
    )
}


def register(section: Section) -> None:
    """Add the section of an upper app, from its `apps.ready`."""
    _sections[section.key] = section


def sections(request: HttpRequest, active: str) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "icon": one.icon,
            "url": reverse(one.page),
            "active": one.key == active,
            "count": None,
        }
        for one in _sections.values()
        if one.may(request.user)
    ]
