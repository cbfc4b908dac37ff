"""What leaves the house: where to, in which words, by whose choice, and how each try went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from workflows.enums import ENDPOINT_CHANNELS, Channel, Family

BOTH = "both"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("en", _("English")),
    (BOTH, _("Chinese and English")),
]


class Endpoint(models.Model):
    """A group robot or a program that hears of events.

    The address of a robot is a key to its group: address and secret are never shown again, and
    the history leaves them out.
    """

    channel = models.CharField(
        _("channel"),
        max_length=10,
        choices=[(one.value, one.label) for one in ENDPOINT_CHANNELS],
    )
    name = models.CharField(_("name"), max_length=60, unique=True)
    address = models.CharField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=200, blank=True)
    # The kinds of events it hears.
    kinds = models.JSONField(_("events"), default=list)
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords(excluded_fields=["address", "secret"])

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """When a person wants to be left alone, and whether they want one mail a day."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="preference"
    )
    # Clock on the wall of the company; from 22:00 to 07:00 passes midnight.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("daily summary at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Choice(models.Model):
    """Where a person differs from the usual: an event they want, or do not want, on a channel."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="choices"
    )
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="one_choice_each")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.channel} {self.on}"


class MessageTemplate(models.Model):
    """The wording of an event, made on screen. The version made last holds; one without a text
    brings the built-in wording back."""

    kind = models.CharField(max_length=40)
    family = models.CharField(max_length=10, choices=Family.choices)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject line"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=4000, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "family", "language", "-id"], name="wording_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.family} {self.language}"


class Delivery(models.Model):
    """One message to one target, sent once by its key.

    It keeps what is needed to put it into words when its turn comes, so that a mended wording
    helps what failed before; what was sent stays in `subject` and `text`. `due` is the next
    moment to try. `bundle` is the daily summary that took it along.
    """

    key = models.CharField(max_length=220, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    kind = models.CharField(_("event"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name=_("person"),
    )
    endpoint = models.ForeignKey(
        Endpoint,
        on_delete=models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name=_("endpoint"),
    )
    # "user:12", "endpoint:3": what a breaker rests, and what is sent to one after another.
    target = models.CharField(max_length=40)
    language = models.CharField(_("language"), max_length=10)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_number = models.CharField(_("number"), max_length=30, blank=True)
    root_number = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    # When it happened, and whether quiet hours do not hold it.
    at = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    bundle = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="members")
    created = models.DateTimeField()
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField(null=True, blank=True)
    dead = models.DateTimeField(null=True, blank=True)
    # Nobody wants it any more: the person left, the endpoint was switched off.
    dropped = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    receipt = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["channel", "due", "id"],
                name="delivery_waiting",
                condition=Q(sent=None, dead=None, dropped=None),
            ),
            models.Index(
                fields=["channel", "-id"], name="delivery_dead", condition=Q(dead__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, endpoint__isnull=False)
                | Q(user__isnull=False, endpoint=None),
                name="delivery_has_one_target",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class DeliveryAttempt(models.Model):
    """How one try went; never changed."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    error = models.TextField(blank=True)
    receipt = models.CharField(max_length=200, blank=True)
    # Not a try itself, but who asked for further ones.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.delivery}: {self.error or self.receipt}"


class Breaker(models.Model):
    """A target, or a whole channel, that did not answer; it rests for a minute after three
    times in a row, so that its messages do not eat a time-out each."""

    target = models.CharField(max_length=40, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.target
