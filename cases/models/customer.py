"""Customers and their service file (用户服务档案)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cases.enums import CustomerType
from cases.models.catalogue import CustomerClass, Product


class Customer(models.Model):
    """Who we serve. `phone_digits` is the phone without signs, for finding by any part of it."""

    name = models.CharField(_("name"), max_length=120)
    type = models.CharField(
        _("customer type"), max_length=20, choices=CustomerType.choices, default=CustomerType.END
    )
    customer_class = models.ForeignKey(
        CustomerClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("customer class"),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_digits = models.CharField(max_length=40, blank=True, editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    external_ref = models.CharField(_("external reference"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(excluded_fields=["phone_digits"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [models.Index(fields=["name"], name="customer_name")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at the customer whom we talk to."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=80)
    position = models.CharField(_("position"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_digits = models.CharField(max_length=40, blank=True, editable=False, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """A product that the customer got from us: the service file is opened by it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="deliveries")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    batch = models.CharField(_("batch or serial number"), max_length=80, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    delivered_on = models.DateField(_("delivered on"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-delivered_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.product} {self.batch}".strip()
