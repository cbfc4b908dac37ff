"""What keeps a person from leaving, and a department from being closed: open steps."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _, ngettext

from accounts.domain import duties
from accounts.models import Department, User
from workflows.models import Task

SHOWN = 5


def listed(numbers: list[str]) -> str:
    return ", ".join(numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")


def open_tasks(person: User) -> str | None:
    """A person with open tasks cannot be deactivated before they are handed over."""
    numbers = list(
        Task.objects.filter(owner=person, finished=None)
        .order_by("due")
        .values_list("subject_number", flat=True)[: SHOWN + 1]
    )
    if not numbers:
        return None
    return ngettext(
        "%(name)s still has an open task: %(numbers)s. Hand it over first.",
        "%(name)s still has open tasks: %(numbers)s. Hand them over first.",
        len(numbers),
    ) % {"name": person.name, "numbers": listed(numbers)}


def open_steps(department: Department) -> str | None:
    """A department in which steps still wait cannot be closed."""
    numbers = list(
        Task.objects.filter(department=department, finished=None)
        .order_by("due")
        .values_list("subject_number", flat=True)[: SHOWN + 1]
    )
    if not numbers:
        return None
    return _("Work still waits in it: %(numbers)s.") % {"numbers": listed(numbers)}


def work_of(person: User) -> Iterable[duties.OpenWork]:
    """Every open task of a person, the most urgent first, with the way to it."""
    tasks = Task.objects.filter(owner=person, finished=None).select_related("department")
    for task in tasks.order_by("due", "pk"):
        yield duties.OpenWork(
            number=task.subject_number,
            title=task.flow_task_title,
            url=address(task),
            department=task.department,
            due=task.due,
        )


def address(task: Task) -> str:
    try:
        return reverse("workflows:task", args=[task.pk])
    except NoReverseMatch:
        return ""


def register() -> None:
    if open_tasks not in duties.duties:
        duties.duties.append(open_tasks)
        duties.department_duties.append(open_steps)
        duties.open_work.append(work_of)
