"""Who may log inputs, and the reason that a correction or withdrawal needs."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import Problems
from surveys.permissions import may_log_inputs
from workflows.errors import Forbidden

REASON_LENGTH = 500


def guard(by: User) -> None:
    if not may_log_inputs(by):
        raise Forbidden(_("Only marketing and the quality department keep these."))


def reason_of(problems: Problems, reason: Any) -> str:
    return problems.text("reason_of_change", reason, most=REASON_LENGTH, lines=False, needed=True)
