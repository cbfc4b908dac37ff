"""Words that scripts and small drawings show, in the reader's language."""

from django.utils.translation import gettext as _, pgettext


def of_scripts() -> dict[str, str]:
    """The texts of static/redress/*.js; `{…}` is filled in there."""
    return {
        "conflict": _("Somebody was faster. What you typed is still here."),
        "busy": _("The system is busy. What you typed is still here; try again in a moment."),
        "offline": _("No connection. What you typed is still here; try again."),
        "failed": _("That did not work. What you typed is still here."),
        "signed_out": _("You are signed out. Sign in in another tab, then try again."),
        "close": _("Close"),
        "draft_found": _("You typed something here on {time} that was not sent."),
        "draft_restore": _("Restore"),
        "draft_discard": _("Discard"),
        "drafts_lost": _("Unsent texts on this computer will be removed. Sign out?"),
        "too_large": _("{name} has {size}; at most {limit} are allowed."),
        "wrong_type": _("{name} is of a kind that is not accepted here."),
        "remove": _("Remove {name}"),
        "nothing_found": _("Nothing found"),
        "loading": _("Loading…"),
        "picture_failed": _("The process picture could not be drawn."),
        "cancel": _("Cancel"),
        "go_on": _("Continue"),
    }


def of_bar(kind: str) -> str:
    """What a stretch of a deadline bar stands for."""
    return {
        "elapsed": pgettext("deadline bar", "used"),
        "paused": pgettext("deadline bar", "paused"),
        "left": pgettext("deadline bar", "left"),
        "over": pgettext("deadline bar", "overdue"),
    }[kind]


def of_calendar(act: str) -> str:
    """What was changed in a calendar."""
    texts = {
        "seed": _("Calendar set up"),
        "day": _("Day set"),
        "week": _("Week changed"),
        "publish": _("Public holidays published"),
    }
    return texts.get(act, act)
