from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from cases import clocks as clock_table
        from workflows.domain import notices, registry

        registry.register_subject("case", "/cases/{number}/")
        registry.register_subject("action", "/actions/{number}/")
        registry.register_subject("extension", "/actions/{number}/")
        for kind in ("response", "opinion", "appeal", "flag", "clock_extension"):
            registry.register_subject(kind, "/cases/{number}/")
        from cases import checks  # noqa: F401

        clock_table.register()
        # Flows register themselves with the engine when they are imported.
        from cases.domain import (  # noqa: F401
            alerts,
            invariants,
            invariants_actions,
            invariants_incidents,
            invariants_links,
        )
        from cases.flows import (  # noqa: F401
            beside,
            clocks as clock_flows,
            complaint,
            corrective_action,
            feedback,
            improvement,
            incident,
        )

        notices.WORDS.update(alerts.WORDS)
        notices.URGENT.update(alerts.URGENT)
        self.register_sections()

    def register_sections(self) -> None:
        """What cases add to the administration."""
        from accounts.permissions import may_keep_rules
        from accounts.web.places import Section, register

        for key, label, icon in (
            ("catalogues", _("Catalogues"), "list"),
            ("policies", _("Policies"), "versions"),
        ):
            register(Section(key, label, icon, f"cases:{key}", may_keep_rules))
