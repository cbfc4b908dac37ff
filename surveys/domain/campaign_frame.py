"""The frame of a campaign in its file: invitees as rows of codes, and back."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.enums import CustomerType
from cases.models import Customer, Product
from cases.validators import Problems
from surveys.models import Campaign, Invitee

LIMITS = {
    "external_id": 60, "name": 120, "customer_type": 20, "region": 60, "city": 60, "phone": 40,
    "email": 254, "left_out_reason": 300,
}  # fmt: skip
KNOWN = {*LIMITS, "customer", "product", "unit"}
NEEDED = ("external_id", "name")
# Whoever made so many mistakes made one mistake.
MOST_PROBLEMS = 100
AT_ONCE = 2000


def rows(campaign: Campaign, *, with_phones: bool) -> Iterator[dict[str, Any]]:
    """The invitees as they stand in a file; empty fields are left out."""
    found = campaign.invitees.select_related("customer", "product", "unit").order_by("pk")
    for one in found.iterator(chunk_size=AT_ONCE):
        row = {name: getattr(one, name) for name in LIMITS if with_phones or name != "phone"}
        row |= {
            "customer": one.customer.external_ref if one.customer else "",
            "product": one.product.code if one.product else "",
            "unit": one.unit.code if one.unit else "",
        }
        yield {name: value for name, value in row.items() if value}


def read(problems: Problems, given: Sequence[dict[str, Any]]) -> list[Invitee]:
    """Unsaved invitees of the rows of a file."""
    products, units = codes(Product, given, "product"), codes(Department, given, "unit")
    customers = by_reference(given)
    found, seen = [], set()
    for number, row in enumerate(given):
        if len(problems.found) >= MOST_PROBLEMS:
            break
        place = f"invitees.{number}"
        one = Invitee(**texts(problems, place, row))
        if one.external_id in seen:
            problems.add(f"{place}.external_id", _("This id stands twice."))
        seen.add(one.external_id)
        one.product_id = code(problems, place, "product", row, products)
        one.unit_id = code(problems, place, "unit", row, units)
        one.customer_id = customers.get(str(row.get("customer", "")))
        found.append(one)
    return found


def texts(problems: Problems, place: str, row: dict[str, Any]) -> dict[str, str]:
    cleaned = {}
    for name in (*LIMITS, *(name for name in row if name not in KNOWN)):
        value = row.get(name, "")
        where = f"{place}.{name}"
        if name not in KNOWN:
            problems.add(where, _("There is nothing of this name."))
        elif not isinstance(value, str):
            problems.add(where, _("A text is needed."))
        else:
            cleaned[name] = problems.text(
                where, value, most=LIMITS[name], lines=False, needed=name in NEEDED
            )
    check_words(problems, place, cleaned)
    return cleaned


def check_words(problems: Problems, place: str, cleaned: dict[str, str]) -> None:
    kind = cleaned.get("customer_type", "")
    if kind and kind not in CustomerType.values:
        problems.add(f"{place}.customer_type", _("There is no such customer type."))
    if cleaned.get("email"):
        try:
            validate_email(cleaned["email"])
        except ValidationError as error:
            problems.add(f"{place}.email", error.messages[0])


def codes(model: Any, given: Sequence[dict[str, Any]], name: str) -> dict[str, int]:
    if not any(row.get(name) for row in given):
        return {}
    return dict(model.objects.values_list("code", "pk"))


def code(
    problems: Problems, place: str, name: str, row: dict[str, Any], known: dict[str, int]
) -> int | None:
    value = row.get(name, "")
    if value == "":
        return None
    if not isinstance(value, str) or value not in known:
        problems.add(f"{place}.{name}", _("Not known: %(names)s") % {"names": str(value)[:40]})
        return None
    return known[value]


def by_reference(given: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Customers by external reference; one that two customers have names nobody."""
    references = {str(row["customer"]) for row in given if row.get("customer")}
    wanted = sorted(one for one in references if "\x00" not in one)
    found: dict[str, int] = {}
    twice: set[str] = set()
    for first in range(0, len(wanted), AT_ONCE):
        part = Customer.objects.filter(external_ref__in=wanted[first : first + AT_ONCE])
        for reference, pk in part.values_list("external_ref", "pk"):
            if reference in found:
                twice.add(reference)
            found[reference] = pk
    return {reference: pk for reference, pk in found.items() if reference not in twice}


def keep(campaign: Campaign, found: Sequence[Invitee], *, by: User) -> None:
    """Write the frame of a draft."""
    for one in found:
        one.campaign = campaign
        one.left_out_by = by if one.left_out_reason else None
    Invitee.objects.bulk_create(found, batch_size=AT_ONCE)
