"""Running a command for a form: what it refuses stands at the form, with the status it has."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form

from accounts.errors import AccountRefused

DONE = 303


def submit(form: Form, run: Callable[[dict[str, Any]], Any]) -> int:
    """Give the cleaned input to `run`. DONE, or 400 for bad input, or the status of the refusal."""
    if not form.is_valid():
        return 400
    try:
        run(form.cleaned_data)
    except ValidationError as problem:
        show(form, problem)
        return 400
    except AccountRefused as refusal:
        form.add_error(None, refusal.message)
        return refusal.status
    return DONE


def show(form: Form, problem: ValidationError) -> None:
    """Put each error at its field, or on top where the form has no such field."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, errors in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def changed(form: Form, given: dict[str, Any]) -> dict[str, Any]:
    """Only what the person changed, so that a colleague's change beside it stays."""
    return {name: given[name] for name in form.changed_data}
