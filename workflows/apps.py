from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Workflow engine")

    def ready(self) -> None:
        from workflows import checks  # noqa: F401 (registers the start-up checks)
        from workflows.domain import (  # noqa: F401 (they listen, or do regular work)
            clock_invariants,
            clock_keeping,
            digests,
            duties,
            escalation_clocks,
            escalation_steps,
            invariants_delivery,
            notices,
        )
        from workflows.models import guard

        self.check_outbound()
        guard.connect()
        duties.register()
        self.register_sections()

    def check_outbound(self) -> None:
        """Nonsense among the hosts that messages may be sent to is refused at the start."""
        from workflows.channels.addresses import Allowed

        try:
            Allowed.read(settings.OUTBOUND_ALLOW)
        except ValueError as error:
            raise ImproperlyConfigured(f"REDRESS_OUTBOUND_ALLOW: {error}")

    def register_sections(self) -> None:
        """What the engine adds to the administration."""
        from accounts.permissions import may_keep_rules
        from accounts.web.places import Section, register
        from workflows.permissions import may_operate

        page = "workflows:calendars"
        register(Section("calendars", _("Calendars"), "calendar-event", page, may_keep_rules))
        page = "workflows:deliveries"
        register(Section("delivery", _("Messages"), "send", page, may_operate))
