"""An app whose only effect is outside: it tells each transition to a receiver, by its key."""

from django.apps import AppConfig


class SinkingConfig(AppConfig):
    name = "tests.chaos.sinking"
    label = "sinking"

    def ready(self) -> None:
        from django.conf import settings

        from workflows.channels.base import Message, Target
        from workflows.channels.webhook import Webhook
        from workflows.domain import outbox

        @outbox.handles("transition")
        def tell(row: outbox.Outbox) -> None:
            message = Message(row.key, "transition", "", "")
            Webhook().send(Target(settings.CHAOS_SINK, "secret"), message)
