"""What an input must be like: the same for screens, files and the demo.

Each check takes what was given by field name (rows of other tables as instances), puts what is
wrong under the field, and returns the values to be stored.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from cases.validators import LONG, Problems
from surveys.enums import OF_KIND, InputKind, PressKind, Verdict
from workflows.domain.context import now
from workflows.domain.versions import day_of

EARLIEST = date(1990, 1, 1)
MOST_PIECES = 2_147_483_647
QUANTITY, AMOUNT = (Decimal("99999999999"), 3), (Decimal("99999999999999"), 2)
is_address = URLValidator(schemes=["http", "https"])

Given = Mapping[str, Any]
Check = Callable[[Problems, Given], dict[str, Any]]


def press(problems: Problems, given: Given) -> dict[str, Any]:
    kind, verdict = given.get("kind", ""), given.get("verdict", "")
    if kind not in PressKind.values:
        problems.add("kind", _("Choose one of the list."))
    elif verdict not in OF_KIND[kind]:
        labels = ", ".join(str(Verdict(one).label) for one in OF_KIND[kind])
        problems.add("verdict", _("Choose one of: %(labels)s.") % {"labels": labels})
    return {
        "kind": kind,
        "verdict": verdict,
        "publisher": line(problems, given, "publisher", 120, needed=True),
        "title": line(problems, given, "title", 200, needed=True),
        "published_on": day(problems, given, "published_on"),
        "url": web_address(problems, given, "url"),
        "summary": problems.text("summary", given.get("summary", ""), most=LONG),
    }


def returned(problems: Problems, given: Given) -> dict[str, Any]:
    return {
        "product": row(problems, given, "product"),
        "customer": given.get("customer"),
        "quantity": pieces(problems, given, "quantity", least=1),
        "category": given.get("category"),
        "reason": line(problems, given, "reason", 500),
        "batch_number": line(problems, given, "batch_number", 80),
        "returned_on": day(problems, given, "returned_on"),
    }


def quality(problems: Problems, given: Given) -> dict[str, Any]:
    """Of what was inspected, or else delivered, no more can be bad than there is."""
    delivered = pieces(problems, given, "delivered")
    defective = pieces(problems, given, "defective")
    inspected = None
    if given.get("inspected") is not None:
        inspected = pieces(problems, given, "inspected")
    if not problems.found:
        if inspected is not None and inspected > delivered:
            problems.add("inspected", _("More than were delivered."))
        elif defective > delivered:
            problems.add("defective", _("More than were delivered."))
        elif inspected is not None and defective > inspected:
            problems.add("defective", _("More than were inspected."))
    return {
        "product": row(problems, given, "product"),
        "month": month(problems, given),
        "delivered": delivered,
        "inspected": inspected,
        "defective": defective,
        "unit": line(problems, given, "unit", 20),
    }


def sales(problems: Problems, given: Given) -> dict[str, Any]:
    values = {
        "customer": row(problems, given, "customer"),
        "product": given.get("product"),
        "month": month(problems, given),
        "quantity": decimal(problems, given, "quantity", *QUANTITY),
        "amount": decimal(problems, given, "amount", *AMOUNT),
    }
    if given.get("quantity") is None and given.get("amount") is None:
        problems.add("amount", _("Give a quantity, an amount, or both."))
    return values


CHECKS: dict[str, Check] = {
    InputKind.PRESS: press,
    InputKind.RETURNS: returned,
    InputKind.QUALITY: quality,
    InputKind.SALES: sales,
}


# ---------------------------------------------------------------------------- parts
def line(problems: Problems, given: Given, name: str, most: int, *, needed: bool = False) -> str:
    return problems.text(name, given.get(name, ""), most=most, lines=False, needed=needed)


def row(problems: Problems, given: Given, name: str) -> Any:
    """A row of another table, which must be given."""
    found = given.get(name)
    if found is None:
        problems.add(name, _("Please fill this in."))
    return found


def day(problems: Problems, given: Given, name: str) -> date | None:
    """A day that has been."""
    found: date | None = given.get(name)
    if found is None:
        problems.add(name, _("Please fill this in."))
    elif found < EARLIEST:
        problems.add(name, _("This lies too far back."))
    elif found > day_of(now()):
        problems.add(name, _("This lies in the future."))
    return found


def month(problems: Problems, given: Given) -> date | None:
    """The first day of a month that has begun."""
    return day(problems, {**given, "month": first_of(given.get("month"))}, "month")


def first_of(found: date | None) -> date | None:
    return None if found is None else found.replace(day=1)


def pieces(problems: Problems, given: Given, name: str, *, least: int = 0) -> int:
    """A whole number of pieces."""
    found = given.get(name)
    if found is None:
        problems.add(name, _("Please fill this in."))
        return 0
    if not least <= found <= MOST_PIECES:
        problems.add(
            name, _("Between %(least)s and %(most)s.") % {"least": least, "most": MOST_PIECES}
        )
    return int(found)


def decimal(
    problems: Problems, given: Given, name: str, most: Decimal, places: int
) -> Decimal | None:
    """A figure that is not negative, to so many decimal places; None where none is given."""
    found: Decimal | None = given.get(name)
    if found is None:
        return None
    if not found.is_finite() or not 0 <= found <= most:
        problems.add(name, _("Between %(least)s and %(most)s.") % {"least": 0, "most": most})
    elif found != round(found, places):
        problems.add(name, _("At most %(places)s decimal places.") % {"places": places})
    return found


def web_address(problems: Problems, given: Given, name: str) -> str:
    text = line(problems, given, name, 500)
    if text and name not in problems.found:
        try:
            is_address(text)
        except ValidationError:
            problems.add(name, _("This is no address of the web, like https://example.com/."))
    return text
