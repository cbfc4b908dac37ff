"""Running a command for a form of the administration; what it refuses stands at the form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form

from accounts.web.answers import show
from workflows.errors import EngineError

DONE = 303


def attempt(form: Form, run: Callable[[dict[str, Any]], Any]) -> int:
    """Give the cleaned input to `run`. DONE, or 422 for bad input, or the refusal's status."""
    if not form.is_valid():
        return 422
    try:
        run(form.cleaned_data)
    except ValidationError as problem:
        show(form, problem)
        return 422
    except EngineError as refusal:
        form.add_error(None, refusal.message)
        return refusal.status
    return DONE
