from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Satisfaction")

    def ready(self) -> None:
        from workflows.domain import registry

        registry.register_subject("questionnaire", "/satisfaction/questionnaires/{number}/")
        registry.register_subject("campaign", "/satisfaction/campaigns/{number}/")
        registry.register_subject("finding", "/satisfaction/findings/{number}/")
        registry.register_subject("report", "/reports/{number}/")
        registry.register_subject("management_review", "/reviews/{number}/")
        # Flows, forms and effects register themselves when they are imported.
        from surveys import registered  # noqa: F401
