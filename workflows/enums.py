"""Fixed words of the engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tone(TextChoices):
    """Meaning of a colour; always shown with a word or an icon as well."""

    GREY = "grey", _("waiting")
    BLUE = "blue", _("in progress")
    AMBER = "amber", _("due soon")
    RED = "red", _("overdue")
    GREEN = "green", _("done")
    PURPLE = "purple", _("confidential")


class Event(TextChoices):
    """What the engine itself writes into the record beside the outcomes of steps and acts."""

    CLAIM = "claim", _("Claimed")
    RELEASE = "release", _("Released")
    TRANSFER = "transfer", _("Transferred")
    ESCALATE = "escalate", _("Escalated")
    EDIT = "edit", _("Edited")
    CASCADE = "cascade", _("Ended together with its case")
    RESCHEDULE = "reschedule", _("Due date moved by the calendar")


class DayKind(TextChoices):
    """What a day is that differs from its week."""

    HOLIDAY = "holiday", _("Free day")
    MAKEUP = "makeup", _("Working day")
