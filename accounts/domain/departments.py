"""Commands about the department tree. All of them hold the whole tree: it is small and rarely
changed, and two people moving its branches at once could close a ring."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _, ngettext

from accounts.domain.duties import of_department
from accounts.domain.saving import check, save
from accounts.enums import Function
from accounts.errors import AccountRefused
from accounts.models import Department, Membership, User

EDITABLE = frozenset({"code", "name", "name_en", "function"})
_PATH_LENGTH = 200


def lock_tree(*held: Department | None) -> None:
    """Hold every department until the transaction ends, and read those in hand again."""
    list(Department.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for department in held:
        if department is not None:
            department.refresh_from_db()


def add_department(
    *,
    by: User | None,
    code: str,
    name: str,
    name_en: str = "",
    function: Function | str = Function.OTHER,
    parent: Department | None = None,
    at: datetime | None = None,
) -> Department:
    """Add a department below `parent`."""
    with transaction.atomic():
        lock_tree(parent)
        refuse_inactive(parent)
        department = Department(
            code=code, name=name, name_en=name_en, function=function, parent=parent
        )
        check(department, exclude=["path"])
        save(department, by=by, act="add", at=at)
        department.path = path_below(parent, department)
        Department.objects.filter(pk=department.pk).update(path=department.path)
    return department


def edit_department(
    *, by: User | None, department: Department, at: datetime | None = None, **changes: Any
) -> None:
    """Change code, names or function; with `parent` the department moves as well."""
    moves = "parent" in changes
    parent = changes.pop("parent", None)
    if unknown := changes.keys() - EDITABLE:
        raise TypeError(f"not editable: {sorted(unknown)}")
    with transaction.atomic():
        lock_tree(department)
        for name, value in changes.items():
            setattr(department, name, value)
        check(department, exclude=["path"])
        if changes:
            save(department, by=by, act="edit", at=at, fields=changes)
        if moves:
            move_department(by=by, department=department, parent=parent, at=at)


def move_department(
    *,
    by: User | None,
    department: Department,
    parent: Department | None,
    at: datetime | None = None,
) -> None:
    """Hang a department below another one; everything below it comes along."""
    with transaction.atomic():
        lock_tree(department, parent)
        if parent is not None and parent.path.startswith(department.path):
            raise ValidationError(
                {"parent": _("A department cannot lie below itself or one of its own.")}
            )
        refuse_inactive(parent)
        if department.parent_id == (parent.pk if parent else None):
            return
        old, new = department.path, path_below(parent, department)
        subtree = Department.objects.filter(path__startswith=old)
        longest = max(len(path) for path in subtree.values_list("path", flat=True))
        if longest - len(old) + len(new) > _PATH_LENGTH:
            raise ValidationError({"parent": _("The tree would become too deep.")})
        department.parent = parent
        save(department, by=by, act="move", at=at, fields=["parent"])
        subtree.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
        department.path = new


def path_below(parent: Department | None, department: Department) -> str:
    path = f"{parent.path if parent else '/'}{department.pk}/"
    if len(path) > _PATH_LENGTH:
        raise ValidationError({"parent": _("The tree would become too deep.")})
    return path


def refuse_inactive(parent: Department | None) -> None:
    if parent is not None and not parent.is_active:
        raise ValidationError({"parent": _("%(name)s is not active.") % {"name": parent.label}})


def why_kept(department: Department) -> str | None:
    """Why a department cannot be switched off; None when it can."""
    children = [
        child.label for child in department.children.filter(is_active=True).order_by("path")[:4]
    ]
    if children:
        return _("Active departments lie below it: %(names)s.") % {"names": listed(children)}
    members = Membership.objects.filter(department=department, until=None, user__is_active=True)
    names = list(dict.fromkeys(members.order_by("pk").values_list("user__name", flat=True)))
    if names:
        return ngettext(
            "%(count)s person still belongs to it: %(names)s.",
            "%(count)s people still belong to it: %(names)s.",
            len(names),
        ) % {"count": len(names), "names": listed(names)}
    return of_department(department)


def listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def deactivate_department(*, by: User, department: Department, at: datetime | None = None) -> None:
    """Switch a department off; refused while it has members, active departments or open work."""
    with transaction.atomic():
        lock_tree(department)
        if reason := why_kept(department):
            raise AccountRefused(reason)
        department.is_active = False
        save(department, by=by, act="deactivate", at=at, fields=["is_active"])


def reactivate_department(*, by: User, department: Department, at: datetime | None = None) -> None:
    with transaction.atomic():
        lock_tree(department)
        parent = department.parent
        if parent is not None and not parent.is_active:
            raise AccountRefused(_("%(name)s is not active.") % {"name": parent.label})
        department.is_active = True
        save(department, by=by, act="reactivate", at=at, fields=["is_active"])
