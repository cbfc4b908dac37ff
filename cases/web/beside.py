"""What runs beside the steps of a case, by its name: responses, opinions, appeals, motions."""

from typing import Any

from django.utils.translation import gettext as _

from workflows.domain import clock_plans

ICONS = {
    "response": "bell",
    "opinion": "message",
    "appeal": "scale",
    "flag": "flag",
    "clock_extension": "clock",
}
KINDS = frozenset(ICONS)


def title(subject: Any) -> str:
    """“Joint review: opinion of Assembly”."""
    if subject.SUBJECT_KIND == "response":
        return _("Immediate response: %(what)s") % {"what": subject.get_kind_display()}
    if subject.SUBJECT_KIND == "flag":
        words = _("Flag: %(flag)s") if subject.sets else _("Flag to be revoked: %(flag)s")
        return words % {"flag": subject.get_flag_display()}
    if subject.SUBJECT_KIND == "clock_extension":
        return _("More time for the clock: %(clock)s") % {"clock": clock_of(subject)}
    if subject.SUBJECT_KIND == "appeal":
        words = _("Appeal of %(department)s")
    elif subject.review_id is not None:
        words = _("Joint review: opinion of %(department)s")
    else:
        words = _("Arbitration: statement of %(department)s")
    return words % {"department": subject.department}


def clock_of(subject: Any) -> str:
    return clock_plans.title("case", subject.clock.name)


def told(subject: Any) -> str:
    """What whoever takes the step has to know: the instruction, the evidence, the grounds."""
    names = {
        "response": "instruction", "flag": "evidence", "appeal": "grounds",
        "clock_extension": "reason",
    }  # fmt: skip
    name = names.get(getattr(subject, "SUBJECT_KIND", ""), "")
    return str(getattr(subject, name)) if name else ""


def is_beside(task: Any) -> bool:
    return task.subject_kind in KINDS


def label(task: Any) -> str:
    """What a step is called where it stands among steps of other things."""
    if is_beside(task):
        return title(getattr(task.process.caseprocess, task.subject_kind))
    return str(task.flow_task.task_title)


def mark(task: Any) -> str:
    """The number of the action that a step is of; the case's own number says nothing here."""
    return "" if task.subject_kind == "case" or is_beside(task) else str(task.subject_number)
