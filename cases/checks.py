"""Start-up checks: what an administrator names must be there."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def the_word_template_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.WORD_TEMPLATE:
        return []
    from cases.documents import word_template

    problem = word_template.problem(settings.WORD_TEMPLATE)
    return [Error(f"REDRESS_WORD_TEMPLATE: {problem}", id="cases.E001")] if problem else []
