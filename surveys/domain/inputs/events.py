"""Commands on what happened on a day: media reports, bulletins, returns.

Whatever is changed afterwards is kept beside the row (InputChange); nothing is deleted.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case, Product
from cases.validators import Problems
from surveys.domain.inputs.checks import CHECKS
from surveys.domain.inputs.guards import guard, reason_of
from surveys.models import InputChange, PressCase, PressItem, PressProduct, ReturnedGoods
from surveys.models.inputs import SCREEN, Event
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Stale

T = TypeVar("T", bound=Event)
Changes = list[list[str]]
# What stands before the key of a form where an import has the reference of its source.
FORM_KEY = "form:"


# ---------------------------------------------------------------------------- logging
def log_press(
    *,
    by: User,
    products: Iterable[Product] = (),
    cases: Iterable[Case] = (),
    form_key: str = "",
    **given: Any,
) -> PressItem:
    """Log a media report or a bulletin: guard → check → save → link. The same form sent
    again (by `form_key` and content) gives back what was logged first. Raises Forbidden, and
    ValidationError by field."""
    guard(by)
    with business_transaction():
        item, is_new = logged(PressItem, by, given, form_key)
        if is_new:
            link_products(item, products)
            link_cases(item, cases)
    return item


def log_return(
    *, by: User, case: Case | None = None, form_key: str = "", **given: Any
) -> ReturnedGoods:
    """Log goods that came back, as above."""
    guard(by)
    with business_transaction():
        return logged(ReturnedGoods, by, given, form_key, case=case)[0]


def logged(
    model: type[T], by: User, given: Mapping[str, Any], form_key: str, **more: Any
) -> tuple[T, bool]:
    """The entry, and whether it is new. What the form key stands for is a reference of its own."""
    problems = Problems()
    values = CHECKS[model.KIND](problems, given)
    form_key = problems.text("form_key", form_key, most=40, lines=False)
    problems.check()
    reference = f"{FORM_KEY}{form_key}" if form_key else ""
    if reference:
        first = model._default_manager.filter(source=SCREEN, external_ref=reference).first()
        if first is not None and all(getattr(first, name) == values[name] for name in values):
            return cast(T, first), False
        if first is not None:
            # Somebody went back in the browser and wrote another one into the same form.
            reference = ""
    entry = model(
        **values, **more, source=SCREEN, external_ref=reference, logged_by=by, logged_at=now()
    )
    try:
        entry.save()
    except IntegrityError:
        raise Conflict(_("This form has just been sent already.")) from None
    return entry, True


def link_products(item: PressItem, products: Iterable[Product]) -> None:
    PressProduct.objects.bulk_create(
        PressProduct(item=item, product=product) for product in dict.fromkeys(products)
    )


def link_cases(item: PressItem, cases: Iterable[Case]) -> None:
    PressCase.objects.bulk_create(PressCase(item=item, case=case) for case in dict.fromkeys(cases))


# ---------------------------------------------------------------------------- correcting
def correct_press(
    *,
    by: User,
    item: PressItem,
    seen: int,
    why: str,
    products: Iterable[Product],
    cases: Iterable[Case],
    **given: Any,
) -> PressItem:
    """Write what is right, and keep what was wrong. `seen` is the version its reader had before
    them. Raises Forbidden, Stale, Conflict where it was withdrawn, ValidationError by field."""
    guard(by)
    with business_transaction():
        held, values, why = prepared(item, seen, why, given)
        changes = written(held, values)
        changes += relinked(
            "products",
            {one.product: one for one in held.product_links.select_related("product")},
            list(products),
            lambda missing: link_products(held, missing),
        )
        changes += relinked(
            "cases",
            {one.case: one for one in held.case_links.select_related("case")},
            list(cases),
            lambda missing: link_cases(held, missing),
        )
        return kept(held, changes, why, by)


def correct_return(
    *, by: User, item: ReturnedGoods, seen: int, why: str, case: Case | None, **given: Any
) -> ReturnedGoods:
    """The same for goods that came back."""
    guard(by)
    with business_transaction():
        held, values, why = prepared(item, seen, why, given)
        return kept(held, written(held, {**values, "case": case}), why, by)


def link_case(*, by: User, entry: Event, case: Case) -> Event:
    """Link a case to a report or a return. Linking twice changes nothing."""
    guard(by)
    with business_transaction():
        held = hold(entry, None)
        if isinstance(held, PressItem):
            there = held.case_links.filter(case=case).exists()
            changes = [] if there else [["cases", "", str(case.number)]]
            if not there:
                link_cases(held, [case])
        else:
            changes = written(held, {"case": case})
        return kept(held, changes, "", by)


def withdraw(*, by: User, entry: Event, reason: str) -> Event:
    """Take it out of every count; it stays to be read. Raises Forbidden, Conflict where it was
    withdrawn before, ValidationError without a reason."""
    guard(by)
    problems = Problems()
    reason = reason_of(problems, reason)
    problems.check()
    with business_transaction():
        held = hold(entry, None)
        held.withdrawn_by, held.withdrawn_at, held.withdrawal_reason = by, now(), reason
        return kept(held, [["withdrawn", "", reason]], reason, by)


# ---------------------------------------------------------------------------- steps
def hold(entry: T, seen: int | None) -> T:
    """The row, locked and read afresh."""
    rows = type(entry)._default_manager.select_for_update(no_key=True, of=("self",))
    held = cast(T, rows.get(pk=entry.pk))
    if held.withdrawn_at is not None:
        raise Conflict(_("It was withdrawn: %(reason)s") % {"reason": held.withdrawal_reason})
    if seen is not None and held.version != seen:
        raise Stale(_("A colleague changed this while you were writing."))
    return held


def prepared(
    entry: T, seen: int, why: str, given: Mapping[str, Any]
) -> tuple[T, dict[str, Any], str]:
    held = hold(entry, seen)
    problems = Problems()
    why = reason_of(problems, why)
    values = CHECKS[entry.KIND](problems, given)
    problems.check()
    return held, values, why


def written(entry: Event, values: Mapping[str, Any]) -> Changes:
    """Set what differs; [field, before, after] of it."""
    changes = []
    for name, value in values.items():
        before = getattr(entry, name)
        if before != value:
            changes.append([name, told(before), told(value)])
            setattr(entry, name, value)
    return changes


def told(value: Any) -> str:
    """A value as the record keeps it: a case by its number, nothing as an empty text."""
    if isinstance(value, Case):
        return value.number
    return "" if value is None else str(value)


def relinked(name: str, there: dict[Any, Any], wanted: list[Any], add: Any) -> Changes:
    """Links that are new or gone, as one change: what stood there before, what stands there now."""
    gone = [link for row, link in there.items() if row not in wanted]
    missing = [row for row in dict.fromkeys(wanted) if row not in there]
    if not gone and not missing:
        return []
    for link in gone:
        link.delete()
    add(missing)
    before, after = (", ".join(sorted(map(told, rows))) for rows in (there, set(wanted)))
    return [[name, before, after]]


def kept(entry: T, changes: Changes, reason: str, by: User) -> T:
    """The next version with its line in the record; nothing where nothing was changed."""
    if not changes:
        return entry
    entry.version += 1
    entry.save()
    InputChange.objects.create(
        kind=entry.KIND, entry=entry.pk, version=entry.version, changes=changes, reason=reason,
        by=by, at=now(),
    )  # fmt: skip
    return entry
