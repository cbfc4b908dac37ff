"""Media reports and bulletins, and goods that came back: inputs that happened on a day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.enums import OF_KIND, InputKind, PressKind, Verdict
from surveys.models.inputs import Event, once_per_source, withdrawn_whole


class PressItem(Event):
    """A report in the media about us, or a bulletin of a regulator (通报)."""

    KIND = InputKind.PRESS

    kind = models.CharField(_("kind"), max_length=20, choices=PressKind.choices)
    publisher = models.CharField(_("outlet or authority"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    published_on = models.DateField(_("published on"))
    verdict = models.CharField(_("tone or verdict"), max_length=20, choices=Verdict.choices)
    url = models.URLField(_("address"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    products = models.ManyToManyField(
        "cases.Product", through="PressProduct", related_name="+", verbose_name=_("products")
    )
    cases = models.ManyToManyField(
        "cases.Case", through="PressCase", related_name="press_items", verbose_name=_("cases")
    )

    class Meta:
        verbose_name = _("media report or bulletin")
        verbose_name_plural = _("media reports and bulletins")
        ordering = ["-published_on", "-pk"]
        indexes = [models.Index(fields=["published_on", "id"], name="press_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(*[Q(kind=kind, verdict__in=of) for kind, of in OF_KIND.items()],
                            _connector=Q.OR),
                name="press_verdict_fits_kind",
            ),
            withdrawn_whole("press"),
            once_per_source("press"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class PressProduct(models.Model):
    """A product that an item speaks of."""

    item = models.ForeignKey(PressItem, on_delete=models.PROTECT, related_name="product_links")
    product = models.ForeignKey("cases.Product", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "product"], name="press_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.product_id}"


class PressCase(models.Model):
    """A case that an item is about."""

    item = models.ForeignKey(PressItem, on_delete=models.PROTECT, related_name="case_links")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="press_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "case"], name="press_case_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.case_id}"


class ReturnedGoods(Event):
    """Goods that a customer gave back: how many pieces, why, and the case about it."""

    KIND = InputKind.RETURNS

    product = models.ForeignKey(
        "cases.Product", on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    customer = models.ForeignKey(
        "cases.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    category = models.ForeignKey(
        "cases.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    reason = models.CharField(_("reason of return"), max_length=500, blank=True)
    batch_number = models.CharField(_("batch or serial number"), max_length=80, blank=True)
    returned_on = models.DateField(_("returned on"))
    case = models.ForeignKey(
        "cases.Case",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_goods",
        verbose_name=_("case"),
    )

    class Meta:
        verbose_name = _("return of goods")
        verbose_name_plural = _("returns of goods")
        ordering = ["-returned_on", "-pk"]
        indexes = [models.Index(fields=["returned_on", "id"], name="returned_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="returned_at_least_one"),
            withdrawn_whole("returned"),
            once_per_source("returned"),
        ]

    def __str__(self) -> str:
        return f"{self.product} × {self.quantity}"
