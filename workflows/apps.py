from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Workflow engine")

    def ready(self) -> None:
        from workflows import checks  # noqa: F401 (registers the start-up checks)
        from workflows.domain import duties, escalation, notices  # noqa: F401 (they listen)
        from workflows.models import guard

        guard.connect()
        duties.register()
