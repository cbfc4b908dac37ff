"""What the analysis report asks of the other inputs: plain values, each with the address of the
rows behind it. Who may read them is for the caller to ask (permissions.may_read_inputs).

The number of statements does not depend on how many rows there are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Coalesce

from cases.domain.importing.customers import chunks
from cases.models import Category, Customer, Product
from surveys.domain.inputs import lost, lost_policy
from surveys.domain.inputs.lost import Purchases, Span
from surveys.domain.periods import Period
from surveys.enums import InputKind, Measure, PressKind, Trade, Verdict
from surveys.models import (
    DeliveredQuality,
    LostBusinessPolicy,
    PressCase,
    PressItem,
    PressProduct,
    ReturnedGoods,
    SalesVolume,
)

HUNDREDTH = Decimal("0.01")
MILLION = Decimal(1_000_000)


def address(kind: str, **filters: Any) -> str:
    """The list of a kind of input, filtered."""
    given = {name: str(value) for name, value in filters.items() if value}
    return f"/satisfaction/inputs/{kind}/" + (f"?{urlencode(given)}" if given else "")


# ---------------------------------------------------------------------------- press
@dataclass(frozen=True)
class CaseLink:
    """A linked case; whether the reader may open it is for the page to find out."""

    pk: int
    number: str
    url: str


@dataclass(frozen=True)
class Press:
    """A media report or bulletin."""

    pk: int
    kind: PressKind
    publisher: str
    title: str
    published_on: date
    verdict: Verdict
    summary: str
    source_url: str
    products: tuple[Product, ...]
    cases: tuple[CaseLink, ...]
    url: str


def press(period: Period, kind: str = "") -> list[Press]:
    """What was published in a period, the oldest first: three statements."""
    rows = PressItem.objects.standing().filter(
        published_on__gte=period.first_day, published_on__lt=period.day_after
    )
    if kind:
        rows = rows.filter(kind=kind)
    items = list(rows.order_by("published_on", "pk"))
    cases, products = links(items)
    return [
        Press(
            pk=item.pk,
            kind=PressKind(item.kind),
            publisher=item.publisher,
            title=item.title,
            published_on=item.published_on,
            verdict=Verdict(item.verdict),
            summary=item.summary,
            source_url=item.url,
            products=tuple(products.get(item.pk, ())),
            cases=tuple(cases.get(item.pk, ())),
            url=item.get_absolute_url(),
        )
        for item in items
    ]


def links(
    items: Iterable[PressItem],
) -> tuple[dict[int, list[CaseLink]], dict[int, list[Product]]]:
    """Cases and products of items, by the key of the item: two statements for hundreds."""
    cases: dict[int, list[CaseLink]] = {}
    products: dict[int, list[Product]] = {}
    for keys in chunks([item.pk for item in items]):
        rows = PressCase.objects.filter(item__in=keys).select_related("case")
        for one in rows.only("item", "case", "case__number", "case__state").order_by(
            "case__number"
        ):
            link = CaseLink(one.case_id, one.case.number, one.case.get_absolute_url())
            cases.setdefault(one.item_id, []).append(link)
        named = PressProduct.objects.filter(item__in=keys).select_related("product")
        for each in named.order_by("product__code"):
            products.setdefault(each.item_id, []).append(each.product)
    return cases, products


# ---------------------------------------------------------------------------- returns
@dataclass(frozen=True)
class Returned:
    """Goods of a product that came back for one category of reason (None: not said)."""

    product: Product
    category: Category | None
    quantity: int
    before: int
    entries: int
    url: str


def returns(period: Period) -> list[Returned]:
    """By product and category with the period before beside it, the most first."""
    now, earlier = returned_in(period), returned_in(period.before)
    products = Product.objects.in_bulk({product for product, _category in now | earlier})
    categories = Category.objects.in_bulk({key for _product, key in now | earlier if key})
    found = [
        Returned(
            product=products[product],
            category=categories.get(category) if category else None,
            quantity=now.get((product, category), (0, 0))[0],
            before=earlier.get((product, category), (0, 0))[0],
            entries=now.get((product, category), (0, 0))[1],
            url=address(
                InputKind.RETURNS, period=period.code, product=product, category=category or "none"
            ),
        )
        for product, category in now | earlier
    ]
    return sorted(found, key=lambda one: (-one.quantity, -one.before, one.product.code))


def returned_in(period: Period) -> dict[tuple[int, int | None], tuple[int, int]]:
    """(product, category) → pieces and entries."""
    rows = ReturnedGoods.objects.standing().filter(
        returned_on__gte=period.first_day, returned_on__lt=period.day_after
    )
    sums = rows.order_by().values_list("product", "category")
    return {
        (product, category): (pieces, entries)
        for product, category, pieces, entries in sums.annotate(Sum("quantity"), Count("pk"))
    }


# ---------------------------------------------------------------------------- delivered quality
@dataclass(frozen=True)
class Counted:
    """Pieces of one product in a period. `base` is what was inspected, or else delivered."""

    delivered: int
    base: int
    defective: int

    @property
    def percent(self) -> Decimal | None:
        """The defect rate; None where nothing was delivered."""
        return self.rate(Decimal(100), HUNDREDTH)

    @property
    def ppm(self) -> Decimal | None:
        """The defect rate in defective pieces of a million."""
        return self.rate(MILLION, Decimal(1))

    def rate(self, of: Decimal, step: Decimal) -> Decimal | None:
        if not self.base:
            return None
        return (self.defective * of / self.base).quantize(step, ROUND_HALF_UP)


NOTHING = Counted(0, 0, 0)


@dataclass(frozen=True)
class Quality:
    """How well a product held that was delivered, against the period before."""

    product: Product
    unit: str
    now: Counted
    before: Counted
    url: str

    @property
    def change(self) -> Decimal | None:
        """In parts per million; None where one of the two is not known."""
        if self.now.ppm is None or self.before.ppm is None:
            return None
        return self.now.ppm - self.before.ppm


def delivered_quality(period: Period) -> list[Quality]:
    """By product and unit, the highest rate first."""
    now, earlier = counted_in(period), counted_in(period.before)
    products = Product.objects.in_bulk({product for product, _unit in now | earlier})
    found = [
        Quality(
            product=products[product],
            unit=unit,
            now=now.get((product, unit), NOTHING),
            before=earlier.get((product, unit), NOTHING),
            url=address(InputKind.QUALITY, period=period.code, product=product),
        )
        for product, unit in now | earlier
    ]
    return sorted(found, key=lambda one: (-(one.now.ppm or -1), one.product.code))


def counted_in(period: Period) -> dict[tuple[int, str], Counted]:
    rows = DeliveredQuality.objects.standing().filter(
        month__gte=period.first_day, month__lt=period.day_after
    )
    sums = (
        rows.order_by()
        .values_list("product", "unit")
        .annotate(
            out=Sum("delivered"),
            of=Sum(Coalesce(F("inspected"), F("delivered"))),
            bad=Sum("defective"),
        )
    )
    return {(product, unit): Counted(*counts) for product, unit, *counts in sums}


def quality_total(lines: Sequence[Quality]) -> tuple[Counted, Counted]:
    """All products together, in the period and in the one before."""

    def together(parts: list[Counted]) -> Counted:
        return Counted(
            sum(part.delivered for part in parts),
            sum(part.base for part in parts),
            sum(part.defective for part in parts),
        )

    return together([line.now for line in lines]), together([line.before for line in lines])


# ---------------------------------------------------------------------------- lost business
@dataclass(frozen=True)
class LostCustomer:
    """A customer with what they bought then and now."""

    customer: Customer
    figures: Purchases
    url: str

    @property
    def trade(self) -> Trade:
        return self.figures.trade


@dataclass(frozen=True)
class LostBusiness:
    """Who was lost, falls, is new or came back, and by which rules that was found.

    `now` and `before` are the months compared; `total` and `total_before` what all customers
    bought in them; `unmeasured` counts customers whose figures are in the other measure. Without
    any figures of the earlier months nothing is compared: `comparable` is false.
    """

    policy: LostBusinessPolicy
    now: Span
    before: Span
    lines: tuple[LostCustomer, ...]
    total: Decimal
    total_before: Decimal
    unmeasured: int
    comparable: bool

    def of(self, *trades: str) -> list[LostCustomer]:
        return [line for line in self.lines if line.trade in trades]

    @property
    def counts(self) -> Counter[Trade]:
        return Counter(line.trade for line in self.lines)


def lost_business(period: Period, policy: LostBusinessPolicy | None = None) -> LostBusiness:
    """The customers of a period against the earlier one, by the policy that judges it (or
    another one, to see what it would find): six statements."""
    rules = policy or lost_policy.judging(period)
    sales = SalesVolume.objects.standing()
    measured = sales.filter(**{f"{rules.measure}__isnull": False})
    last = (
        measured.filter(month__gte=period.first_day, month__lt=period.day_after)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    now, before = lost.spans(period, rules.comparison, last)
    bought, had = (lost.added(monthly(sales, span, rules.measure)) for span in (now, before))
    present, past = without_unknown(bought), without_unknown(had)
    fresh = {key for key, figure in present.items() if figure and not past.get(key)}
    ever = set(
        measured.filter(month__lt=before.first, **{f"{rules.measure}__gt": 0})
        .order_by()
        .values_list("customer", flat=True)
        .distinct()
    )
    comparable = bool(past) and bool(present)
    found = (
        lost.compare(lost_policy.rules_of(rules), now=present, before=past, ever=ever & fresh)
        if comparable
        else []
    )
    return LostBusiness(
        policy=rules,
        now=now,
        before=before,
        lines=tuple(named(found)),
        total=sum(present.values(), Decimal(0)),
        total_before=sum(past.values(), Decimal(0)),
        unmeasured=len((bought.keys() | had.keys()) - (present.keys() | past.keys())),
        comparable=comparable,
    )


def monthly(sales: Any, span: Span, measure: str) -> Iterable[tuple[int, date, bool, Any]]:
    """Sums by customer and month, totals apart from products."""
    rows = sales.filter(month__gte=span.first, month__lt=span.after).order_by()
    whole = ExpressionWrapper(Q(product=None), output_field=BooleanField())
    sums = rows.annotate(whole=whole).values_list("customer", "month", "whole")
    column: Any = SalesVolume._meta.get_field(measure)
    step = Decimal(1).scaleb(-column.decimal_places)
    for *key, figure in sums.annotate(Sum(measure)).iterator(2000):
        # SQLite adds in floating point: the sum has the places of its parts again here.
        yield *key, None if figure is None else figure.quantize(step)


def without_unknown(found: Mapping[int, Decimal | None]) -> dict[int, Decimal]:
    return {key: figure for key, figure in found.items() if figure is not None}


def named(found: Sequence[Purchases]) -> list[LostCustomer]:
    customers: dict[int, Customer] = {}
    keys = [one.customer for one in found if one.trade != Trade.STEADY]
    keys += [one.customer for one in found if one.trade == Trade.STEADY]
    for start in range(0, len(keys), 5000):
        customers |= Customer.objects.in_bulk(keys[start : start + 5000])
    return [
        LostCustomer(customers[one.customer], one, address(InputKind.SALES, customer=one.customer))
        for one in found
    ]


def measure_words(measure: str) -> str:
    return str(Measure(measure).label)
