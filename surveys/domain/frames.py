"""Whom a campaign asks: its population, how many are needed, the frame of invitees.

The population of a campaign is a document of customer types, cities, products (the tree below
them) and customer classes; each empty list means all. `drawn` says how the frame was made.
"""

import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from cases.enums import CustomerType
from cases.models import Customer, CustomerClass, Delivery, Product
from cases.validators import Problems
from surveys.domain import periods, policies, policy
from surveys.models import Campaign, CampaignUnit, Invitee
from workflows.domain.acts import command

# 95 % confidence, and the share at which an answer varies most.
Z, HALF = Fraction(196, 100), Fraction(1, 2)
MOST_CITIES = 200
LIST_NAMES = ("customer_types", "cities", "products", "classes")
AT_ONCE = 2000


@dataclass(frozen=True)
class Scope:
    """A population, read: keys of types, names of cities, codes of products and classes."""

    customer_types: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Any) -> "Scope":
        given = document if isinstance(document, dict) else {}
        return cls(**{name: tuple(given.get(name) or ()) for name in LIST_NAMES})

    def document(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in asdict(self).items() if values}


def read_scope(problems: Problems, given: Any) -> Scope:
    """The population that somebody typed or a file holds; what is wrong stands by its field."""
    lists: dict[str, tuple[str, ...]] = {}
    for name in LIST_NAMES:
        values = (given or {}).get(name) or ()
        if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
            problems.add(name, _("A list of names is needed."))
            values = ()
        texts = (problems.text(name, one, most=60, lines=False) for one in values[:MOST_CITIES])
        lists[name] = tuple(dict.fromkeys(filter(None, texts)))
    known = {
        "customer_types": set(CustomerType.values),
        "products": codes(Product, lists["products"]),
        "classes": codes(CustomerClass, lists["classes"]),
    }
    for name, there in known.items():
        if missing := [one for one in lists[name] if one not in there]:
            problems.add(name, _("Not known: %(names)s") % {"names": ", ".join(missing)})
    return Scope(**lists)


def codes(model: Any, wanted: Sequence[str]) -> set[str]:
    if not wanted:
        return set()
    return set(model.objects.filter(code__in=wanted).values_list("code", flat=True))


# ---------------------------------------------------------------------------- population
def source_of(campaign: Campaign) -> policy.Source | None:
    """What the policy of the campaign's period says about its source."""
    if not campaign.source:
        return None
    found = policies.in_force(periods.read(campaign.period))
    return policy.read(found.document).source(campaign.source) if found else None


def population(campaign: Campaign) -> QuerySet[Customer]:
    """The customers a campaign is about: its own scope within the scope of its source."""
    scopes = [Scope.of(campaign.population)]
    if source := source_of(campaign):
        scopes.append(Scope(customer_types=source.customer_types, products=source.products))
    customers = Customer.objects.all()
    for scope in scopes:
        if scope.customer_types:
            customers = customers.filter(type__in=scope.customer_types)
        if scope.cities:
            customers = customers.filter(city__in=scope.cities)
        if scope.classes:
            customers = customers.filter(customer_class__code__in=scope.classes)
    if any(scope.products for scope in scopes):
        customers = customers.filter(Exists(deliveries(scopes)))
    latest = deliveries(scopes).order_by("-delivered_on", "-pk").values("product")[:1]
    return customers.annotate(latest_product=Subquery(latest)).order_by("pk")


def deliveries(scopes: Iterable[Scope]) -> QuerySet[Delivery]:
    """What the customer of the outer query got, of the products that all scopes name."""
    found = Delivery.objects.filter(customer=OuterRef("pk"))
    for scope in scopes:
        if scope.products:
            found = found.filter(below(scope.products))
    return found


def below(products: Sequence[str]) -> Q:
    """The products of these codes and everything below them; nothing for unknown codes."""
    paths = Product.objects.filter(code__in=products).values_list("path", flat=True)
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(product__path__startswith=path)
    return wanted


