"""Commands about catalogues. An entry is switched off, never removed: cases point at it.

Its code is the name by which defaults and imports find it again, so it is given once; only
products, which the software does not bring along, may get another one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_keep_rules
from cases.domain import defaults
from cases.models import Category, Channel, Product
from cases.models.catalogue import Entry
from cases.validators import Problems
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden

CATALOGUES: dict[str, type[Entry]] = {**defaults.CATALOGUES, "products": Product}
LIMITS = {"code": 40, "name": 100, "name_en": 100}
NEEDED = {"code", "name"}
LAST_POSITION = 32_767
_PATH_LENGTH = 200


def fields_of(model: type[Entry]) -> tuple[str, ...]:
    """What an entry of this catalogue consists of."""
    more = {Category: ("department",), Product: ("department", "parent")}
    return ("code", "name", "name_en", "position", *more.get(model, ()))


def changeable(model: type[Entry]) -> tuple[str, ...]:
    return tuple(name for name in fields_of(model) if name != "code" or model is Product)


def add_entry(
    *,
    by: User,
    model: type[Entry],
    code: str,
    name: str,
    name_en: str = "",
    position: int | None = None,
    **places: Any,
) -> Any:
    """Add an entry, at the end when no position is given. Raises ValidationError by field.

    `places`: the usual department of a category or product, the parent of a product.
    """
    guard(by)
    known(places, fields_of(model))
    with business_transaction(), one_code(code):
        hold(model, places.get("parent"))
        entry = model()
        if position is None:
            position = following(model)
        write(entry, code=code, name=name, name_en=name_en, position=position, **places)
        entry.save(force_insert=True)
        if isinstance(entry, Product):
            entry.path = path_below(entry.parent, entry)
            entry.save(update_fields=["path"])
    return entry


def change_entry(*, by: User, entry: Any, **changes: Any) -> None:
    """Change what is named; a product with another parent takes its branch along."""
    guard(by)
    known(changes, changeable(type(entry)))
    with business_transaction(), one_code(changes.get("code", "")):
        hold(type(entry), entry, changes.get("parent"))
        before = getattr(entry, "path", "")
        write(entry, **changes)
        if changes:
            entry.save(update_fields=list(changes))
        if "parent" in changes:
            move_branch(entry, before)


def switch_off(*, by: User, entry: Any) -> None:
    """It can no longer be chosen; what has chosen it keeps it."""
    guard(by)
    with business_transaction():
        hold(type(entry), entry)
        if reason := why_kept(entry):
            raise Conflict(reason)
        entry.is_active = False
        entry.save(update_fields=["is_active"])


def switch_on(*, by: User, entry: Any) -> None:
    guard(by)
    with business_transaction():
        hold(type(entry), entry)
        parent = getattr(entry, "parent", None)
        if parent is not None and not parent.is_active:
            raise Conflict(_("%(name)s is not active.") % {"name": parent.label})
        entry.is_active = True
        entry.save(update_fields=["is_active"])


def why_kept(entry: Any) -> str | None:
    """Why an entry cannot be switched off; None when it can."""
    if isinstance(entry, Product):
        below = [child.label for child in entry.children.filter(is_active=True)[:4]]
        if below:
            names = ", ".join(below[:3]) + (" …" if len(below) > 3 else "")
            return _("Active products lie below it: %(names)s.") % {"names": names}
    if isinstance(entry, Channel):
        others = Channel.objects.filter(is_active=True).exclude(pk=entry.pk)
        if not others.exists():
            return _("This is the last channel, and no case can be logged without one.")
    return None


# ---------------------------------------------------------------------------- guards
def guard(by: User) -> None:
    if not may_keep_rules(by):
        raise Forbidden(_("Only quality managers and administrators keep the catalogues."))


def known(given: dict[str, Any], names: tuple[str, ...]) -> None:
    if unknown := given.keys() - set(names):
        raise TypeError(f"not editable: {sorted(unknown)}")


@contextmanager
def one_code(code: str) -> Iterator[None]:
    """Of two people who give out the same code at once, the second is told like any other."""
    try:
        yield
    except IntegrityError as error:
        raise ValidationError(
            {"code": _("The code %(code)s is taken.") % {"code": code}}
        ) from error


def hold(model: type[Entry], *held: Any) -> None:
    """Hold the catalogue until the transaction ends and read those in hand again.

    All of it: it is rarely changed, and two people moving branches at once could close a ring.
    """
    list(model._default_manager.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for entry in held:
        if entry is not None:
            entry.refresh_from_db()


# ---------------------------------------------------------------------------- writing
def write(entry: Any, **given: Any) -> None:
    """Check what is given and set it on the entry; what is wrong is raised all at once."""
    problems = Problems()
    for name in LIMITS.keys() & given.keys():
        given[name] = problems.text(
            name, given[name], most=LIMITS[name], lines=False, needed=name in NEEDED
        )
    check_code(entry, given.get("code"), problems)
    position = given.get("position", 0)
    if position is None or not 0 <= position <= LAST_POSITION:
        problems.add("position", _("Between 0 and %(most)s.") % {"most": LAST_POSITION})
    check_department(entry, given.get("department"), problems)
    check_parent(entry, given.get("parent"), problems)
    problems.check()
    for name, value in given.items():
        setattr(entry, name, value)


def check_code(entry: Entry, code: str | None, problems: Problems) -> None:
    """Capitals do not make another code: an import would not tell the two apart."""
    if not code:
        return
    others = type(entry)._default_manager.exclude(pk=entry.pk)
    if holder := others.filter(code__iexact=code).first():
        problems.add(
            "code",
            _("The code %(code)s is taken: %(name)s.") % {"code": code, "name": holder.label},
        )


def check_department(entry: Any, department: Any, problems: Problems) -> None:
    if department is None or department.is_active or department.pk == entry.department_id:
        return
    problems.add("department", _("%(name)s is not active.") % {"name": department.label})


def check_parent(entry: Any, parent: Product | None, problems: Problems) -> None:
    if parent is None or parent.pk == entry.parent_id:
        return
    if entry.path and parent.path.startswith(entry.path):
        problems.add("parent", _("A product cannot lie below itself or one of its own."))
    elif not parent.is_active:
        problems.add("parent", _("%(name)s is not active.") % {"name": parent.label})


def following(model: type[Entry]) -> int:
    last = model._default_manager.aggregate(last=Max("position"))["last"]
    return 0 if last is None else min(last + 1, LAST_POSITION)


def path_below(parent: Product | None, product: Product) -> str:
    path = f"{parent.path if parent else '/'}{product.pk}/"
    if len(path) > _PATH_LENGTH:
        raise ValidationError({"parent": _("The product tree would become too deep.")})
    return path


def move_branch(product: Product, old: str) -> None:
    """The paths of a product and of everything below it follow its parent."""
    new = path_below(product.parent, product)
    branch = Product.objects.filter(path__startswith=old)
    longest = max(len(path) for path in branch.values_list("path", flat=True))
    if longest - len(old) + len(new) > _PATH_LENGTH:
        raise ValidationError({"parent": _("The product tree would become too deep.")})
    branch.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    product.path = new
