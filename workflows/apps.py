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
        self.register_sections()

    def register_sections(self) -> None:
        """What the engine adds to the administration."""
        from accounts.permissions import may_keep_rules
        from accounts.web.places import Section, register

        page = "workflows:calendars"
        register(Section("calendars", _("Calendars"), "calendar-event", page, may_keep_rules))
