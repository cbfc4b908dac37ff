"""Write docs/states: one page for each flow."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from workflows.domain import drawing, registry


class Command(BaseCommand):
    help = "Draw the flows and their state machines into docs/states."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "states"
        folder.mkdir(parents=True, exist_ok=True)
        for flow in registry.flows():
            (folder / f"{flow.key}.md").write_text(drawing.page(flow), encoding="utf-8")
            self.stdout.write(f"docs/states/{flow.key}.md")
