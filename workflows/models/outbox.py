"""What must happen after a commit, written inside it, and who is told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """One effect to carry out at least once, named by `key` so that it counts once."""

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    created = models.DateTimeField()
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent = models.DateTimeField(null=True, blank=True)
    dead = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due", "id"], name="outbox_waiting", condition=Q(sent=None, dead=None)
            ),
            models.Index(fields=["dead"], name="outbox_dead", condition=Q(dead__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class Lease(models.Model):
    """Whose turn some regular work is; it is nobody's again after `until`."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=120)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"


class Round(models.Model):
    """The last sign of life of a lane of the background work, or of Celery's clock ("beat")."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%F %T}"


class Notification(models.Model):
    """One line behind the bell of one person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(max_length=160, unique=True)
    subject_kind = models.CharField(max_length=20)
    subject_number = models.CharField(max_length=30)
    root_number = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # By which channel the person's choices asked for it beside the bell: has a delivery row.
    channel = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-id"], name="bell_unread", condition=Q(read_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.subject_number}"
