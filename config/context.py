"""What every page knows: the places a person may go to, and how much waits there.

Everything is worked out when a template asks for it, so a fragment costs nothing. Numbers of
inbox and bell come with one statement, or with none where the view has put what it read anyway
on the request: `request.worklist_counts = {"mine": 3, "pool": 5, "escalated": 0, "unread": 2}`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import may_administer, may_keep_rules, may_read_chart
from surveys import permissions
from workflows.domain import worklist
from workflows.models import Notification


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation. `below` are the paths on which it is the current one."""

    name: str
    label: Any
    icon: str
    below: tuple[str, ...]
    may: Callable[[User], bool]
    counted: bool = False


def everybody(person: User) -> bool:
    return True


def works_on_cases(person: User) -> bool:
    """Everybody but those who only keep people and departments."""
    return bool(person.authority.roles - {Role.ADMINISTRATOR})


def keeps_rules_only(person: User) -> bool:
    """Administration begins with the catalogues for those who do not keep people."""
    return may_keep_rules(person) and not may_administer(person)


def reads_chart_only(person: User) -> bool:
    return may_read_chart(person) and not (may_administer(person) or may_keep_rules(person))


PLACES = (
    Place("workflows:inbox", _("Inbox"), "inbox", ("/inbox/", "/tasks/"), everybody, counted=True),
    Place("cases:list", _("Cases"), "clipboard-text", ("/cases/",), works_on_cases),
    Place("cases:actions", _("Corrective actions"), "list-check", ("/actions/",), works_on_cases),
    Place(
        "surveys:index",
        _("Satisfaction"),
        "mood-smile",
        ("/satisfaction/", "/reviews/"),
        permissions.may_read,
    ),
    Place("surveys:reports", _("Reports"), "report-search", ("/reports/",), permissions.may_read),
    Place("cases:customers", _("Customers"), "users", ("/customers/",), works_on_cases),
    Place(
        "accounts:people", _("Administration"), "settings", ("/administration/",), may_administer
    ),
    Place(
        "cases:catalogues", _("Administration"), "settings", ("/administration/",), keeps_rules_only
    ),
    Place(
        "accounts:departments",
        _("Departments"),
        "sitemap",
        ("/administration/",),
        reads_chart_only,
    ),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {}
    return {
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "bell": SimpleLazyObject(lambda: bell(request)),
        "search_url": address("cases:list") if works_on_cases(person) else None,
        "sign_out_url": address("accounts:sign_out"),
        "person_role": SimpleLazyObject(lambda: roles(person)),
        "person_links": [
            {"label": gettext("My page"), "url": address("accounts:profile"), "icon": "user"},
            {
                "label": gettext("My notifications"),
                "url": address("workflows:preferences"),
                "icon": "bell",
            },
        ],
    }


def address(name: str) -> str | None:
    """The address of a page; nothing where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    person: Any = request.user
    return [
        {
            "label": place.label,
            "url": url,
            "icon": place.icon,
            "active": request.path.startswith(place.below),
            "count": counts(request)["mine"] if place.counted else None,
        }
        for place in PLACES
        if place.may(person) and (url := address(place.name))
    ]


def bell(request: HttpRequest) -> dict[str, Any] | None:
    url = address("workflows:notifications")
    return {"url": url, "count": counts(request)["unread"]} if url else None


def roles(person: User) -> str:
    return ", ".join(str(label) for role, label in Role.choices if role in person.authority.roles)


# ---------------------------------------------------------------------------- numbers
def counts(request: HttpRequest) -> dict[str, int]:
    """What waits: mine, in my pools, escalated, unread. One statement per request at most."""
    known: dict[str, int] = getattr(request, "worklist_counts", {})
    if not {"mine", "unread"} <= known.keys():
        known = {**read_counts(request.user), **known}  # type: ignore[arg-type]
        request.worklist_counts = known  # type: ignore[attr-defined]
    return known


def read_counts(person: User) -> dict[str, int]:
    """Inbox and bell in one statement; each number has an index of its own."""
    unread = Notification.objects.filter(user=OuterRef("pk"), read_at=None)
    waiting = {name: worklist.tab(person, name) for name in ("mine", "pool", "escalated")}
    numbers = {name: how_many(rows) for name, rows in waiting.items()}
    numbers["unread"] = how_many(unread)
    row: dict[str, int] = User.objects.filter(pk=person.pk).values(**numbers).get()
    return row


def how_many(rows: QuerySet[Any]) -> Any:
    """The number of rows as a column of another statement."""
    one = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    return Coalesce(Subquery(one.annotate(number=Count("pk")).values("number")), 0)
