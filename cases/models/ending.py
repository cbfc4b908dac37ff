"""What closing an incident asks for, and how cases have to do with one another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.enums import LinkKind
from cases.models.case import Case

USER = settings.AUTH_USER_MODEL


class Closure(models.Model):
    """What was learned, written by who closes: one row for each closing of the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closures")
    lessons = models.TextField(_("lessons learned"))
    similar = models.TextField(_("similar cases looked at, and what was found"))
    changes_documents = models.BooleanField(_("the risk register or a procedure changes"))
    documents = models.TextField(_("what changes, or why nothing does"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.case.number


class CaseLink(models.Model):
    """`source` is in the relation `kind` to `target`: duplicate of, caused by, part of …

    Taken back by a date, never removed.
    """

    source = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(_("relation"), max_length=20, choices=LinkKind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link between cases")
        verbose_name_plural = _("links between cases")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(ended_at=None),
                name="one_link_per_kind",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source.number} {self.kind} {self.target.number}"
