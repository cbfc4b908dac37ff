"""What lists, pages and Excel files of inputs print, by kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from surveys.domain.inputs.readings import Counted
from surveys.enums import InputKind, Verdict
from surveys.models import DeliveredQuality, PressItem, ReturnedGoods, SalesVolume

TONES = {
    Verdict.FAVOURABLE: ("green", "mood-happy"),
    Verdict.NEUTRAL: ("grey", "mood-neutral"),
    Verdict.CRITICAL: ("red", "mood-sad"),
    Verdict.CONFORMING: ("green", "circle-check"),
    Verdict.NOTICE: ("grey", "info-circle"),
    Verdict.NONCONFORMING: ("red", "circle-x"),
    Verdict.RECALL: ("red", "alert-triangle"),
}
NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """`value` gives what an Excel file holds: text, a number, a day, or None."""

    label: Any
    value: Callable[[Any], Any]
    css: str = ""
    month: bool = False

    def text(self, row: Any) -> str:
        """The value as a page prints it."""
        return shown(self.value(row), month=self.month)


def shown(value: Any, *, month: bool = False) -> str:
    match value:
        case None | "":
            return NOTHING
        case date():
            return f"{value:%Y-%m}" if month else f"{value:%Y-%m-%d}"
        case int() | Decimal():
            return f"{plain(value):,}"
    return str(value)


def plain(value: int | Decimal) -> int | Decimal:
    """A quantity of 12, not 12.000; an amount keeps its cents."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def label(row: Any) -> str | None:
    return None if row is None else str(row.label)


def name(row: Any) -> str | None:
    return None if row is None else str(row.name)


def rate(row: DeliveredQuality) -> Decimal | None:
    return Counted(row.delivered, row.base, row.defective).percent


def names(row: PressItem) -> str:
    """Products of an item, where the page has read them."""
    return ", ".join(product.label for product in getattr(row, "named_products", ()))


def numbers(row: Any) -> str:
    """Cases that the reader may open, where the page has asked for them."""
    return ", ".join(getattr(row, "named_cases", ()))


def verbose(model: Any, field: str) -> Any:
    return model._meta.get_field(field).verbose_name


PRESS = (
    Column(_("title"), lambda row: row.title, "wide"),
    Column(_("kind"), lambda row: row.get_kind_display(), "fit"),
    Column(verbose(PressItem, "publisher"), lambda row: row.publisher),
    Column(verbose(PressItem, "verdict"), lambda row: row.get_verdict_display(), "fit"),
    Column(verbose(PressItem, "published_on"), lambda row: row.published_on, "fit"),
    Column(verbose(PressItem, "products"), names),
    Column(verbose(PressItem, "cases"), numbers, "fit"),
)
RETURNS = (
    Column(verbose(ReturnedGoods, "product"), lambda row: label(row.product), "wide"),
    Column(verbose(ReturnedGoods, "quantity"), lambda row: row.quantity, "num"),
    Column(verbose(ReturnedGoods, "category"), lambda row: label(row.category)),
    Column(verbose(ReturnedGoods, "reason"), lambda row: row.reason),
    Column(verbose(ReturnedGoods, "customer"), lambda row: name(row.customer)),
    Column(verbose(ReturnedGoods, "batch_number"), lambda row: row.batch_number, "fit"),
    Column(verbose(ReturnedGoods, "returned_on"), lambda row: row.returned_on, "fit"),
    Column(
        verbose(ReturnedGoods, "case"), numbers, "fit"
    ),
)  # fmt: skip
QUALITY = (
    Column(verbose(DeliveredQuality, "product"), lambda row: label(row.product), "wide"),
    Column(verbose(DeliveredQuality, "month"), lambda row: row.month, "fit", month=True),
    Column(verbose(DeliveredQuality, "delivered"), lambda row: row.delivered, "num"),
    Column(verbose(DeliveredQuality, "inspected"), lambda row: row.inspected, "num"),
    Column(verbose(DeliveredQuality, "defective"), lambda row: row.defective, "num"),
    Column(_("defect rate in %"), rate, "num"),
    Column(verbose(DeliveredQuality, "unit"), lambda row: row.unit, "fit"),
)
SALES = (
    Column(verbose(SalesVolume, "customer"), lambda row: name(row.customer), "wide"),
    Column(verbose(SalesVolume, "product"), lambda row: label(row.product)),
    Column(verbose(SalesVolume, "month"), lambda row: row.month, "fit", month=True),
    Column(verbose(SalesVolume, "quantity"), lambda row: row.quantity, "num"),
    Column(verbose(SalesVolume, "amount"), lambda row: row.amount, "num"),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    InputKind.PRESS: PRESS,
    InputKind.RETURNS: RETURNS,
    InputKind.QUALITY: QUALITY,
    InputKind.SALES: SALES,
}
