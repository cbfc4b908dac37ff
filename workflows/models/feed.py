"""The address at which somebody's own calendar program reads what is due."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """One a person. Of the address only the SHA-256 of its 128 random bits is kept, so it is
    shown once; a new one makes the old one worthless. `with_pool` adds what may be claimed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    with_pool = models.BooleanField(_("also what waits for my departments"), default=False)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.user)
