"""The remarks under a question, the same on the screen and on paper."""

from django.utils.translation import gettext as _

from surveys.domain.questionnaires import Condition, Form, SubItem


def reason_hint(form: Form, sub: SubItem) -> str:
    """From which level on we ask why; empty where we never ask."""
    most = sub.reason_below - 1
    if most < 1:
        return ""
    if most >= 5:
        return _("Why? We ask this after every answer.")
    return _("Why? We ask this after “%(level)s” or worse.") % {"level": form.label(str(most))}


def condition_words(form: Form, condition: Condition | None) -> str:
    if condition is None:
        return ""
    names = {sub.key: sub.label for sub in form.subitems}
    return _("Only if you answered “%(question)s” with “%(level)s” or worse.") % {
        "question": names.get(condition.key, condition.key),
        "level": form.label(str(condition.at_most)),
    }
