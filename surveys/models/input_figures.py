"""Delivered quality and sales volume: figures of a month, in revisions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from surveys.enums import InputKind
from surveys.models.inputs import Figure, of_a_month, withdrawn_whole


class DeliveredQuality(Figure):
    """How many pieces of a product were delivered in a month, and how many of them were bad.

    `inspected` is empty where nobody counted: then the rate is of what was delivered.
    """

    KIND = InputKind.QUALITY

    product = models.ForeignKey(
        "cases.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    delivered = models.PositiveIntegerField(_("delivered"))
    inspected = models.PositiveIntegerField(_("inspected"), null=True, blank=True)
    defective = models.PositiveIntegerField(_("defective"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("delivered quality")
        verbose_name_plural = _("delivered quality")
        ordering = ["-month", "-pk"]
        indexes = [models.Index(fields=["month", "id"], name="quality_by_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "month", "revision"], name="quality_revision_once"
            ),
            models.UniqueConstraint(
                fields=["product", "month"],
                condition=Q(is_current=True),
                name="one_current_quality",
            ),
            models.CheckConstraint(
                condition=Q(defective__gte=0, defective__lte=F("delivered")),
                name="defective_of_delivered",
            ),
            models.CheckConstraint(
                condition=Q(inspected=None)
                | Q(inspected__lte=F("delivered"), inspected__gte=F("defective")),
                name="defective_of_inspected",
            ),
            withdrawn_whole("quality"),
            *of_a_month("quality"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.month:%Y-%m}"

    @property
    def base(self) -> int:
        """What the defect rate is of."""
        return self.delivered if self.inspected is None else self.inspected


class SalesVolume(Figure):
    """What a customer bought in a month: pieces, or an amount in the company's currency, or both;
    of one product, or altogether."""

    KIND = InputKind.SALES

    customer = models.ForeignKey(
        "cases.Customer", on_delete=models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    product = models.ForeignKey(
        "cases.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    amount = models.DecimalField(
        _("amount"), max_digits=16, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("sales volume")
        verbose_name_plural = _("sales volumes")
        ordering = ["-month", "-pk"]
        indexes = [models.Index(fields=["month", "id"], name="sales_by_month")]
        constraints = [
            # Two of each: a database does not take an empty product for the same as another.
            models.UniqueConstraint(
                fields=["customer", "product", "month", "revision"], name="sales_revision_once"
            ),
            models.UniqueConstraint(
                fields=["customer", "month", "revision"],
                condition=Q(product=None),
                name="sales_total_revision_once",
            ),
            models.UniqueConstraint(
                fields=["customer", "product", "month"],
                condition=Q(is_current=True),
                name="one_current_sales",
            ),
            models.UniqueConstraint(
                fields=["customer", "month"],
                condition=Q(is_current=True, product=None),
                name="one_current_sales_total",
            ),
            models.CheckConstraint(
                condition=(Q(quantity__isnull=False) | Q(amount__isnull=False))
                & (Q(quantity=None) | Q(quantity__gte=0))
                & (Q(amount=None) | Q(amount__gte=0)),
                name="sales_are_not_negative",
            ),
            withdrawn_whole("sales"),
            *of_a_month("sales"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.month:%Y-%m}"
