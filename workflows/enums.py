"""Fixed words of the engine."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


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
    WARN = "warn", _("Reminded")
    ESCALATE = "escalate", _("Escalated")
    EDIT = "edit", _("Edited")
    CASCADE = "cascade", _("Ended together with its case")
    RESCHEDULE = "reschedule", _("Due date moved by the calendar")


class DayKind(TextChoices):
    """What a day is that differs from its week."""

    HOLIDAY = "holiday", _("Free day")
    MAKEUP = "makeup", _("Working day")


class Rung(IntegerChoices):
    """How far a step that nobody finishes is brought; each higher one is told later."""

    NONE = 0, _("Nobody yet")
    OWNER = 1, _("Whom it waits for")
    HEAD = 2, _("Head of department")
    QUALITY = 3, _("Quality department")
    MANAGEMENT = 4, _("Management representative")


class Channel(TextChoices):
    """How a message leaves the house; each is a lane of its own (see domain/delivery.py)."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")
    WEBHOOK = "webhook", _("Webhook")
    # What waits here leaves once a day as one e-mail.
    DIGEST = "digest", _("Daily summary")


# What a group or a program is reached by; a person by the bell and by e-mail.
ENDPOINT_CHANNELS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU, Channel.WEBHOOK)


class Family(TextChoices):
    """Channels that share their wording."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    ROBOT = "robot", _("Group robots and webhooks")
