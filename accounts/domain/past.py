"""What happened to a person or a department, told from the history rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Department, Membership, User

Entry = dict[str, Any]
ACTS: dict[str, tuple[Any, str]] = {
    "add": (gettext_lazy("Added"), "plus"),
    "edit": (gettext_lazy("Changed"), "pencil"),
    "move": (gettext_lazy("Moved"), "sitemap"),
    "deactivate": (gettext_lazy("Deactivated"), "ban"),
    "reactivate": (gettext_lazy("Reactivated"), "refresh"),
    "reset_password": (gettext_lazy("Password reset"), "key"),
    "choose_password": (gettext_lazy("Password chosen"), "key"),
    "grant": (gettext_lazy("Role given"), "user-plus"),
    "end": (gettext_lazy("Role ended"), "minus"),
}
MOST = 200


def of_person(person: User) -> list[Entry]:
    """Changes of the person and of their roles, newest first: two statements."""
    own = entries(User, recent(User.history.filter(id=person.pk)))
    roles = recent(Membership.history.filter(user_id=person.pk)).select_related("department")
    told = [entry(row, body=f"{row.department.label}: {row.get_role_display()}") for row in roles]
    return sorted(own + told, key=lambda each: each["at"], reverse=True)


def of_department(department: Department) -> list[Entry]:
    """Changes of a department, newest first: two statements."""
    names = {row.pk: row.label for row in Department.objects.all()}
    return entries(Department, recent(Department.history.filter(id=department.pk)), names)


def recent(rows: QuerySet) -> QuerySet:
    return rows.select_related("history_user").order_by("-history_date", "-history_id")[:MOST]


def entries(
    model: type[models.Model], newest_first: Iterable[Any], names: dict[int, str] | None = None
) -> list[Entry]:
    """Each row told by what differs from the one before it; `names` are those of parents."""
    rows = list(newest_first)
    told = [
        entry(row, changes=differences(model, before, row, names or {}))
        for row, before in zip(rows, rows[1:], strict=False)
    ]
    return told + [entry(row) for row in rows[-1:]]


def entry(row: Any, *, body: str = "", changes: Iterable[tuple[Any, Any, Any]] = ()) -> Entry:
    title, icon = ACTS.get(row.history_change_reason or "", (_("Changed"), "pencil"))
    at: datetime = row.history_date
    return {
        "kind": "change",
        "act": row.history_change_reason or "",
        "at": at,
        "actor": row.history_user,
        "title": title,
        "icon": icon,
        "tone": "grey",
        "body": body,
        "changes": list(changes),
    }


def differences(
    model: type[models.Model], before: Any, after: Any, names: dict[int, str]
) -> Iterable[tuple[Any, Any, Any]]:
    """(label, before, after) of the columns that differ, as people read them."""
    for field in model._meta.concrete_fields:
        if not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            yield field.verbose_name, shown(field, old, names), shown(field, new, names)


def shown(field: Any, value: Any, names: dict[int, str]) -> Any:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.is_relation:
        return names.get(value, value)
    return dict(field.flatchoices).get(value, value)
