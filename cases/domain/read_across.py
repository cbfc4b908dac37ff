"""Where else could the same happen (横向展开)? Similar products and other sites are listed, and
each is looked at before the action is submitted. A look is written once and stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.options import Options
from cases.enums import CheckResult
from cases.models import CorrectiveAction, Product, ReadAcross
from cases.rules import has_unchecked_place
from cases.validators import LONG, Problems
from workflows.domain.acts import command

MOST = 40


@command()
def list_places(
    action: CorrectiveAction,
    *,
    by: User,
    at: datetime,
    products: Sequence[Product] = (),
    sites: Sequence[str] = (),
) -> None:
    """List similar products, and sites or lines in words; what is listed already is not again."""
    problems = Problems()
    named = [problems.text("sites", site, most=200, lines=False) for site in sites]
    known = list(action.read_across.values_list("product", "site"))
    listed, words = {key for key, _site in known}, {site.casefold() for _key, site in known}
    fresh = [
        ReadAcross(action=action, product_id=key, listed_by=by, listed_at=at)
        for key in dict.fromkeys(one.pk for one in products)
        if key not in listed
    ]
    for site in named:
        if site and site.casefold() not in words:
            words.add(site.casefold())
            fresh.append(ReadAcross(action=action, site=site, listed_by=by, listed_at=at))
    if not fresh and not problems.found:
        problems.add("sites", _("Name a product or a site that is not listed yet."))
    if len(known) + len(fresh) > MOST:
        problems.add("sites", _("At most %(n)s places.") % {"n": MOST})
    problems.check()
    ReadAcross.objects.bulk_create(fresh)


@command(has_unchecked_place)
def check_place(
    action: CorrectiveAction, *, by: User, at: datetime, place: int, result: str, note: str
) -> None:
    """Say what the look at a listed place has shown, and how it was looked at."""
    problems = Problems()
    note = problems.text("note", note, most=LONG, needed=True)
    if result not in {CheckResult.AFFECTED, CheckResult.NOT_AFFECTED}:
        problems.add("result", _("Choose one of the list."))
    problems.check()
    waiting = action.read_across.filter(pk=place, result=CheckResult.OPEN)
    if not waiting.update(result=result, note=note, checked_by=by, checked_at=at):
        problems.add("place", _("This place is not listed here, or has been checked already."))
    problems.check()


# ---------------------------------------------------------------------------- reading
def places_of(action: CorrectiveAction) -> list[ReadAcross]:
    """What is listed, with who looked at it: one statement. The action knows what is open."""
    people = ("product", "listed_by", "checked_by")
    found = list(action.read_across.select_related(*people).order_by("pk"))
    waiting = tuple(str(one) for one in found if one.result == CheckResult.OPEN)
    action.__dict__["unchecked_places"] = waiting
    return found


def affected(places: Iterable[ReadAcross]) -> bool:
    return any(one.result == CheckResult.AFFECTED for one in places)


def proposed_products(action: CorrectiveAction, options: Options) -> list[int]:
    """Products of the same family as the one complained of, without those listed already."""
    product: Any = action.case.product
    if product is None or family(product.path) == "/":
        return []
    listed = set(action.read_across.values_list("product", flat=True)) | {product.pk}
    return [
        one.pk
        for one in options.found["product"]
        if family(one.text) == family(product.path) and one.pk not in listed
    ]


def family(path: str) -> str:
    """The path of the product above: "/3/" for "/3/17/"."""
    return path.rstrip("/").rsplit("/", 1)[0] + "/"
