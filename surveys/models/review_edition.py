"""What a management review has to look at, by the edition of the standard: rows, not code."""

from django.db import models
from django.utils.translation import get_language, gettext_lazy as _


def chosen(name: str, name_en: str) -> str:
    """What is data in two languages, in the reader's; the Chinese where no English is given."""
    chinese = (get_language() or "").startswith("zh")
    return name if chinese or not name_en else name_en


class ReviewEdition(models.Model):
    """An edition of the standard; `holds_from` orders them, the latest one that holds is
    proposed."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    holds_from = models.DateField(_("holds from"))

    class Meta:
        verbose_name = _("edition of the agenda")
        verbose_name_plural = _("editions of the agenda")

    def __str__(self) -> str:
        return chosen(self.name, self.name_en)


class ReviewTopic(models.Model):
    """One input that the edition asks for. `compilers` names what compiles it; the empty list is
    for what the system does not know. One that is not `required` may stay empty."""

    edition = models.ForeignKey(ReviewEdition, on_delete=models.PROTECT, related_name="topics")
    position = models.PositiveSmallIntegerField()
    clause = models.CharField(_("clause"), max_length=30)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    compilers = models.JSONField(default=list, blank=True)
    required = models.BooleanField(_("required"), default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "clause"], name="topic_once_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.clause} {chosen(self.title, self.title_en)}"
