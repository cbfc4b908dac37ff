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
    BREACH = "breach", _("Clock missed")
    GO_ON = "go_on", _("Pause is over")


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


class ClockUnit(TextChoices):
    """What a target is counted in. Eight hours at work and a working day are different things."""

    HOURS = "hours", _("working hours")
    DAYS = "days", _("working days")
    CALENDAR = "calendar", _("calendar days")


class ClockState(TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


class PauseWhy(TextChoices):
    """Whom or what a clock waits for; the first of itself, in a state of its subject."""

    STATE = "state", _("Waiting for the customer's answer")
    CUSTOMER = "customer", _("Waiting for the customer")
    PARTS = "parts", _("Waiting for parts or samples")
    OUTSIDE = "outside", _("Waiting for a third party")


class ClockEvent(TextChoices):
    """What happens to a clock, as the record names it."""

    STARTED = "started", _("%(clock)s runs until %(due)s")
    PAUSED = "paused", _("%(clock)s paused")
    RESUMED = "resumed", _("%(clock)s goes on, due %(due)s")
    MET = "met", _("%(clock)s met")
    LATE = "late", _("%(clock)s done late, it was due %(due)s")
    BREACHED = "breached", _("%(clock)s missed, it was due %(due)s")
    CANCELLED = "cancelled", _("%(clock)s ended without a result")
    MATCHED = "matched", _("%(clock)s by another rule: due %(due)s instead of %(before)s")
    EXTENDED = "extended", _("%(clock)s extended to %(due)s, before %(before)s")
    TOLD = "told", _("%(clock)s is due %(due)s")
    MOVED = "moved", _("%(clock)s moved by the calendar to %(due)s, before %(before)s")