# ---------------------------------------------------------------------------- how many
def required_n(
    margin: Decimal | Fraction, size: int | None, *, z: Fraction = Z, p: Fraction = HALF
) -> int:
    """How many answers a margin of error (percentage points) needs from `size` customers.

    n0 = z²p(1−p)/e², corrected for the finite population: n0 / (1 + (n0 − 1)/N); exact, rounded
    up. Without a size the population counts as endless.
    """
    if margin <= 0:
        raise ValueError("a margin of error is greater than 0")
    error = Fraction(margin) / 100
    needed = z * z * p * (1 - p) / (error * error)
    if size is not None:
        if size <= 0:
            return 0
        needed = needed / (1 + (needed - 1) / size) if needed > 1 else needed
        return min(size, ceiling(needed))
    return ceiling(needed)


def ceiling(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def forms_for(answers: int, threshold: Decimal, size: int) -> int:
    """How many forms to send out so that this many come back at the rate of the threshold."""
    if threshold <= 0:
        return size
    return min(size, ceiling(answers * 100 / Fraction(threshold)))


# ---------------------------------------------------------------------------- the frame
@command()
def draw(
    campaign: Campaign,
    *,
    by: User,
    at: datetime,
    size: int | None = None,
    seed: int | None = None,
) -> None:
    """Make the frame of a draft anew: everybody, or `size` of them by chance.

    The same seed draws the same customers again, as long as the population is the same.
    """
    keys = list(population(campaign).values_list("pk", flat=True))
    if not keys:
        raise ValidationError(_("Nobody fits the population of this campaign."))
    seed = secrets.randbelow(2**31) if seed is None else seed
    wanted = len(keys) if size is None else size
    if not 0 < wanted <= len(keys):
        raise ValidationError(
            {"size": _("A number from %(least)s to %(most)s is needed.")
             % {"least": 1, "most": len(keys)}}
        )  # fmt: skip
    chosen = sorted(random.Random(seed).sample(keys, wanted)) if wanted < len(keys) else keys  # noqa: S311 (a sample that can be drawn again, no secret)
    campaign.invitees.all().delete()
    Invitee.objects.bulk_create(rows(campaign, chosen), batch_size=AT_ONCE)
    drawn = {"size": wanted, "of": len(keys), "seed": seed}
    campaign.population = {**campaign.population, "drawn": drawn}


def rows(campaign: Campaign, keys: Sequence[int]) -> Iterator[Invitee]:
    """An unsaved invitee for each customer; what describes the customer is copied."""
    units = unit_of_region(campaign.units.all())
    customers: Any = population(campaign)
    digits = max(4, len(str(len(keys))))
    number = 0
    for first in range(0, len(keys), AT_ONCE):
        for customer in customers.filter(pk__in=keys[first : first + AT_ONCE]):
            number += 1
            yield Invitee(
                campaign=campaign,
                external_id=f"{number:0{digits}d}",
                customer=customer,
                name=customer.name,
                customer_type=customer.type,
                product_id=customer.latest_product,
                region=customer.region,
                city=customer.city,
                phone=customer.phone,
                email=customer.email,
                unit_id=units.get(customer.region, units.get("")),
            )


def unit_of_region(units: Iterable[CampaignUnit]) -> dict[str, int]:
    """The department that answers for a region; "" is whoever answers for all the others."""
    found: dict[str, int] = {}
    for unit in units:
        for region in unit.regions or [""]:
            found[region] = unit.department_id
    return found


def distribute(campaign: Campaign) -> None:
    """Give every invitee of a draft to the unit of the region, after the units were changed."""
    units = unit_of_region(campaign.units.all())
    campaign.invitees.update(unit=units.get(""))
    for region, department in units.items():
        if region:
            campaign.invitees.filter(region=region).update(unit=department)
