"""Commands on monthly figures: delivered quality and sales. A figure never changes; another
revision takes its place, and the one before stays with who made it, when and why."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import Problems
from surveys.domain.inputs.checks import CHECKS
from surveys.domain.inputs.guards import guard, reason_of
from surveys.enums import InputKind
from surveys.models import DeliveredQuality, SalesVolume
from surveys.models.inputs import Figure
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict

T = TypeVar("T", bound=Figure)
# What a figure is of; the rest is the figure.
KEYS: dict[str, tuple[str, ...]] = {
    InputKind.QUALITY: ("product", "month"),
    InputKind.SALES: ("customer", "product", "month"),
}


def log_quality(*, by: User, form_key: str = "", **given: Any) -> DeliveredQuality:
    """The first figure of a product and month. Raises Forbidden, and ValidationError by field;
    where there is another one already, at the month. The same figure again (a form sent
    twice) is no second one."""
    return logged(DeliveredQuality, by, given)


def log_sales(*, by: User, form_key: str = "", **given: Any) -> SalesVolume:
    """The first figure of a customer, product and month."""
    return logged(SalesVolume, by, given)


def logged(model: type[T], by: User, given: Mapping[str, Any]) -> T:
    guard(by)
    with business_transaction():
        problems = Problems()
        values = CHECKS[model.KIND](problems, given)
        problems.check()
        key = {name: values[name] for name in KEYS[model.KIND]}
        rows = model._default_manager.filter(**key)
        current = rows.filter(is_current=True).first()
        if current is not None and all(getattr(current, name) == values[name] for name in values):
            return cast(T, current)
        if current is not None:
            problems.add("month", _("There is a figure of this month already; correct that one."))
            problems.check()
        return stored(model, by, values, number=rows.count() + 1, reason="")


def correct(*, by: User, figure: T, why: str, **given: Any) -> T:
    """Another revision in place of `figure`, which must still be the current one. What the
    figure is of stays as it is. Raises Forbidden, Conflict, ValidationError by field."""
    guard(by)
    with business_transaction():
        held = hold(figure)
        problems = Problems()
        why = reason_of(problems, why)
        key = {name: getattr(held, name) for name in KEYS[held.KIND]}
        values = CHECKS[held.KIND](problems, {**given, **key})
        problems.check()
        if all(getattr(held, name) == value for name, value in values.items()):
            return held
        type(held)._default_manager.filter(pk=held.pk).update(is_current=False)
        return stored(type(held), by, values, number=held.revision + 1, reason=why)


def withdraw(*, by: User, figure: Figure, reason: str) -> None:
    """Take a figure out of every count, without another in its place."""
    guard(by)
    problems = Problems()
    reason = reason_of(problems, reason)
    problems.check()
    with business_transaction():
        held = hold(figure)
        type(held)._default_manager.filter(pk=held.pk).update(
            is_current=False, withdrawn_by=by, withdrawn_at=now(), withdrawal_reason=reason
        )


# ---------------------------------------------------------------------------- steps
def hold(figure: T) -> T:
    """The row, locked. Conflict where it is not the current one any more."""
    rows = type(figure)._default_manager.select_for_update(no_key=True, of=("self",))
    held = cast(T, rows.get(pk=figure.pk))
    if held.withdrawn_at is not None:
        raise Conflict(_("It was withdrawn: %(reason)s") % {"reason": held.withdrawal_reason})
    if not held.is_current:
        raise Conflict(_("A later revision has taken the place of this figure."))
    return held


def stored(model: type[T], by: User, values: Mapping[str, Any], *, number: int, reason: str) -> T:
    figure = model(**values, revision=number, reason=reason, logged_by=by, logged_at=now())
    try:
        figure.save()
    except IntegrityError:
        raise Conflict(_("A colleague has just logged a figure of this month.")) from None
    return figure
