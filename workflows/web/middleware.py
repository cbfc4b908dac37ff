"""The request's name in the record, and one answer for each refusal of the engine."""

import logging
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    ValidationError,
)
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from workflows.domain import context
from workflows.errors import EngineError
from workflows.web.answers import answer

_NAMED = re.compile(r"[A-Za-z0-9-]{8,64}")
logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Names the request (X-Request-ID) and turns refusals into pages, fragments or JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identity = given if _NAMED.fullmatch(given) else secrets.token_hex(8)
        with context.request(identity):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = identity
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django for what a view raised; None lets Django answer it."""
        found = told(error)
        if found is None:
            return None
        status, message, details = found
        return answer(request, status, message, details=details)


def told(error: Exception) -> tuple[int, str, list[Any]] | None:
    """Status, sentence and details for an exception; nothing for a defect of ours."""
    if isinstance(error, EngineError):
        return error.status, str(error), error.details
    if isinstance(error, (ConcurrentTransition, TransitionNotAllowed)):
        return 409, _("The case has moved on meanwhile. Please reload the page."), []
    if isinstance(error, OperationalError):
        logger.warning("database busy: %s", error)
        return 503, _("The system is busy just now. Please try again in a moment."), []
    if isinstance(error, ValidationError):
        return 400, " ".join(error.messages), []
    if isinstance(error, RequestDataTooBig):
        return 413, _("That is more than can be sent at once."), []
    if isinstance(error, (TooManyFieldsSent, SuspiciousOperation)):
        return 400, _("The request could not be understood."), []
    if isinstance(error, PermissionDenied):
        return 403, _("This belongs to another role."), []
    return None
