"""What a case gathers on its way: statements, replies, comments, flags."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import Answer, Flag
from cases.models.case import Case
from cases.models.catalogue import Channel

USER = settings.AUTH_USER_MODEL


class Statement(models.Model):
    """What a department says: facts, cause and remedy; or why it is not responsible."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    facts = models.TextField(_("facts"))
    cause_text = models.TextField(_("cause"), blank=True)
    remedy = models.TextField(_("remedy"), blank=True)
    disputed = models.BooleanField(_("disputes responsibility"), default=False)
    grounds = models.TextField(_("grounds of the dispute"), blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disputed=False) & ~Q(remedy="") | Q(disputed=True) & ~Q(grounds=""),
                name="statement_remedies_or_disputes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.department}"


class Reply(models.Model):
    """What we told the customer, and what the customer answered."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        REPLY = "reply", _("Reply")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, verbose_name=_("channel"))
    text = models.TextField(_("text to the customer"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(
        _("customer's answer"), max_length=20, choices=Answer.choices, blank=True
    )
    answer_text = models.TextField(_("in the customer's words"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_kind_display()}"


class Comment(models.Model):
    """A remark between colleagues; never shown to the customer, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class FlagRecord(models.Model):
    """A confirmed or revoked flag with its evidence; `by` and `seconded_by` carried it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="flag_records")
    flag = models.CharField(_("flag"), max_length=20, choices=Flag.choices)
    confirmed = models.BooleanField(_("confirmed"))
    evidence = models.TextField(_("evidence"))
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("flag record")
        verbose_name_plural = _("flag records")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case.number}: {self.get_flag_display()}"
