"""Catalogues that an administrator keeps: channels, categories, causes, classes, products."""

from django.db import models
from django.utils.translation import get_language, gettext_lazy as _


class Entry(models.Model):
    """A named entry in two languages; switched off, never removed."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        if self.name_en and not (get_language() or "").startswith("zh"):
            return self.name_en
        return self.name


class Channel(Entry):
    """How feedback reached us: phone, counter, e-mail, …"""

    class Meta(Entry.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")


class Category(Entry):
    """What a complaint is about; proposes the department that answers for it."""

    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usually responsible"),
    )

    class Meta(Entry.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class Cause(Entry):
    """Why it happened, found by the review."""

    class Meta(Entry.Meta):
        verbose_name = _("cause")
        verbose_name_plural = _("causes")


class CustomerClass(Entry):
    """How customers are classed (分类管理)."""

    class Meta(Entry.Meta):
        verbose_name = _("customer class")
        verbose_name_plural = _("customer classes")


class Product(Entry):
    """A node of the product tree: line, family, model. `path` is like "/3/17/"."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent product"),
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usually responsible"),
    )
    path = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["path"]
